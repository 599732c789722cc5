"""What readers and the engine feel while a large feed is removed.

    python3 tests/bench/removal.py --build build [--articles 100000]

A newsroom of that many short articles in one volume is followed beside a small one,
and unfollowed. Until its last article is gone, searches are made one after the other,
and the engine is asked something that it answers itself, every tenth of a second.
"""

import json
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time

import bench_support as bench


def make(arguments, name, articles):
    """A newsroom of one release, made once and kept."""
    root = arguments.work / f"removal-{name}-{articles}"
    if (root / "made").exists():
        return root / "public"
    shutil.rmtree(root, ignore_errors=True)
    print(f"making {root}", file=sys.stderr)
    writer = bench.Writer(root, pathlib.Path(os.environ["COLPORT_BIN"]), name)
    writer.command("init", root, "--name", name, "--language", "en", "--no-passphrase")
    writer.add(lambda make: (make(text_bytes=1500) for _ in range(articles)))
    writer.release("--volume-size", 4 << 30, "--level", 3)
    (root / "made").touch()
    return root / "public"


class Asking(threading.Thread):
    """Calls `ask` until it is told to stop, and keeps how long each took."""

    def __init__(self, ask, pause):
        super().__init__(daemon=True)
        self.ask, self.pause, self.took, self.going = ask, pause, [], True

    def run(self):
        while self.going:
            begun = time.monotonic()
            self.ask()
            self.took.append(1000 * (time.monotonic() - begun))
            time.sleep(self.pause)

    def row(self, name):
        self.going = False
        self.join()
        took = sorted(self.took)
        return [name, len(took)] + [f"{took[int(part * (len(took) - 1))]:.1f}"
                                    for part in (0.5, 0.99, 1)]


class Commands(bench.Control):
    def post(self, path, **body):
        if self.connection is None:
            self.get("status")
        self.connection.request("POST", "/api/v1/" + path, json.dumps(body))
        return self.connection.getresponse().read()


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    large = make(arguments, "large", arguments.articles)
    small = make(arguments, "small", 100)
    work = pathlib.Path(tempfile.mkdtemp(prefix="removal-", dir=arguments.work))
    daemon = harness.Daemon(work / "data")
    daemon.patience = 3600
    try:
        begun = time.monotonic()
        daemon.start("--follow", small, "--follow", large)
        harness.wait_for("all articles", lambda: all(f["complete"] for f in daemon.status()["feeds"]),
                         3600)
        index = lambda: (daemon.status()["index"] or {"percent": 100})["percent"]
        harness.wait_for("the index", lambda: index() == 100, 3600)
        print(f"{arguments.articles} articles taken in after {time.monotonic() - begun:.0f} s",
              file=sys.stderr)
        control = bench.Control(daemon.data)
        feeds = {feed["name"]: feed["feed"] for feed in control.get("feeds")}
        words = iter(["string object", "method", "class attribute", "value"] * 1_000_000)
        searches = Asking(lambda: control.get("search?q=" + next(words).replace(" ", "+")), 0.02)
        commands = Commands(daemon.data)
        engine = Asking(lambda: commands.post("follow", link=str(small)), 0.1)
        for asking in (searches, engine):
            asking.start()
        time.sleep(10)
        before = [searches.row("searches before"), engine.row("engine before")]
        searches, engine = Asking(searches.ask, 0.02), Asking(engine.ask, 0.1)
        begun, cpu = time.monotonic(), bench.cpu_seconds(daemon.process.pid)
        for asking in (searches, engine):
            asking.start()
        daemon.colport("unfollow", feeds["large"])
        returned = time.monotonic() - begun
        archive = daemon.data / "archive.sqlite"
        other = bench.Control(daemon.data)
        harness.wait_for("the last article", lambda: other.get("latest?limit=0")["total"] == 100,
                         3600)
        print(f"{arguments.articles} articles removed in {time.monotonic() - begun:.1f} s, "
              f"{bench.cpu_seconds(daemon.process.pid) - cpu:.1f} s of processor time; the command "
              f"returned after {returned:.1f} s")
        bench.table(["milliseconds", "asked", "p50", "p99", "most"],
                    [*before, searches.row("searches meanwhile"), engine.row("engine meanwhile")])
        harness.wait_for("the space", lambda: archive.stat().st_size < 16 << 20, 3600)
        print(f"its space given back after {time.monotonic() - begun:.0f} s, "
              f"{archive.stat().st_size / 1e6:.1f} MB are left")
    finally:
        if daemon.process:
            daemon.kill()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
