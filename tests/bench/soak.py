"""Two years of a mirror in some minutes: does anything grow, and is anything lost?

    python3 tests/bench/soak.py --build build [--releases 500] [--seed 1]

A newsroom releases one to three articles every day and a half of a simulated
time, in volumes of some releases. A seed reads its directory in place; a mirror
with a quota follows the seed, and both clocks are moved. Now and then the mirror
is restarted, killed, cut off, its clock jumps back and forth, or the seed freezes;
the signing key is replaced every 80 days, and once revoked. At the end the mirror's
memory, descriptors and disk are compared with those of the second third, and every
article of the volumes that it keeps has to be found by search and read; of the
others none. Needs a C compiler.
"""

import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import bench_support as bench

STEP = 1.46 * 86400     # 500 of these are two years
VOLUME = 300_000        # bytes, a dictionary of 112 KiB among them
ROTATION = 55           # releases that a signing key signs
PATIENCE = 900


class Clock:
    """A time that programs are made to believe, as an offset in a file."""

    def __init__(self, work):
        self.path = work / "clock"
        self.path.write_bytes(bytes(8))
        library = work / "moved_clock.so"
        subprocess.run(["cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", library,
                        bench.SOURCE / "tests/support/moved_clock.c"], check=True)
        self.environment = {"LD_PRELOAD": str(library), "MOVED_CLOCK": str(self.path)}
        self.offset = 0

    def set(self, offset):
        self.offset = int(offset)
        # In place: whoever runs has it mapped.
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=q", self.offset))

    def __enter__(self):
        os.environ.update(self.environment)

    def __exit__(self, *_):
        for name in self.environment:
            os.environ.pop(name, None)


def counted(daemon, data):
    pid = daemon.process.pid
    memory = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
    files = sum(1 for _ in pathlib.Path(f"/proc/{pid}/fd").iterdir())
    disk = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    return int(memory.group(1)) / 1024, files, disk / 1024


def text_of(source):
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(source.choices(letters, k=source.randint(3, 9))) for _ in range(400))


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--releases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quota", default="1M")
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    source = random.Random(arguments.seed)
    work = pathlib.Path(tempfile.mkdtemp(prefix="soak-", dir=arguments.work))
    clock = Clock(work)
    press = harness.Press(work / "newsroom")
    seed, mirror = (harness.Daemon(work / name, "--listen", f"127.0.0.1:{harness.free_port()}")
                    for name in ("seed", "mirror"))
    mirror.options += ["--quota", arguments.quota]
    counts = dict.fromkeys(("restarts", "kills", "freezes", "cuts", "jumps", "rotations",
                            "revocations"), 0)
    waits = []           # seconds that a release took to arrive
    published = {}       # marker word: release
    marks = []

    def start():
        with clock:
            mirror.start()

    def wait_for(number, *, complete=False):
        begun = time.monotonic()
        harness.wait_for(f"release {number}", lambda: (feed := mirror.feed())["seq"] >= number and
                         (feed["complete"] or not complete), PATIENCE)
        waits.append((time.monotonic() - begun, number))
        if waits[-1][0] > 30:
            print(f"release {number} took {waits[-1][0]:.0f} s", flush=True)

    def change_key(number):
        withdrawn = number // ROTATION == arguments.releases // ROTATION // 2
        counts["revocations" if withdrawn else "rotations"] += 1
        harness.run("colport-press", "key", "revoke" if withdrawn else "rotate", press.root,
                    "--no-passphrase")

    try:
        with clock:
            press.add({"text": "Before all."})
            press.release()
            seed.start("--follow", press.public)
        start()
        mirror.colport("follow", press.link(seed.address))
        for number in range(2, arguments.releases + 2):
            clock.set(clock.offset + STEP)
            articles = []
            for _ in range(source.randint(1, 3)):
                word = "mark" + "".join(source.choices("bcdfghjklmnpqrstvwxz", k=10))
                articles.append({"title": f"{word} of release {number}", "text": text_of(source),
                                 "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(
                                     time.time() + clock.offset))})
            event = source.random()
            if event < 0.04:
                counts["kills"] += 1
                mirror.kill()
            elif event < 0.08:
                counts["restarts"] += 1
                mirror.stop()
            elif event < 0.11:
                counts["cuts"] += 1
                mirror.colport("mode", "offline")
            elif event < 0.14:
                counts["freezes"] += 1
                os.kill(seed.process.pid, signal.SIGSTOP)
            elif event < 0.16:
                counts["jumps"] += 1
                clock.set(clock.offset - 3 * 86400)
                time.sleep(1.2)
                clock.set(clock.offset + 3 * 86400)
            with clock:
                if number % ROTATION == 0:
                    change_key(number)
                press.add(*articles)
                # A new key is a release too, so numbers run ahead.
                last = press.release("--volume-size", VOLUME)["seq"]
            published.update((article["title"].split()[0], last) for article in articles)
            if event < 0.08:
                if event >= 0.02:
                    time.sleep(source.random())
                start()
            elif event < 0.11:
                mirror.colport("mode", "open")
            elif event < 0.14:
                os.kill(seed.process.pid, signal.SIGCONT)
            if event < 0.14 or number % 10 == 0:
                mirror.colport("follow", press.link(seed.address))
                wait_for(last)
            if number % max(1, arguments.releases // 24) == 0:
                marks.append((number, *counted(mirror, mirror.data)))
                print("release {:4}: {:5.1f} MiB, {:3} descriptors, {:6.0f} KiB on disk".format(
                    *marks[-1]), flush=True)

        wait_for(last, complete=True)
        feed = mirror.feed()
        # What stands in the volumes that are kept, by the newsroom's own files.
        kept = {int(path.name[:8]) for number in range(feed["kept_from"] or 1, 10_000)
                if (press.public / "volumes" / f"{number:04}").is_dir()
                for path in (press.public / "volumes" / f"{number:04}").iterdir()
                if path.name[:8].isdigit()}
        control = bench.Control(mirror.data)
        wrong = []
        for word, release in published.items():
            hits = control.get(f"search?q={word}")["hits"]
            if (len(hits) == 1) != (release in kept):
                wrong.append((word, release))
            elif hits:
                body = control.get(f"articles/{hits[0]['id']}")
                if word not in body["title"]:
                    wrong.append((word, "read"))
        # The archive's log, some MiB, comes and goes.
        third = len(marks) // 3
        early, late = ([statistics.median(column) for column in zip(*part)]
                       for part in (marks[third:2 * third], marks[2 * third:]))
        print(f"{arguments.releases} releases, {clock.offset / 86400 / 365:.1f} years, {counts}")
        print(f"kept from volume {feed['kept_from']}, {feed['bytes_held'] / 1024:.0f} KiB; "
              f"{sum(r in kept for r in published.values())} of {len(published)} articles kept, "
              f"{len(wrong)} lost or left over")
        waits.sort()
        print("a release arrived within {:.1f} s in half of the cases, the slowest, {}, in {:.0f} s"
              .format(waits[len(waits) // 2][0], waits[-1][1], waits[-1][0]))
        print("memory {:+.0%}, descriptors {:+.0%}, disk {:+.0%} from the second third of the "
              "time to the last".format(*(late[i] / early[i] - 1 for i in (1, 2, 3))))
        if wrong:
            sys.exit(f"lost or left over: {wrong[:10]}")
    except BaseException:
        print((work / "mirror.log").read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        for daemon in (seed, mirror):
            if daemon.process is not None:
                os.kill(daemon.process.pid, signal.SIGCONT)
                daemon.kill()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
