"""First sync of a big feed on loopback: colportd beside stock BitTorrent clients.

    python3 tests/bench/first_sync.py --build build --work /var/tmp/colport-bench

Each client fetches the same volumes from one of its own kind, all of them
encrypted, since colportd calls in no other way (--plain: only colportd). Limits
are the client's defaults; DHT, LSD and uTP are off, and peers meet by a tracker
of our own. All of it happens in a network namespace that has a loopback
device only (needs unshare and ip), with one more address there, because
Transmission never calls 127.0.0.1. `bytes` is when the last byte was there, `ready` when
colportd had also checked, imported and indexed everything; the stock clients
are ready with the last byte. CPU and memory are the downloading process's.
Clients that are not installed (Debian: transmission-daemon, qbittorrent-nox)
are left out.
"""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import bench_support as bench

ADDRESS = "10.77.0.1"


@contextlib.contextmanager
def ended(process):
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def linked(volumes, to):
    """The same files for another seed, without a second gigabyte."""
    shutil.copytree(volumes, to, copy_function=os.link,
                    ignore=lambda _, names: [n for n in names if ".torrent" in n])


def on_disk(folder):
    """Bytes that lie there, which holes do not."""
    return sum(p.stat().st_blocks * 512 for p in folder.rglob("*.zst"))


class Sync:
    def __init__(self, arguments, harness, public, work):
        self.arguments, self.harness, self.public, self.work = arguments, harness, public, work
        self.volumes = public / "volumes"
        self.size = bench.feed_bytes(public.parent)
        from tracker import Tracker
        self.tracker = Tracker(ADDRESS, interval=2)

    def figures(self, name, pid, begun, bytes_at, ready_at):
        took = ready_at - begun
        return (name, f"{bytes_at - begun:.1f}", f"{took:.1f}",
                f"{self.size / bench.MB / (bytes_at - begun):.0f}",
                f"{self.size / bench.MB / took:.0f}", f"{bench.cpu_seconds(pid):.1f}",
                f"{bench.peak_mib(pid):.0f}")

    def wait(self, check):
        end = time.monotonic() + self.arguments.patience
        while not check():
            if time.monotonic() > end:
                raise TimeoutError("not done in time")
            time.sleep(0.05)
        return time.monotonic()

    def torrents(self):
        out = self.work / "torrents"
        out.mkdir(exist_ok=True)
        for torrent in self.volumes.glob("*.torrent"):
            (out / torrent.name).write_bytes(self.tracker.with_announce(torrent.read_bytes()))
        return sorted(out.iterdir())

    # colportd

    def colport(self):
        seed = self.harness.Daemon(self.work / "seed")
        reader = self.harness.Daemon(self.work / "reader")
        try:
            seed.start("--listen", f"{ADDRESS}:0", "--follow", self.public)
            here = bench.Control(seed.data)
            self.wait(lambda: here.status()["feeds"][0]["pieces_have"]
                      == here.status()["feeds"][0]["pieces_total"] > 0)
            # It indexes its own feed first; the other clients' seeds have nothing of the kind.
            self.wait(lambda: here.status()["feeds"][0]["complete"])
            reader.start("--listen", f"{ADDRESS}:0")
            there = bench.Control(reader.data)
            link = (self.public / "link.txt").read_text().strip() + f"&x.pe={seed.address}"
            begun = time.monotonic()
            reader.colport("follow", link)
            bytes_at, whole = None, sum(p.stat().st_size for p in self.volumes.rglob("*.zst"))

            def ready():
                nonlocal bytes_at
                # The status is late while the daemon imports; the disk tells at once.
                if bytes_at is None and on_disk(reader.data / "feeds") >= whole:
                    bytes_at = time.monotonic()
                # Current is the release when its newest volume is here.
                feed = there.status()["feeds"][0]
                return feed["seq"] > 0 and feed["complete"]
            ready_at = self.wait(ready)
            articles = there.get("feeds")[0]["articles"]
            assert articles == here.get("feeds")[0]["articles"] > 0
            return self.figures("colportd", reader.process.pid, begun, bytes_at or ready_at,
                                ready_at)
        finally:
            for daemon in (reader, seed):
                if daemon.process:
                    daemon.kill()

    # transmission-daemon

    def transmission_daemon(self, name, folder):
        config = self.work / f"transmission-{name}"
        config.mkdir()
        port, rpc = self.harness.free_port(), self.harness.free_port()
        (config / "settings.json").write_text(json.dumps({
            "dht-enabled": False, "lpd-enabled": False, "pex-enabled": False,
            "utp-enabled": False, "encryption": 1 if self.arguments.plain else 2, "port-forwarding-enabled": False, "watch-dir-enabled": False,
            "bind-address-ipv4": ADDRESS, "peer-port": port, "rpc-port": rpc,
            "rpc-bind-address": "127.0.0.1", "rpc-authentication-required": False,
            "download-dir": str(folder), "incomplete-dir-enabled": False,
            "download-queue-enabled": False, "seed-queue-enabled": False}))
        process = subprocess.Popen(["transmission-daemon", "-f", "-g", str(config)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return process, rpc

    def transmission(self):
        # It shakes hands with one caller of an address at a time, and calls again
        # after minutes: all the files in one torrent.
        folders = {name: self.work / name for name in ("tseed", "treader")}
        linked(self.volumes, folders["tseed"] / "volumes")
        folders["treader"].mkdir()
        torrent = self.work / "volumes.torrent"
        subprocess.run(["transmission-create", "-o", str(torrent), "-s", "256",
                        "-t", self.tracker.url, str(folders["tseed"] / "volumes")],
                       check=True, stdout=subprocess.DEVNULL)

        def remote(rpc, *words):
            return subprocess.run(["transmission-remote", f"127.0.0.1:{rpc}", *words],
                                  capture_output=True, text=True)

        def done(rpc):
            lines = remote(rpc, "-l").stdout.splitlines()[1:-1]
            return len(lines) == 1 and " 100% " in lines[0] and "Verif" not in lines[0]

        seed, rpc = self.transmission_daemon("seed", folders["tseed"])
        with ended(seed):
            self.wait(lambda: remote(rpc, "-l").returncode == 0)
            remote(rpc, "-a", str(torrent))
            remote(rpc, "-t", "all", "-v")
            self.wait(lambda: done(rpc))
            reader, rpc_of_reader = self.transmission_daemon("reader", folders["treader"])
            with ended(reader):
                self.wait(lambda: remote(rpc_of_reader, "-l").returncode == 0)
                begun = time.monotonic()
                remote(rpc_of_reader, "-a", str(torrent))
                at = self.wait(lambda: done(rpc_of_reader))
                return self.figures("transmission-daemon", reader.pid, begun, at, at)

    # qbittorrent-nox

    def qbittorrent_daemon(self, name, folder, web):
        profile = self.work / f"qbittorrent-{name}"
        config = profile / "qBittorrent" / "config"
        config.mkdir(parents=True)
        (config / "qBittorrent.conf").write_text(
            "[BitTorrent]\n"
            f"Session\\DefaultSavePath={folder}\nSession\\Port={self.harness.free_port()}\n"
            "Session\\DHTEnabled=false\nSession\\LSDEnabled=false\nSession\\PeXEnabled=false\n"
            "Session\\BTProtocol=TCP\nSession\\QueueingSystemEnabled=false\n"
            f"Session\\InterfaceAddress={ADDRESS}\nSession\\Preallocation=false\n"
            f"Session\\Encryption={0 if self.arguments.plain else 1}\n"
            "Session\\MultiConnectionsPerIp=true\n"
            "[Network]\nPortForwardingEnabled=false\n"
            "[LegalNotice]\nAccepted=true\n"
            "[Preferences]\nWebUI\\Address=127.0.0.1\n"
            f"WebUI\\Port={web}\nWebUI\\LocalHostAuth=false\nWebUI\\CSRFProtection=false\n")
        return subprocess.Popen(["qbittorrent-nox", f"--profile={profile}"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def qbittorrent(self):
        folders = {name: self.work / f"files-{name}" for name in ("qseed", "qreader")}
        linked(self.volumes, folders["qseed"])
        folders["qreader"].mkdir()
        torrents = self.torrents()
        webs = [self.harness.free_port(), self.harness.free_port()]

        def ask(web, path):
            try:
                return self.harness.http(f"http://127.0.0.1:{web}/api/v2/{path}")
            except OSError:
                return 0, None, b""

        def add(web, *fields):
            words = [w for t in torrents for w in ("-F", f"torrents=@{t}")]
            subprocess.run(["curl", "-sf", *words, *[w for f in fields for w in ("-F", f)],
                            f"http://127.0.0.1:{web}/api/v2/torrents/add"], check=True,
                           stdout=subprocess.DEVNULL)

        def done(web):
            listed = json.loads(ask(web, "torrents/info")[2] or b"[]")
            return len(listed) == len(torrents) and all(
                t["progress"] == 1 and t["state"] in ("uploading", "stalledUP") for t in listed)
        with ended(self.qbittorrent_daemon("seed", folders["qseed"], webs[0])):
            self.wait(lambda: ask(webs[0], "app/version")[0] == 200)
            add(webs[0], "skip_checking=true")
            self.wait(lambda: done(webs[0]))
            reader = self.qbittorrent_daemon("reader", folders["qreader"], webs[1])
            with ended(reader):
                self.wait(lambda: ask(webs[1], "app/version")[0] == 200)
                begun = time.monotonic()
                add(webs[1])
                at = self.wait(lambda: done(webs[1]))
                return self.figures("qbittorrent-nox", reader.pid, begun, at, at)


CLIENTS = {"colport": "colportd", "transmission": "transmission-daemon",
           "qbittorrent": "qbittorrent-nox"}


def enter_namespace():
    """Starts this program again where there is a loopback device and nothing else."""
    if os.environ.get("COLPORT_BENCH_INSIDE"):
        for words in (["link", "set", "lo", "up"], ["addr", "add", f"{ADDRESS}/32", "dev", "lo"]):
            subprocess.run(["ip", *words], check=True)
        return
    unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-n"]
    os.execvpe(unshare[0], [*unshare, sys.executable, *sys.argv],
               {**os.environ, "COLPORT_BENCH_INSIDE": "1"})


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--size", type=int, default=1000, help="MB (default: %(default)s)")
    parser.add_argument("--only", choices=CLIENTS, action="append", help="may be given again")
    parser.add_argument("--plain", action="store_true",
                        help="let the stock clients do without encryption, as they do by default")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--patience", type=int, default=600, help="seconds a client may take")
    arguments = parser.parse_args()
    enter_namespace()
    harness = bench.harness(arguments)
    root = bench.newsroom(arguments, f"feed-{arguments.size}", arguments.size * bench.MB)
    bench.need_space(arguments.work, 2 * arguments.size * bench.MB)
    rows = []
    for _ in range(arguments.runs):
        for method, program in CLIENTS.items():
            if arguments.only and method not in arguments.only:
                continue
            if method != "colport" and shutil.which(program) is None:
                print(f"{program} is not installed: left out", file=sys.stderr)
                continue
            # Linked files must lie on the feed's own file system.
            work = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=arguments.work))
            os.sync()
            sync = Sync(arguments, harness, root / "public", work)
            try:
                rows.append(getattr(sync, method)())
            finally:
                sync.tracker.stop()
                shutil.rmtree(work, ignore_errors=True)
            print(*rows[-1], file=sys.stderr)
    print(f"{bench.feed_bytes(root) / bench.MB:.0f} MB in "
          f"{len(list((root / 'public' / 'volumes').glob('*.torrent')))} volumes")
    bench.table(["downloading", "bytes s", "ready s", "MB/s bytes", "MB/s ready", "CPU s",
                 "peak MiB"], rows)


if __name__ == "__main__":
    main()
