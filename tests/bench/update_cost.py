"""What one new article costs a follower, by the size of the archive it holds.

    python3 tests/bench/update_cost.py --build build --work /var/tmp/colport-bench [--large]

A follower holds the whole feed; then an article of about 60 KB is released.
`received` is what its daemon received from just before the release until the
article was found there, protocol included; `seconds` runs from the return of
`colport-press release`; blocks (16 KiB) are those that libtorrent read from
disk at the seed and at the follower. The same is asked of a feed of 2 sealed
volumes and of one of 40, which must cost the same. --large adds 5 GB.
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

import bench_support as bench


def prime(harness, root, data):
    """Puts the feed's volumes where a follower will look for them."""
    link = (root / "public" / "link.txt").read_text()
    key = re.search(r"xs=urn:btpk:([0-9a-f]{64})", link).group(1)
    volumes = data / "feeds" / key / "volumes"
    # A follower never writes into a whole file, so both may share it.
    shutil.copytree(root / "public" / "volumes", volumes, copy_function=os.link,
                    ignore=lambda _, names: [n for n in names if ".torrent" in n])
    os.chmod(volumes, 0o700)


def settled(status):
    feed = status["feeds"][0]
    return feed["state"] == "current" and 0 < feed["pieces_total"] == feed["pieces_have"]


def quiet(control):
    """The status once hardly anything arrives: gossip about the last release is over then."""
    before = control.status()
    while True:
        time.sleep(2.5)
        now = control.status()
        if now["bytes_received"] - before["bytes_received"] < 100:
            return now
        before = now


def measure(harness, arguments, original, name):
    work = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=arguments.work))
    seed, reader = harness.Daemon(work / "seed"), harness.Daemon(work / "reader")
    try:
        root = bench.copy_newsroom(original, work / original.name)
        writer = bench.Writer(root, harness.BIN, time.time_ns())
        prime(harness, root, reader.data)
        seed.start("--follow", root / "public")
        here = bench.Control(seed.data)
        harness.wait_for("the seed", lambda: settled(here.status()), arguments.patience)
        link = (root / "public" / "link.txt").read_text().strip() + f"&x.pe={seed.address}"
        reader.start("--follow", link)
        there = bench.Control(reader.data)
        harness.wait_for("the follower", lambda: settled(there.status()), arguments.patience)
        primed = there.status()["feeds"][0]["payload_received"]
        assert primed < 1000, f"the follower fetched {primed} bytes that it had"
        mark = f"mark{time.time_ns():x}"
        writer.add(lambda make: [make(mark, text_bytes=2000, picture_bytes=57_000)])
        before_here, before_there = quiet(here), quiet(there)
        files = bench.feed_bytes(root)
        writer.release()
        released = time.monotonic()
        harness.wait_for("the article", lambda: there.found(mark), 60)
        seconds = time.monotonic() - released
        payload = bench.feed_bytes(root) - files
        torrents = list((root / "public" / "volumes").glob("*.torrent"))
        after_here, after_there = quiet(here), quiet(there)
        received = after_there["bytes_received"] - before_there["bytes_received"]
        blocks = [after["blocks_read"] - before["blocks_read"] for after, before in
                  ((after_here, before_here), (after_there, before_there))]
        hashed = after_there["blocks_hashed"] - before_there["blocks_hashed"]
        return (name, f"{files / bench.MB:.0f}", len(torrents), payload, received,
                received - payload, f"{seconds:.2f}", *blocks, hashed)
    finally:
        for daemon in (reader, seed):
            if daemon.process:
                daemon.kill()
        shutil.rmtree(work, ignore_errors=True)


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--large", action="store_true", help="5 GB too")
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 500], metavar="MB")
    parser.add_argument("--patience", type=int, default=600)
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    feeds = [(f"{size} MB", f"feed-{size}", size * bench.MB, [], {})
             for size in arguments.sizes + ([5000] if arguments.large else [])]
    # Each release fills its volume but the last, which begins one.
    feeds += [(f"{count} sealed", f"sealed-{count}", count * bench.MB + bench.MB // 2,
               ["--volume-size", 800_000], {"each": bench.MB}) for count in (2, 40)]
    rows = []
    for name, folder, size, options, more in feeds:
        root = bench.newsroom(arguments, folder, size, *options, **more)
        rows.append(measure(harness, arguments, root, name))
        print(*rows[-1], file=sys.stderr)
    bench.table(["archive", "MB", "volumes", "new bytes", "received", "overhead", "seconds",
                 "seed blocks", "own blocks", "hashed"], rows)


if __name__ == "__main__":
    main()
