"""A mirror of a thousand feeds: memory, open files, time to start, work when idle.

    python3 tests/bench/many_feeds.py --build build --work /var/tmp/colport-bench

Each feed has three volumes of one article. One colportd serves the feeds out of
their directories, a second one, the mirror, follows all their links and fetches
them; then the mirror is started again, and its second life is what is measured:
`serving` is when every volume of every feed can be asked for, and `CPU` what that
took; `idle` what it costs when all peers that the tracker named were called, announces
to trackers among it. Everything happens on loopback, without DHT and LSD; one tracker
of our own stands for the world.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import time

import bench_support as bench


def make_feeds(arguments, count):
    """Newsrooms of three volumes each, made once and kept."""
    root = arguments.work / "many-feeds"
    run = pathlib.Path(os.environ["COLPORT_BIN"])
    for number in range(count):
        newsroom = root / f"{number:04}"
        if (newsroom / "made").exists():
            continue
        shutil.rmtree(newsroom, ignore_errors=True)
        newsroom.parent.mkdir(parents=True, exist_ok=True)
        writer = bench.Writer(newsroom, run, number)
        writer.command("init", newsroom, "--name", f"Gazette {number}", "--language", "en",
                       "--no-passphrase")
        for _ in range(3):
            writer.add(lambda make: [make(text_bytes=3000)])
            writer.release("--volume-size", 1024)
        (newsroom / "made").touch()
        if number % 50 == 49:
            print(f"{number + 1} feeds made", file=sys.stderr)
    return [root / f"{number:04}" / "public" for number in range(count)]


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def serves_all(control, count):
    status = control.status()
    return len(status["feeds"]) == count and all(
        f["state"] in ("current", "stale") and f["complete"]
        and f["pieces_have"] == f["pieces_total"] > 0 for f in status["feeds"])


def traffic(control):
    status = control.status()
    return status["bytes_received"] + status["bytes_sent"]


def wait(what, check, patience):
    end = time.monotonic() + patience
    while not check():
        if time.monotonic() > end:
            sys.exit(f"waited {patience} s in vain for {what}")
        time.sleep(1)   # an answer of megabytes, which costs the daemon too
    return time.monotonic()


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--idle", type=int, default=60, help="seconds (default: %(default)s)")
    parser.add_argument("--settle", type=int, default=180,
                        help="seconds before that (default: %(default)s)")
    parser.add_argument("--patience", type=int, default=1200)
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    from tracker import Tracker
    feeds = make_feeds(arguments, arguments.feeds)
    tracker = Tracker(interval=1800)
    work = pathlib.Path(tempfile.mkdtemp(prefix="many-", dir=arguments.work))
    seed, mirror = harness.Daemon(work / "seed"), harness.Daemon(work / "mirror")
    seed.patience = mirror.patience = arguments.patience
    try:
        begun = time.monotonic()
        seed.start(*[word for feed in feeds for word in ("--follow", feed)])
        here = bench.Control(seed.data)
        at = wait("the seed", lambda: serves_all(here, len(feeds)), arguments.patience)
        print(f"seed ready after {at - begun:.1f} s", file=sys.stderr)
        links = [f"{(feed / 'link.txt').read_text().strip()}&x.pe={seed.address}&tr={tracker.url}"
                 for feed in feeds]
        begun = time.monotonic()
        mirror.start(*[word for link in links for word in ("--follow", link)])
        there = bench.Control(mirror.data)
        at = wait("the mirror", lambda: serves_all(there, len(feeds)), arguments.patience)
        print(f"mirror has all after {at - begun:.1f} s, peak "
              f"{bench.peak_mib(mirror.process.pid):.0f} MiB", file=sys.stderr)
        begun = time.monotonic()
        mirror.stop(60)
        print(f"mirror stopped after {time.monotonic() - begun:.1f} s", file=sys.stderr)
        asked_before = tracker.announces
        begun = time.monotonic()
        mirror.start()
        there = bench.Control(mirror.data)
        at = wait("the mirror again", lambda: serves_all(there, len(feeds)), arguments.patience)
        pid = mirror.process.pid
        started = bench.cpu_seconds(pid)
        blocks = there.status()["blocks_read"]
        time.sleep(arguments.settle)
        asked, cpu, wire = tracker.announces, bench.cpu_seconds(pid), traffic(there)
        time.sleep(arguments.idle)
        spent, sent = bench.cpu_seconds(pid) - cpu, traffic(there) - wire
        print(f"{len(feeds)} feeds of 3 volumes")
        bench.table(
            ["serving s", "CPU s", "blocks read", "resident MiB", "peak MiB", "open files", "idle CPU %",
             "idle bytes/s", "announces at start", "idle announces"],
            [[f"{at - begun:.1f}", f"{started:.1f}", blocks, f"{mirror.resident_kib() / 1024:.0f}",
              f"{bench.peak_mib(pid):.0f}", open_files(pid),
              f"{100 * spent / arguments.idle:.1f}",
              f"{sent / arguments.idle:.0f}", asked - asked_before, tracker.announces - asked]])
    finally:
        for daemon in (mirror, seed):
            if daemon.process:
                daemon.kill()
        tracker.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
