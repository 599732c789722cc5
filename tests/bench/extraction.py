#!/usr/bin/env python3
"""How much of the articles on real pages is found, and how fast.

    tests/bench/extraction.py --build BUILD --corpus DIR

DIR is a folder with html/*.html.gz and ground-truth.json, as in the public
article-extraction benchmark of Scrapinghub; COLPORT_CORPUS may name it. The
target extraction_speed of the build must be there. Figures are the benchmark's:
precision and recall over runs of four words, every page weighing the same. The
pages are split in two by their names: one half was looked at when rules were
made, the other only counted. Debian's python3-readability is run beside it on
the same pages where it is installed.
"""

import argparse
import gzip
import hashlib
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

WORD = re.compile(r"\w+")
PEER = "--as-readability"


def shingles(text):
    words = WORD.findall(text or "")
    counts = {}
    for start in range(max(1, len(words) - 3)):
        key = tuple(words[start:start + 4])
        if key:
            counts[key] = counts.get(key, 0) + 1
    return counts


def score(truth, predicted, pages):
    precisions, recalls = [], []
    for page in pages:
        want = shingles(truth[page]["articleBody"])
        got = shingles(predicted.get(page, {}).get("articleBody"))
        shared = sum(min(count, got.get(key, 0)) for key, count in want.items())
        if got:
            precisions.append(shared / sum(got.values()))
        if want:
            recalls.append(shared / sum(want.values()))
    precision = sum(precisions) / max(1, len(precisions))
    recall = sum(recalls) / max(1, len(recalls))
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def is_held_back(page):
    return hashlib.sha256(("s1" + page).encode()).digest()[0] % 2 == 0


def report(name, truth, predicted, speed):
    for half, pages in (("all", list(truth)),
                        ("looked at", [page for page in truth if not is_held_back(page)]),
                        ("held back", [page for page in truth if is_held_back(page)])):
        f1, precision, recall = score(truth, predicted, pages)
        print(f"{name:12} {half:10} {len(pages):4} pages   F1 {f1:.4f}   "
              f"precision {precision:.4f}   recall {recall:.4f}")
    print(f"{name:12} {speed:.0f} pages a second of processor time")


def read_as_peer(files):
    """What readability finds; runs under an interpreter that has it."""
    import logging
    import lxml.html
    from readability import Document
    logging.disable(logging.CRITICAL)
    out = {}
    pages = {file.name.split(".")[0]: file.read_bytes() for file in files}
    before = resource.getrusage(resource.RUSAGE_SELF)
    for name, page in pages.items():
        try:
            summary = Document(page.decode("utf-8", "replace")).summary(html_partial=True)
            out[name] = {"articleBody": " ".join(lxml.html.fromstring(summary).itertext())}
        except Exception:  # It raises what its parser does.
            out[name] = {"articleBody": ""}
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    json.dump({"pages": out, "speed": len(pages) / max(seconds, 1e-9)}, sys.stdout)


def run_peer(files):
    for python in (sys.executable, "/usr/bin/python3"):
        has_it = subprocess.run([python, "-c", "import readability"], capture_output=True,
                                check=False).returncode == 0
        if has_it:
            done = subprocess.run([python, __file__, PEER, *map(str, files)],
                                  capture_output=True, text=True, check=True)
            return json.loads(done.stdout)
    return None


def main():
    if sys.argv[1:2] == [PEER]:
        return read_as_peer([pathlib.Path(name) for name in sys.argv[2:]])
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build directory")
    parser.add_argument("--corpus", type=pathlib.Path, default=os.environ.get("COLPORT_CORPUS"))
    parser.add_argument("--repeat", type=int, default=5, help="rounds for the speed")
    arguments = parser.parse_args()
    if not arguments.corpus or not (arguments.corpus / "ground-truth.json").exists():
        print("skipped: no pages to read; name their folder with --corpus")
        return 0
    truth = json.loads((arguments.corpus / "ground-truth.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for packed in sorted((arguments.corpus / "html").glob("*.html.gz")):
            files.append(pathlib.Path(folder) / packed.name.removesuffix(".gz"))
            files[-1].write_bytes(gzip.decompress(packed.read_bytes()))
        ours = subprocess.run([arguments.build / "tests" / "extraction_speed", "--repeat",
                               str(arguments.repeat), *files],
                              capture_output=True, text=True, check=True)
        report("colport", truth, json.loads(ours.stdout), float(ours.stderr.split()[0]))
        peer = run_peer(files)
        if peer:
            report("readability", truth, peer["pages"], peer["speed"])
        else:
            print("readability  is not installed: apt-get install python3-readability")
    return 0


if __name__ == "__main__":
    sys.exit(main())
