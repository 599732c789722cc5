"""Real and conformance feeds: what each holds, and what the importer makes of it.

    cmake --build .build --target import_counts
    python3 tests/bench/feeds.py --build .build --corpus feeds.tar.zst

How many entries a well-formed feed holds is counted by expat, which the importer
does not use. A feed is well-formed when expat reads it to the end. Exits 1 when
one crashes or hangs the importer, or when a well-formed one loses an entry that
no warning names.
"""

import argparse
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree

SKIPPED = 77
PARENTS = {"item": {"channel", "rss", "RDF"}, "entry": {"feed"}}
TEXT = {"title", "description", "summary", "content", "encoded", "body", "div"}
HIDDEN = {"script", "style", "applet", "object", "form", "select", "button", "textarea", "svg"}


def local_name(tag):
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Words(html.parser.HTMLParser):
    """What a fragment of HTML says outside its tags, scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.words, self.hidden = "", 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in HIDDEN

    def handle_endtag(self, tag):
        self.hidden -= tag in HIDDEN and self.hidden > 0

    def handle_data(self, data):
        self.words += "" if self.hidden else data


def text_of(element):
    """All text but that of drawings."""
    return (element.text or "") + "".join(
        ("" if local_name(child.tag) == "svg" else text_of(child)) + (child.tail or "")
        for child in element)


def has_text(entry):
    return any(Words(text_of(part)).words.strip() for part in entry
               if local_name(part.tag) in TEXT)


def entries_of(path):
    """Entries of a well-formed feed, and those that have a title or a text among
    them; None for what is not well-formed, or no feed."""
    try:
        root = ElementTree.fromstring(path.read_bytes())
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if local_name(root.tag) not in ("rss", "RDF", "feed", "entry"):
        return None
    found = [child for parent in root.iter() for child in parent
             if local_name(parent.tag) in PARENTS.get(local_name(child.tag), ())]
    if local_name(root.tag) == "entry":
        found = [root]
    return len(found), sum(1 for entry in found if has_text(entry))


def unpack(corpus, folder):
    with subprocess.Popen(["zstd", "-dc", corpus], stdout=subprocess.PIPE) as unpacked:
        with tarfile.open(fileobj=unpacked.stdout, mode="r|") as tar:
            tar.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else \
                tar.extractall(folder)


def import_all(program, paths):
    done = subprocess.run([program, *map(str, paths)], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def named_twice(result):
    """Entries that a warning names: told twice, or a comment or draft."""
    out = 0
    for line in result.get("warnings", ()):
        left_out = re.search(r"(\d+) (comments?|drafts?|templates?\b.*), left out$", line)
        out += int(left_out[1]) if left_out else "a second article with the name" in line
    return out


class Row:
    def __init__(self):
        self.files = self.well_formed = self.entries = self.imported = 0
        self.empty = self.twice = self.lost = self.refused = self.crashed = 0
        self.slowest = 0.0

    def add(self, path, result):
        self.files += 1
        self.slowest = max(self.slowest, result.get("ms", 0))
        if "signal" in result:
            self.crashed += 1
            print(f"crashed or hung: {path}: signal {result['signal']}", file=sys.stderr)
            return
        self.refused += "error" in result
        held = entries_of(path)
        if held is None:
            return
        self.well_formed += 1
        entries, filled = held
        got = result.get("articles", 0)
        twice = named_twice(result)
        self.entries += entries
        self.imported += got
        self.empty += entries - filled
        self.twice += twice
        if not filled <= got + twice <= entries:
            self.lost += filled - got - twice
            print(f"{filled} of {entries} have text, imported {got}: {path}: "
                  f"{result.get('error', result.get('warnings'))}", file=sys.stderr)

    def cells(self):
        return [self.files, self.well_formed, self.entries, self.imported, self.empty,
                self.twice, self.lost, self.refused, self.crashed, f"{self.slowest:.0f} ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    options = parser.parse_args()
    program = options.build / "tests" / "import_counts"
    for needed in (program, options.corpus):
        if not needed.exists():
            print(f"skipped: no {needed}")
            return SKIPPED
    rows = {}
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        unpack(options.corpus, folder)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        for path, result in zip(paths, import_all(program, paths), strict=True):
            inside = path.relative_to(folder).parts
            name = "/".join(inside[1:3]) if len(inside) > 2 else inside[-1]
            rows.setdefault(name, Row()).add(path, result)
    names = ["files", "well-formed", "entries", "imported", "textless", "twice", "lost", "refused",
             "crashed", "slowest"]
    print(f"{'feeds':32}" + "".join(f"{name:>13}" for name in names))
    for name, row in sorted(rows.items()):
        print(f"{name:32}" + "".join(f"{cell:>13}" for cell in row.cells()))
    return 1 if any(row.lost or row.crashed for row in rows.values()) else 0


sys.exit(main())
