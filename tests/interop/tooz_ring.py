"""What python3-tooz's HashRing answers: one ring a line, as JSON, all drawn from a seed.

The arguments are a mode, the seed and a number of rings. A ring is
{"partitions", "history": [["add", node, weight] or ["remove", node, 0]...], "nodes", "size",
"lookups": [[key, ignored nodes, replicas, nodes]...]}; nodes and keys are bytes in hexadecimal.

Modes: plain, with histories in which nodes come, go and grow; repeats, of nodes whose names repeat
one text, added from the shortest to the longest.
"""

import json
import random
import sys

from tooz import hashring

LOOKUPS = 60


def any_bytes(draw, length_max):
    return draw.randbytes(draw.randint(0, length_max))


def any_node(draw):
    """Text or bytes, also not UTF-8; none is a repetition of another."""
    kind = draw.randrange(3)
    if kind == 0:
        return "worker-%d" % draw.randrange(10**6)
    if kind == 1:
        return "caf\u00e9 \u4e16\u754c %d" % draw.randrange(10**6)
    return b"\xff\x00" + any_bytes(draw, 150) + b"\xfe"


def to_hex(node):
    return (node.encode() if isinstance(node, str) else node).hex()


class Ring:
    def __init__(self, partitions):
        self.ring = hashring.HashRing([], partitions=partitions)
        self.partitions = partitions
        self.history = []

    def add(self, node, weight):
        self.ring.add_node(node, weight)
        self.history.append(["add", to_hex(node), weight])

    def remove(self, node):
        self.ring.remove_node(node)
        self.history.append(["remove", to_hex(node), 0])

    def lookup(self, draw):
        nodes = sorted(self.ring.nodes, key=to_hex)
        key = any_bytes(draw, 80)
        ignored = draw.sample(nodes, draw.randint(0, len(nodes))) if draw.random() < 0.5 else []
        if draw.random() < 0.1:
            ignored.append("stranger")
        replicas = draw.choice([1, 1, 2, 3, len(nodes), len(nodes) + 2])
        if replicas == 1 and not ignored:
            found = self.ring[key]
        else:
            found = self.ring.get_nodes(key, ignore_nodes=ignored, replicas=replicas)
        return [key.hex(), [to_hex(n) for n in ignored], replicas, sorted(map(to_hex, found))]

    def print(self, draw):
        print(json.dumps({
            "partitions": self.partitions,
            "history": self.history,
            "nodes": {to_hex(node): weight for node, weight in self.ring.nodes.items()},
            "size": len(self.ring),
            "lookups": [self.lookup(draw) for _ in range(LOOKUPS)],
        }))


def plain(draw):
    ring = Ring(draw.choice([1, 2, 7, 32, 32, 64]))
    for _ in range(draw.randint(0, 25)):
        nodes = sorted(ring.ring.nodes, key=to_hex)
        action = draw.random()
        if nodes and action < 0.2:
            ring.remove(draw.choice(nodes))
        elif nodes and action < 0.3:
            # Never lighter: tooz keeps the points that a lower weight lacks.
            node = draw.choice(nodes)
            ring.add(node, ring.ring.nodes[node] + draw.randint(0, 3))
        else:
            ring.add(any_node(draw), draw.choice([1, 1, 2, 3, 10]))
    return ring


def repeats(draw):
    ring = Ring(draw.choice([3, 32]))
    text = draw.choice([b"1", b"ab", b"\xff"])
    for times in sorted(draw.sample(range(1, 13), draw.randint(2, 8))):
        ring.add(text * times, draw.choice([1, 1, 2, 3]))
    return ring


def main():
    mode = {"plain": plain, "repeats": repeats}[sys.argv[1]]
    draw = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        mode(draw).print(draw)


main()
