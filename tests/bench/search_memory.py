"""Memory of a daemon that answers searches from a large archive.

    COLPORT_BENCH_KEEP=1 build/tests/search_speed --articles 100000 --work DIR
    python3 tests/bench/search_memory.py --build build --archive DIR/search_speed-N/archive.db

Starts colportd offline on a copy of the archive's database, has it asked 500
searches by four at once, and prints what it keeps in memory beside the page cache
(RssAnon in /proc) before, at the most and after.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse

import bench_support as bench

WORDS = ("the", "error", "release*", "\"open source\"", "network security", "для", "system -linux",
         "user data model", "server OR client", "программа", "since:2020 update", "\"in the\"")
SEARCHES, ASKERS = 500, 4


def anonymous_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) / 1024


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--archive", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    programs = arguments.build.resolve() / "src"
    arguments.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.work) as name:
        data = pathlib.Path(name)
        for file in arguments.archive.parent.glob(arguments.archive.name + "*"):
            shutil.copy(file, data / ("archive.sqlite" + file.name[len(arguments.archive.name):]))
        daemon = subprocess.Popen([str(programs / "colportd"), "--data", str(data), "--mode",
                                   "offline"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            control = bench.Control(data)
            until = time.monotonic() + 60
            while True:
                try:
                    control.status()
                    break
                except OSError:
                    if time.monotonic() > until or daemon.poll() is not None:
                        raise SystemExit("the daemon does not answer")
                    time.sleep(0.2)
            before = most = anonymous_mib(daemon.pid)
            found = [0] * ASKERS

            def ask(number):
                own = bench.Control(data)
                for i in range(SEARCHES // ASKERS):
                    words = WORDS[(i * ASKERS + number) % len(WORDS)]
                    answer = own.get("search?q=" + urllib.parse.quote(words))
                    found[number] += len(answer["hits"])

            askers = [threading.Thread(target=ask, args=(number,)) for number in range(ASKERS)]
            for asker in askers:
                asker.start()
            while any(asker.is_alive() for asker in askers):
                most = max(most, anonymous_mib(daemon.pid))
                time.sleep(0.05)
            print(f"{SEARCHES} searches, {sum(found)} hits: {before:.0f} MiB before, "
                  f"{most:.0f} MiB at the most, {anonymous_mib(daemon.pid):.0f} MiB after")
        finally:
            daemon.terminate()
            daemon.wait()


if __name__ == "__main__":
    main()
