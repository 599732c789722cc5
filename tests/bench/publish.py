"""What publishing costs: time, memory and bytes, beside other ways to pack the same articles.

    COLPORT_BIN=.build/src python3 tests/bench/publish.py CORPUS [--times N] [--quick] [--daily 50]

CORPUS holds articles.jsonl.zst: an object a line with id, title, lang, published and html.
zimwriterfs gets the articles as HTML pages, the press the same HTML as JSON Lines; pictures
are left out on both sides. `--times 10` publishes the articles ten times over, under ten
names and with every copy's words rearranged, or copies would compress to nothing; the other
packers are then left out. `--daily 50` also releases the articles fifty at a time, in the order
of their days. Bytes are those of the public folder's volumes.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import bench_support as bench

BIN = pathlib.Path(os.environ.get("COLPORT_BIN", ".build/src"))


def resident(process):
    """Bytes that a process and its children hold now."""
    total = 0
    for child in [process, *children(process)]:
        try:
            text = pathlib.Path(f"/proc/{child}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found = re.search(r"VmRSS:\s+(\d+)", text)
        total += int(found.group(1)) * 1024 if found else 0
    return total


def children(process):
    try:
        return pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def measure(*command, **kwargs):
    """Runs a command: (seconds, CPU seconds, peak bytes of it and its children together).
    `output` gets what it prints."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command],
                               stdout=kwargs.get("output", subprocess.DEVNULL),
                               stderr=subprocess.PIPE)
    peak = 0
    errors = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
    reader.start()
    while True:
        peak = max(peak, resident(process.pid))
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.02)
    reader.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command}: exit {process.returncode}\n{errors[0].decode()}")
    # Not ru_maxrss: that counts what Python held when it forked.
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, peak


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def read_articles(corpus):
    lines = subprocess.run(["zstd", "-dc", "--long=27", corpus / "articles.jsonl.zst"],
                           capture_output=True, check=True).stdout.decode().split("\n")
    out = []
    for line in filter(None, lines):
        article = json.loads(line)
        out.append({"id": article["id"], "url": article["url"], "title": article["title"],
                    "lang": article["lang"], "published": article["published"],
                    "html": re.sub(r"<img\b[^>]*>", "", article["html"])})
    return out


def rearranged(article, number):
    """A copy whose sentences stand in another order: other words in a row, the same language."""
    if number == 0:
        return article
    paragraphs = re.split(r"(?<=</p>)", article["html"])
    random.Random(f"{article['id']} {number}").shuffle(paragraphs)
    words = "".join(paragraphs).split(" ")
    step = 7 + number
    mixed = [words[i] for start in range(step) for i in range(start, len(words), step)
             if "<" not in words[i] and ">" not in words[i]]
    return {**article, "id": f"{article['id']}-{number}", "url": f"{article['url']}?{number}",
            "title": f"{article['title']} {number}", "html": "<p>" + " ".join(mixed) + "</p>"}


def write_lines(path, articles):
    with open(path, "w") as out:
        for article in articles:
            out.write(json.dumps(article, ensure_ascii=False) + "\n")


def write_pages(folder, articles):
    folder.mkdir()
    for article in articles:
        (folder / f"{article['id']}.html").write_text(
            f"<!DOCTYPE html><html lang=\"{article['lang']}\"><head><meta charset=\"utf-8\">"
            f"<title>{article['title']}</title></head><body><h1>{article['title']}</h1>"
            f"{article['html']}</body></html>")


class Table:
    def row(self, what, articles, seconds, cpu, peak, size):
        rate = f"{articles / seconds:8.0f}" if seconds else " " * 8
        per_cpu = f"{articles / cpu:10.0f}" if cpu else " " * 10
        print(f"{what:38}{seconds:8.1f}{cpu:8.1f}{rate}{per_cpu}{peak / 2**20:8.0f}"
              f"{size:13,}", flush=True)

    def head(self):
        print(f"{'':38}{'s':>8}{'CPU s':>8}{'per s':>8}{'per CPU s':>10}{'MiB':>8}{'bytes':>13}")


def press(work, name):
    root = work / name
    subprocess.run([BIN / "colport-press", "init", root, "--name", "Bench", "--no-passphrase"],
                   check=True, capture_output=True)
    return root


def publish(table, work, lines, articles, level):
    root = press(work, f"level-{level}")
    add = measure(BIN / "colport-press", "add", root, lines)
    table.row("press: add", articles, *add, 0)
    with open(work / "report.json", "w") as output:
        release = measure(BIN / "colport-press", "release", root, "--level", level, "--json",
                          output=output)
    report = json.loads((work / "report.json").read_text())
    size = size_of(root / "public" / "volumes")
    table.row(f"press: release --level {level}", articles, *release, size)
    both = (add[0] + release[0], add[1] + release[1], max(add[2], release[2]))
    table.row(f"press: both, level {level}", articles, *both, size)
    shutil.rmtree(root)
    return both, size, report["text_bytes"] / report["packed_bytes"]


def daily(work, articles, level, count):
    """The same articles in releases of `count`: bytes of text for a byte of bundle, of the whole
    feed, of the releases that add no dictionary to one that is there, and of those of these in
    the second half of the articles, when the dictionary has grown."""
    root = press(work, "daily")
    text = packed = 0
    later_text = later_packed = 0
    half_text = half_packed = 0
    had_dictionary = False
    articles = sorted(articles, key=lambda article: article["published"] or "")
    for begin in range(0, len(articles), count):
        lines = work / "day.jsonl"
        write_lines(lines, articles[begin:begin + count])
        subprocess.run([BIN / "colport-press", "add", root, lines], check=True,
                       capture_output=True)
        done = subprocess.run([BIN / "colport-press", "release", root, "--level", str(level),
                               "--json"], check=True, capture_output=True)
        report = json.loads(done.stdout)
        text += report["text_bytes"]
        packed += report["packed_bytes"]
        if had_dictionary and not report.get("dictionary"):
            later_text += report["text_bytes"]
            later_packed += report["packed_bytes"]
            if 2 * begin >= len(articles):
                half_text += report["text_bytes"]
                half_packed += report["packed_bytes"]
        had_dictionary = had_dictionary or any(
            ".dict" in path.name for path in (root / "public" / "volumes").rglob("*"))
    size = size_of(root / "public" / "volumes")
    shutil.rmtree(root)
    return (text / packed, later_text / max(1, later_packed), half_text / max(1, half_packed),
            size)


def zim(work, pages, options):
    """(cost, bytes) of a ZIM file of the pages."""
    target = work / "out.zim"
    cost = measure(*bench.zim_command(pages, target, *options))
    size = target.stat().st_size
    for made in (pages / "icon.png", pages / "index.html", target):
        made.unlink()
    return cost, size


def others(table, work, pages, articles):
    sizes = {}
    for name, options in (("zimwriterfs without index", ["-j"]), ("zimwriterfs with index", [])):
        cost, size = sizes[name] = zim(work, pages, options)
        table.row(name, articles, *cost, size)
    for name, command in (("tar | zstd -19 --long=27", "zstd -19 --long=27 -c"),
                          ("tar | xz -9e", "xz -9e -c")):
        target = work / "out.tar.packed"
        cost = measure("sh", "-c", f"tar -C {pages} -cf - . | {command} > {target}")
        sizes[name] = (cost, target.stat().st_size)
        table.row(name, articles, *cost, target.stat().st_size)
        target.unlink()
    return sizes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--levels", default="")
    parser.add_argument("--quick", action="store_true", help="the press alone")
    parser.add_argument("--daily", type=int, default=0, help="articles of a day's release")
    options = parser.parse_args()
    if not (options.corpus / "articles.jsonl.zst").exists():
        print(f"skipped: no corpus in {options.corpus}")
        return 77
    articles = read_articles(options.corpus)
    with tempfile.TemporaryDirectory(prefix="colport-publish-") as folder:
        work = pathlib.Path(folder)
        lines = work / "articles.jsonl"
        count = len(articles) * options.times
        write_lines(lines, (rearranged(article, number) for number in range(options.times)
                            for article in articles))
        print(f"{count} articles, {lines.stat().st_size:,} bytes of JSON Lines")
        table = Table()
        table.head()
        levels = [int(level) for level in options.levels.split(",") if level]
        results = {level: publish(table, work, lines, count, level)
                   for level in levels or [19, 22]}
        if options.daily:
            for level in results:
                all_days, later, half, size = daily(work, articles, level, options.daily)
                print(f"level {level} in releases of {options.daily}: {size:,} bytes, text to bytes "
                      f"{all_days:.3f}:1 in all, {later:.3f}:1 once there is a dictionary, of the "
                      f"second half {half:.3f}:1; the whole at once {results[level][2]:.3f}:1",
                      flush=True)
        if options.quick or options.times > 1:
            return 0
        write_pages(work / "pages", articles)
        sizes = others(table, work, work / "pages", count)
        zim_cost, zim_size = sizes["zimwriterfs without index"]
        for level, (cost, size, _) in results.items():
            print(f"level {level}: {zim_cost[1] / cost[1]:.1f} times the articles per CPU second of "
                  f"zimwriterfs without index, at {size / zim_size:.3f} of its bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
