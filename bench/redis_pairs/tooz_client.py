"""Takes and gives up one lock through python3-tooz.

A number of pairs a line in, pairs a second a line out; ends with its input. The argument is the
port of a redis-server on this machine.
"""

import sys
import time

from tooz import coordination


def main():
    coordinator = coordination.get_coordinator("redis://127.0.0.1:" + sys.argv[1], b"tooz")
    coordinator.start()
    lock = coordinator.get_lock(b"tooz")
    for line in sys.stdin:
        pairs = int(line)
        start = time.perf_counter()
        for _ in range(pairs):
            assert lock.acquire(blocking=False)
            assert lock.release()
        print(pairs / (time.perf_counter() - start), flush=True)
    coordinator.stop()


main()
