"""What search finds and what it keeps out: colportd beside Xapian.

    python3 tests/bench/search_recall.py --build build

Both hold all articles of the judged set (functional/test_judged.py) in one
index and answer the same queries. Xapian stems each article by its language,
and a query by the language of its file, which colportd is not told; where it
has no stemmer, it does without. Chinese, Japanese and Korean are n-grams there.
All words must occur, as with colportd, and phrases, -word and word* mean the
same. `found` is of the pairs that must be found, `kept out` of those that must
not. Needs Xapian's Python module (Debian: python3-xapian).
"""

import pathlib
import shutil
import sys
import tempfile

import bench_support as bench

try:
    import xapian
except ImportError:
    print("python3-xapian is not installed: nothing to compare with", file=sys.stderr)
    sys.exit(77)

# By the part of a language tag that counts.
STEMMERS = {"ru": "russian", "ar": "arabic", "tr": "turkish", "en": "english", "de": "german",
            "fr": "french", "es": "spanish"}


def stemmer(language):
    return xapian.Stem(STEMMERS.get(language.split("-")[0], "none"))


class Xapian:
    def __init__(self, articles):
        self.database = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
        self.ids = list(articles)
        for one in articles.values():
            document = xapian.Document()
            terms = xapian.TermGenerator()
            terms.set_stemmer(stemmer(one["language"]))
            terms.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
            terms.set_document(document)
            terms.index_text(one["title"])
            terms.increase_termpos()  # no phrase goes from title to text
            terms.index_text(one["text"])
            self.database.add_document(document)

    def search(self, language, query):
        parser = xapian.QueryParser()
        parser.set_database(self.database)
        parser.set_stemmer(stemmer(language))
        parser.set_stemming_strategy(parser.STEM_SOME)
        parser.set_default_op(xapian.Query.OP_AND)
        flags = (parser.FLAG_PHRASE | parser.FLAG_LOVEHATE | parser.FLAG_WILDCARD
                 | parser.FLAG_CJK_NGRAM)
        enquire = xapian.Enquire(self.database)
        # A word with a capital would not be stemmed.
        enquire.set_query(parser.parse_query(query.lower(), flags))
        return {self.ids[match.docid - 1] for match in enquire.get_mset(0, len(self.ids))}


def colport(harness, judged_set, articles, pairs):
    work = pathlib.Path(tempfile.mkdtemp(prefix="colport-judged-"))
    reader = harness.Daemon(work / "reader")
    try:
        press = harness.Press(work / "newsroom")
        judged_set.publish(press, articles)
        reader.start("--follow", press.public)
        reader.wait_release(1)
        return judged_set.judge(pairs, judged_set.asking(reader, articles))
    finally:
        if reader.process:
            reader.kill()
        shutil.rmtree(work, ignore_errors=True)


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--failed", action="store_true",
                        help="name the pairs that failed, of the development part alone")
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    import judged_set
    articles, pairs = judged_set.load()
    results = {"colportd": colport(harness, judged_set, articles, pairs),
               "Xapian": judged_set.judge(pairs, Xapian(articles).search)}
    if arguments.failed:
        for name, (_, failed) in results.items():
            for pair in failed:
                print(f"{name}: {pair.language}: {'missed' if pair.wanted else 'not meant'}: "
                      f"{pair.query} -> {pair.article} ({pair.why})")
    tables = [judged_set.by_language(scores) for scores, _ in results.values()]
    for at, part in enumerate(judged_set.PARTS, 1):
        print(f"\n{part}:")
        rows = [(lines[0][0], *(cell for line in lines for cell in line[at].cells()))
                for lines in zip(*tables)]
        bench.table(["language", *(f"{name} {figure}" for name in results
                                   for figure in ("found", "kept out"))], rows)


if __name__ == "__main__":
    main()
