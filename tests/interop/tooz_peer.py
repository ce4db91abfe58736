"""One python3-tooz process, driven by a test: a JSON command a line in, a JSON answer a line out.

Names, member ids and group ids are bytes, as tooz wants them. An exception of tooz is an answer,
{"error": its class}: the test decides what it expected.
"""

import json
import sys

import redis
from tooz import coordination


class Peer:
    def __init__(self):
        self.coordinator = None
        self.locks = {}
        self.leading = set()
        self.ledger = None

    def start(self, url, member, port):
        self.coordinator = coordination.get_coordinator(url, member.encode())
        self.coordinator.start()
        self.ledger = redis.Redis(port=port) if port else None

    def stop(self):
        self.coordinator.stop()

    def heartbeat(self):
        self.coordinator.heartbeat()

    def create_group(self, group):
        self.coordinator.create_group(group.encode()).get()

    def join(self, group, capabilities):
        self.coordinator.join_group(group.encode(), capabilities).get()

    def leave(self, group):
        self.coordinator.leave_group(group.encode()).get()

    def members(self, group):
        return sorted(m.decode() for m in self.coordinator.get_members(group.encode()).get())

    def groups(self):
        return sorted(g.decode() for g in self.coordinator.get_groups().get())

    def capabilities(self, group, member):
        return self.coordinator.get_member_capabilities(group.encode(), member.encode()).get()

    def acquire(self, name, blocking, text=False):
        """With `text` the lock is named by a str, which Debian's tooz spells otherwise."""
        lock = self.coordinator.get_lock(name if text else name.encode())
        return self.locks.setdefault(name, lock).acquire(blocking=blocking)

    def release(self, name):
        return self.locks[name].release()

    def contend(self, name, hand_overs):
        """Takes and releases a lock until the ledger has counted `hand_overs`: handover_test.cpp."""
        while not self.finished(hand_overs):
            if not self.acquire(name, blocking=False):
                continue
            if not self.finished(hand_overs):
                self.enter()
                self.ledger.decr("ledger:inside")
            self.release(name)

    def finished(self, hand_overs):
        return int(self.ledger.get("ledger:hand-overs") or 0) >= hand_overs

    def enter(self):
        if self.ledger.incr("ledger:inside") != 1:
            self.ledger.incr("ledger:overlaps")
        if self.ledger.getset("ledger:last", "tooz") == b"native":
            self.ledger.incr("ledger:hand-overs")

    def watch_election(self, group):
        self.coordinator.watch_elected_as_leader(
            group.encode(), lambda event: self.leading.add(event.group_id.decode()))

    def campaign(self, group):
        self.coordinator.run_watchers()
        return group in self.leading


def main():
    peer = Peer()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": getattr(peer, request.pop("do"))(**request)}
        except Exception as error:  # the test judges it
            answer = {"error": type(error).__name__, "text": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
