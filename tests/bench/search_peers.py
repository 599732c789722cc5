"""What search costs beside others, for the same articles in the same run.

    python3 tests/bench/search_peers.py --build build [--articles 10000]

`search_speed` (a target of the build) imports articles into an archive, makes its
index and writes their texts down. Xapian indexes these with its TermGenerator, a
Snowball stemmer for each language and positions, so that phrases work as they do
here; zimwriterfs packs them as HTML pages, with its full-text index, which knows
no phrases. Printed are articles indexed a second of CPU, and bytes on disk: of the
archive with the bundles that it reads from, and of the ZIM file.

Needs python3-xapian and zim-tools; what is missing is left out.
"""

import html
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import bench_support as bench

try:
    import xapian
except ImportError:
    xapian = None

STEMMERS = {"ru": "russian", "ar": "arabic", "tr": "turkish", "en": "english", "de": "german",
            "fr": "french", "es": "spanish"}


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def with_xapian(folder, articles, positions=True):
    begin = time.process_time()
    database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OVERWRITE)
    terms = xapian.TermGenerator()
    terms.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    for article in articles:
        document = xapian.Document()
        terms.set_stemmer(xapian.Stem(STEMMERS.get(article["language"][:2], "none")))
        terms.set_document(document)
        terms.set_termpos(0)
        index = terms.index_text if positions else terms.index_text_without_positions
        index(article["title"], 1, "S")
        index(article["title"])
        terms.increase_termpos()
        index(article["text"])
        database.add_document(document)
    database.commit()
    database.close()
    return time.process_time() - begin


def as_zim(folder, articles):
    pages = folder / "pages"
    pages.mkdir()
    for number, article in enumerate(articles):
        paragraphs = "".join(f"<p>{html.escape(text)}</p>\n"
                             for text in article["text"].split("\n\n") if text)
        (pages / f"{number}.html").write_text(
            f'<!DOCTYPE html><html lang="{article["language"]}"><head><meta charset="utf-8">'
            f'<title>{html.escape(article["title"])}</title></head><body>'
            f'<h1>{html.escape(article["title"])}</h1>\n{paragraphs}</body></html>')
    out = folder / "articles.zim"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(bench.zim_command(pages, out, "--threads=1"), check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (out.stat().st_size,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def archive_of_ours(arguments, work):
    """What search_speed printed, and the articles whose archive it left in `work`."""
    texts = work / "texts.jsonl"
    printed = subprocess.run([str(arguments.build.resolve() / "tests" / "search_speed"),
                              "--articles", str(arguments.articles), "--work", str(work),
                              "--texts", str(texts)],
                             cwd=bench.SOURCE, env=os.environ | {"COLPORT_BENCH_KEEP": "1"},
                             check=True, stdout=subprocess.PIPE, text=True).stdout
    print(printed, end="")
    if not texts.exists():
        sys.exit(77)
    return printed, [json.loads(line) for line in texts.open()]


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.work) as name:
        work = pathlib.Path(name)
        ours, articles = archive_of_ours(arguments, work)
        folder = next(work.glob("search_speed-*"))
        text = sum(len(one["text"].encode()) for one in articles)
        made, alone = (float(re.search(what + r" (\d+) articles", ours)[1])
                       for what in ("made", "indexed alone"))
        archive = sum(path.stat().st_size for path in folder.glob("archive.db*")
                      if not path.name.endswith("-shm"))
        bundles = size_of(folder / "feed")
        print(f"colport: {made:.0f} articles a second of CPU, checking and storing included, {alone:.0f} without; "
              f"archive {archive / bench.MB:.1f} MB and bundles {bundles / bench.MB:.1f} MB, "
              f"{(archive + bundles) / text:.2f} of the text")
        if xapian:
            seconds = with_xapian(work / "xapian", articles)
            print(f"Xapian {xapian.version_string()}: {len(articles) / seconds:.0f} articles a "
                  f"second of CPU; index {size_of(work / 'xapian') / text:.2f} of the text")
        if shutil.which("zimwriterfs"):
            size, seconds = as_zim(work, articles)
            print(f"zimwriterfs: {len(articles) / seconds:.0f} articles a second of CPU; "
                  f"file {size / bench.MB:.1f} MB, {size / text:.2f} of the text")


if __name__ == "__main__":
    main()
