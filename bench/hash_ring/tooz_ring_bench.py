"""The work of hash_ring_bench.cpp done by python3-tooz: "WORK NODES COUNT" a line in, seconds for
each single operation a line out; ends with its input."""

import sys
import time

from tooz import hashring


def names(count):
    return [b"node-%d" % i for i in range(count)]


def build(ring, nodes, count):
    for _ in range(count):
        hashring.HashRing(names(nodes))


def change(ring, nodes, count):
    for _ in range(count):
        ring.add_node(b"fresh")
        ring.remove_node(b"fresh")


def owner(ring, nodes, count):
    for i in range(count):
        ring.get_nodes(b"key-%d" % i)


def replicas(ring, nodes, count):
    for i in range(count):
        ring.get_nodes(b"key-%d" % i, replicas=3)


def main():
    works = {work.__name__: work for work in (build, change, owner, replicas)}
    for line in sys.stdin:
        work, nodes, count = line.split()
        ring = hashring.HashRing(names(int(nodes)))
        start = time.perf_counter()
        works[work](ring, int(nodes), int(count))
        print((time.perf_counter() - start) / int(count), flush=True)


main()
