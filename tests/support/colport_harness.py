"""Real processes for the functional tests: a press, daemons, and the reader's command.

Everything speaks 127.0.0.1 only, and every process started here is ended here.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

BIN = pathlib.Path(os.environ["COLPORT_BIN"])
SOURCE = pathlib.Path(os.environ["COLPORT_SOURCE"])
SKIPPED = 77


def run(program, *args, ok=True, wrap=(), **kwargs):
    """Runs one of our commands to its end. With ok=True it must exit 0. `wrap` is a
    command that runs it."""
    done = subprocess.run([*wrap, str(BIN / program), *map(str, args)], capture_output=True,
                          text=True, timeout=120, **kwargs)
    if ok and done.returncode != 0:
        raise AssertionError(f"{program} {args}: exit {done.returncode}\n{done.stderr}")
    return done


def wait_for(what, check, seconds=30):
    """Calls `check` until it returns something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


class Daemon:
    """One colportd. start() and stop() may alternate; the data stays."""

    def __init__(self, data, *options):
        self.data = pathlib.Path(data)
        self.options = list(options)
        self.wrap = []       # a command that runs the daemon, such as ip netns exec
        self.dht = False
        self.lsd = False
        self.patience = 30   # seconds that a start may take
        self.process = None
        self.log = self.data.parent / (self.data.name + ".log")

    def start(self, *more):
        options = [*self.options, *map(str, more)]
        if "--listen" not in options:
            options += ["--listen", "127.0.0.1:0"]
        if not self.dht:
            options += ["--no-dht"]
        if not self.lsd:
            options += ["--no-lsd"]
        with open(self.log, "ab") as log:
            mark = log.tell()
            self.process = subprocess.Popen(
                [*self.wrap, str(BIN / "colportd"), "--data", str(self.data), "--http",
                 "127.0.0.1:0", *options],
                stderr=log, stdout=log)

        def ready():
            text = self.log.read_bytes()[mark:].decode()
            if self.process.poll() is not None:
                raise AssertionError(f"colportd ended with {self.process.returncode}: {text}")
            return re.search(r"reading page at (http://\S+)", text)

        self.page = wait_for("the daemon", ready, self.patience).group(1)
        self.address = None
        if self.status()["mode"] in ("open", "lan"):
            self.address = wait_for("its port",
                                    lambda: next(iter(self.status()["listening"]), None))
        return self

    def colport(self, *args, ok=True):
        return run("colport", "--data", self.data, *args, ok=ok, wrap=self.wrap)

    def json(self, *args):
        return json.loads(self.colport(*args, "--json").stdout)

    def status(self):
        return self.json("status")

    def feed(self):
        return self.status()["feeds"][0]

    def carrier(self, name, where=None):
        """How a carrier of the first feed does, or None."""
        return next((carrier for carrier in self.feed()["carriers"] if carrier["name"] == name
                     and where in (None, carrier["where"])), None)

    def wait_release(self, seq, seconds=60):
        def check():
            feed = self.feed()
            return feed["seq"] >= seq and feed["state"] in ("current", "stale")
        wait_for(f"release {seq} at {self.data.name}", check, seconds)

    def wait_complete(self, seq, seconds=60):
        """As above, and every old volume that is wanted is here too."""
        self.wait_release(seq, seconds)
        wait_for(f"all volumes at {self.data.name}", lambda: self.feed()["complete"], seconds)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self, seconds=5):
        """SIGTERM; returns the exit code. Fails when it takes longer."""
        if self.process is None:
            return None
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"colportd did not stop within {seconds} s of SIGTERM")
        finally:
            self.process = None

    def resident_kib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))


class Press:
    """One newsroom."""

    def __init__(self, root, name="The Harbour Gazette"):
        self.root = pathlib.Path(root)
        run("colport-press", "init", self.root, "--name", name, "--language", "en",
            "--no-passphrase")
        self.public = self.root / "public"
        self.count = 0

    def add_samples(self):
        sample = SOURCE / "packaging" / "sample"
        run("colport-press", "add", self.root, sample / "feed.xml", sample / "pages")

    def add(self, *articles):
        """Articles as dicts of the JSON Lines format; missing keys get defaults."""
        lines = []
        for article in articles:
            self.count += 1
            lines.append(json.dumps({"id": f"made-{self.count}", "title": f"Made {self.count}",
                                     "lang": "en", "published": "2026-05-01T12:00:00Z",
                                     **article}))
        path = self.root / "private" / "made.jsonl"
        path.write_text("\n".join(lines) + "\n")
        run("colport-press", "add", self.root, path)
        path.unlink()

    def release(self, *options):
        return json.loads(run("colport-press", "release", self.root, "--json", *options).stdout)

    def link(self, *peers, mirrors=(), trackers=()):
        named = (("--peer", peers), ("--mirror", mirrors), ("--tracker", trackers))
        options = [word for name, values in named for value in values for word in (name, value)]
        return run("colport-press", "link", self.root, *options).stdout.strip()

    def volume_files(self, number=1):
        return sorted((self.public / "volumes" / f"{number:04}").iterdir())


class ColportTest(unittest.TestCase):
    """A temporary folder, and daemons that end with the test."""

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="colport-test-"))
        self.daemons = []
        self.addCleanup(self.clean_up)

    def clean_up(self):
        for daemon in self.daemons:
            if daemon.process is not None:
                daemon.kill()
        failed = any(error for _, error in getattr(self._outcome, "errors", [])) or any(
            error for _, error in getattr(getattr(self._outcome, "result", None), "errors", []))
        if failed:
            for daemon in (one for one in self.daemons if one.log.exists()):
                print(f"--- {daemon.log.name}\n{daemon.log.read_text()}")
        shutil.rmtree(self.work, ignore_errors=True)

    def press(self, name="newsroom"):
        return Press(self.work / name)

    def daemon(self, name, *options):
        daemon = Daemon(self.work / name, *options)
        self.daemons.append(daemon)
        return daemon

    def seed_and_reader(self, press):
        """A daemon that seeds the press's feed directory and one that follows its link."""
        seed = self.daemon("seed").start("--follow", press.public)
        reader = self.daemon("reader").start("--follow", press.link(seed.address))
        return seed, reader

    def assert_same_tree(self, one, other):
        names = sorted(p.relative_to(one) for p in pathlib.Path(one).rglob("*") if p.is_file())
        for name in names:
            self.assertEqual((one / name).read_bytes(), (other / name).read_bytes(), name)
        return names


def words(count, seed):
    """Text that does not compress away: the same for the same seed."""
    import random
    source = random.Random(str(seed))
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(source.choices(letters, k=source.randint(3, 9)))
                    for _ in range(count))


def http(url, **headers):
    """Status, headers and body; never raises for a status."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def need(*programs):
    """Skips the test where a stock tool is absent."""
    for program in programs:
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is not installed")


def main():
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        raise SystemExit(1)
    if result.skipped and len(result.skipped) == result.testsRun:
        raise SystemExit(SKIPPED)
