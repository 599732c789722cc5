"""How a release spreads among 20 followers that each know two peers, 50 ms away.

    python3 tests/bench/fanout.py --build build       (root, iproute2, /dev/net/tun)

Every daemon has a network namespace of its own. A packet takes 50 ms from any to
any, so an answer takes 100 ms; --delay and --rate set other lines. Peers are
given with --peer: a connected random graph, the same each time; no DHT, no LSD.
`head` is when the last follower knew of the release, `searchable` when search
found its article at the last one, both from the return of `colport-press
release`. `sent` is what the publisher's daemon sent, by the bytes that the
release added to the feed.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

import bench_support as bench
from slow_network import SlowNetwork


def peers_of(count, seed):
    """For each of 1..count two others; 0 is the publisher. Everybody can reach everybody."""
    source = random.Random(seed)
    while True:
        known = {node: source.sample([n for n in range(count + 1) if n != node], 2)
                 for node in range(1, count + 1)}
        reached, frontier = {0}, [0]
        while frontier:
            node = frontier.pop()
            beside = set(known.get(node, [])) | {n for n in known if node in known[n]}
            frontier += beside - reached
            reached |= beside
        if len(reached) == count + 1:
            return known


class Watch(threading.Thread):
    """Notes when one follower knew of release `seq`, and when it found `mark`."""

    def __init__(self, data, seq, mark, end):
        super().__init__()
        self.data, self.seq, self.mark, self.end = data, seq, mark, end
        self.head = self.whole = self.found = None
        self.start()

    def run(self):
        # The status is a second old at times; the archive never is.
        archive = sqlite3.connect(f"file:{self.data / 'archive.sqlite'}?mode=ro", uri=True,
                                  timeout=5)
        control = bench.Control(self.data)
        while self.found is None and time.monotonic() < self.end:
            if self.head is None:
                seen, = archive.execute("SELECT seen_seq FROM feeds").fetchone()
                if seen >= self.seq:
                    self.head = time.monotonic()
            if self.head:
                if self.found is None and control.found(self.mark):
                    self.found = time.monotonic()
            time.sleep(0.05)
        while self.whole is None and time.monotonic() < self.end:
            feed = control.status()["feeds"][0]
            if feed["seq"] >= self.seq and feed["state"] == "current":
                self.whole = time.monotonic()
            time.sleep(0.05)


class Fanout:
    def __init__(self, arguments, harness, work, hosts):
        self.arguments, self.harness = arguments, harness
        self.root = work / "newsroom"
        self.writer = bench.Writer(self.root, harness.BIN, 7)
        self.writer.command("init", self.root, "--name", "The Harbour Gazette", "--language",
                            "en", "--no-passphrase")
        self.writer.add(lambda make: [make() for _ in range(50)])
        self.writer.release()
        self.seed, *self.followers = self.daemons = [
            self.daemon(work, number, *hosts.add()) for number in range(arguments.followers + 1)]
        self.known = peers_of(arguments.followers, arguments.graph)

    def daemon(self, work, number, host, address):
        out = self.harness.Daemon(work / f"node-{number}", "--listen", f"{address}:6881")
        out.wrap = ["ip", "netns", "exec", host]
        out.peer = f"{address}:6881"
        return out

    def start(self):
        self.seed.start("--follow", self.root / "public")
        link = (self.root / "public" / "link.txt").read_text().strip()

        def start(number):
            peers = [w for n in self.known[number] for w in ("--peer", self.daemons[n].peer)]
            self.daemons[number].start("--follow", link, *peers)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(start, self.known))
        self.controls = [bench.Control(d.data) for d in self.daemons]
        self.harness.wait_for("the first release everywhere", self.all_current, 120)
        # Those that peers told each other of are met meanwhile.
        time.sleep(self.arguments.settle)

    def all_current(self):
        feeds = [c.status()["feeds"] for c in self.controls]
        return all(f and f[0]["state"] == "current" and f[0]["seq"] > 0 for f in feeds)

    def release(self, name, text_bytes, picture_bytes, pictures):
        mark = f"mark{time.time_ns():x}"
        self.writer.add(lambda make: [make(mark, text_bytes, picture_bytes, pictures)])
        before_files = bench.feed_bytes(self.root)
        seq = self.controls[1].status()["feeds"][0]["seq"] + 1
        before = [c.status() for c in self.controls]
        end = time.monotonic() + self.arguments.patience
        watches = [Watch(d.data, seq, mark, end) for d in self.followers]
        self.writer.release()
        released = time.monotonic()
        for watch in watches:
            watch.join()
        time.sleep(2)
        after = [c.status() for c in self.controls]
        size = bench.feed_bytes(self.root) - before_files
        sent = after[0]["bytes_sent"] - before[0]["bytes_sent"]
        most = max(a["bytes_sent"] - b["bytes_sent"] for a, b in zip(after[1:], before[1:]))
        received = sum(a["bytes_received"] - b["bytes_received"]
                       for a, b in zip(after[1:], before[1:]))

        def last(times):
            if None in times:
                return f"{times.count(None)} never"
            return f"{max(times) - released:.2f}"
        heads = [w.head for w in watches]
        middle = "" if None in heads else f"{sorted(heads)[len(heads) // 2] - released:.2f}"
        # The bundle's article is there before its pictures: whole is the last file.
        return (name, size, middle, last(heads), last([w.found for w in watches]),
                last([w.whole for w in watches]), f"{sent / size:.2f}", f"{most / size:.2f}",
                f"{received / size / len(self.followers):.2f}")


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--followers", type=int, default=20)
    parser.add_argument("--graph", type=int, default=1, help="seed of the random graph")
    parser.add_argument("--delay", type=float, default=50, help="ms each way (default: 50)")
    parser.add_argument("--rate", type=float, default=0, help="Mbit/s that each can send")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--settle", type=float, default=10, help="seconds before the release")
    parser.add_argument("--patience", type=int, default=120)
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        sys.exit("needs root and /dev/net/tun")
    work = pathlib.Path(tempfile.mkdtemp(prefix="fanout-", dir=arguments.work))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, work, True)
        hosts = SlowNetwork(arguments.delay / 1000, arguments.rate * 125_000 or None)
        stack.callback(hosts.remove)
        fanout = Fanout(arguments, harness, work, hosts)
        hosts.start()
        stack.callback(lambda: [d.kill() for d in fanout.daemons if d.process])
        fanout.start()
        rows = []
        for _ in range(arguments.runs):
            rows.append(fanout.release("60 KB", 2000, 57_000, 1))
            rows.append(fanout.release("20 MB", 2000, 1_000_000, 20))
        degrees = [c.status()["feeds"][0]["peers"] for c in fanout.controls]
    print(f"{arguments.followers} followers, {arguments.delay:g} ms each way, peers at the door: "
          f"publisher {degrees[0]}, followers {min(degrees[1:])} to {max(degrees[1:])}")
    bench.table(["release", "bytes", "head median", "head last", "searchable last", "whole last",
                 "publisher sent", "most by one", "received each"], rows)


if __name__ == "__main__":
    main()
