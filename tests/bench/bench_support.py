"""What the benchmarks share: options, big feeds made once, figures of processes."""

import argparse
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import zlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MB = 1_000_000


def options(doc):
    """A parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=doc,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path,
                        help="build directory; without it COLPORT_BIN names the programs' folder")
    parser.add_argument("--work", type=pathlib.Path,
                        default=pathlib.Path(tempfile.gettempdir()) / "colport-bench",
                        help="where made feeds are kept for the next run (default: %(default)s)")
    return parser


def harness(arguments):
    """The functional tests' harness, which wants to know the programs when it is loaded."""
    if arguments.build:
        os.environ["COLPORT_BIN"] = str(arguments.build.resolve() / "src")
    if "COLPORT_BIN" not in os.environ:
        sys.exit("give --build DIR, or the programs' folder in COLPORT_BIN")
    os.environ.setdefault("COLPORT_SOURCE", str(SOURCE))
    sys.path.insert(0, str(SOURCE / "tests" / "support"))
    import colport_harness
    # An end like any other: what was started is ended, what was made is removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    arguments.work.mkdir(parents=True, exist_ok=True)
    return colport_harness


class Control:
    """The daemon's control socket: quick enough to ask twenty of them all the time."""

    def __init__(self, data):
        self.path = str(pathlib.Path(data) / "control.sock")
        self.connection = None

    def get(self, path):
        try:
            return self.ask(path)
        except (OSError, http.client.HTTPException):
            # The daemon closes what was silent for long.
            self.connection = None
            return self.ask(path)

    def ask(self, path):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("localhost")
            self.connection.sock = socket.socket(socket.AF_UNIX)
            self.connection.sock.settimeout(20)
            self.connection.sock.connect(self.path)
        self.connection.request("GET", "/api/v1/" + path)
        return json.loads(self.connection.getresponse().read())

    def status(self):
        return self.get("status")

    def found(self, word):
        return self.get("search?q=" + word)["total"]


def cpu_seconds(pid):
    """User and system time of a process and all its threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024


def table(headings, rows):
    rows = [[str(cell) for cell in row] for row in [headings, *rows]]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) if at == 0 else cell.rjust(width)
                        for at, (cell, width) in enumerate(zip(row, widths))), flush=True)


def need_space(folder, size):
    free = shutil.disk_usage(folder).free
    if free < size:
        sys.exit(f"{folder} has {free // MB} MB free, and {size // MB} MB are needed")


def png(rows, level=-1):
    """Of rows of colored pixels, three bytes each."""
    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))
    size = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), level)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", data)
            + chunk(b"IEND", b""))


def noise_png(source, size):
    """A picture of about `size` bytes that does not compress, as photographs do not."""
    width = 640
    height = max(1, size // (3 * width + 1))
    return png([source.randbytes(3 * width) for _ in range(height)], 0)


def zim_command(pages, target, *options):
    """What makes a ZIM file of a folder of HTML pages, which gets the page and the
    picture that a ZIM file must have."""
    (pages / "index.html").write_text("<html><head><title>Bench</title></head><body></body></html>")
    (pages / "icon.png").write_bytes(png([b"\x40\x60\x80" * 48] * 48))
    return ["zimwriterfs", "--welcome=index.html", "--illustration=icon.png", "--language=eng",
            "--title=Bench", "--name=bench", "--description=Bench", "--creator=Bench",
            "--publisher=Bench", *options, str(pages), str(target)]


def sentences():
    """English prose that every Python carries."""
    from pydoc_data import topics
    text = re.sub(r"\s+", " ", " ".join(topics.topics.values()))
    return [s for s in re.split(r"(?<=[.:]) ", text) if 30 < len(s) < 400]


class Writer:
    """Puts made articles into a newsroom. The same seed gives the same articles."""

    def __init__(self, root, run, seed=1):
        self.root = pathlib.Path(root)
        self.run = run
        self.source = random.Random(seed)
        self.prose = sentences()
        self.count = 0

    def make(self, mark=None, text_bytes=4000, picture_bytes=0, pictures=1):
        """One article of the JSON Lines format; its pictures lie beside it."""
        self.count += 1
        name = f"{self.root.name}-{self.source.getrandbits(48):012x}"
        words = []
        size = 0
        while size < text_bytes:
            # A name now and then, so that the index meets new words as it does in news.
            words.append(self.source.choice(self.prose)
                         + (f" {self.source.getrandbits(32):x}" if len(words) % 4 == 0 else ""))
            size += len(words[-1])
        paragraphs = ["<p>" + " ".join(words[at:at + 4]).replace("&", "&amp;")
                      .replace("<", "&lt;") + "</p>" for at in range(0, len(words), 4)]
        if mark:
            paragraphs.insert(0, f"<p>{mark}</p>")
        for number in range(pictures if picture_bytes else 0):
            picture = f"{name}-{number}.png"
            (self.drawer / picture).write_bytes(noise_png(self.source, picture_bytes))
            paragraphs.append(f'<figure><img src="{picture}" alt="noise"></figure>')
        return {"id": name, "title": f"{words[0][:60]} {self.count}", "lang": "en",
                "published": f"2026-{1 + self.count % 9:02}-{1 + self.count % 28:02}T12:00:00Z",
                "html": "".join(paragraphs)}

    def add(self, articles):
        """Makes and adds what `articles`, called with the maker, gives."""
        self.drawer = self.root / "drawer"
        self.drawer.mkdir()
        lines = self.drawer / "made.jsonl"
        lines.write_text("".join(json.dumps(a) + "\n" for a in articles(self.make)))
        # The benches count bytes: pictures keep theirs.
        self.command("add", self.root, lines, "--picture-bytes", 8 * MB)
        shutil.rmtree(self.drawer)

    def command(self, *words):
        done = subprocess.run([str(self.run / "colport-press"), *map(str, words)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"colport-press {words}: {done.stderr}")
        return done.stdout

    def release(self, *more):
        return json.loads(self.command("release", self.root, "--json", *more))


def newsroom(arguments, name, size, *release_options, each=200 * MB):
    """A newsroom whose feed is of about `size` bytes: short articles, each with a picture.

    Made once, with a release for `each` so many bytes, and kept under --work.
    """
    picture_bytes = 200_000
    run = pathlib.Path(os.environ["COLPORT_BIN"])
    root = arguments.work / name
    if (root / "made").exists():
        return root
    need_space(arguments.work, 2 * size)
    shutil.rmtree(root, ignore_errors=True)
    print(f"making {root} of {size // MB} MB", file=sys.stderr)
    writer = Writer(root, run, name)
    writer.command("init", root, "--name", "The Harbour Gazette", "--language", "en",
                   "--no-passphrase")
    left = size
    while left > 0:
        count = max(1, min(left, each) // (picture_bytes + 2000))
        writer.add(lambda make: [make(picture_bytes=picture_bytes) for _ in range(count)])
        writer.release(*release_options)
        left -= each
    (root / "made").touch()
    return root


def feed_bytes(root):
    return sum(p.stat().st_size for p in (root / "public" / "volumes").rglob("*") if p.is_file())


def copy_newsroom(root, to):
    """A newsroom of one's own to release into. What is only read is shared on disk."""
    shutil.copytree(root, to, copy_function=os.link)
    # The press replaces files and never writes into them, so links are safe; what
    # it locks or deletes is its own again.
    return to
