"""The judged set of articles and queries. functional/test_judged.py tells its format."""

import collections
import json
import pathlib
import urllib.parse

from colport_harness import http

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "judged"
PARTS = ("development", "held out")

Pair = collections.namedtuple("Pair", "language part query article wanted why")


class Score:
    """How many of the wanted pairs were found, and of the unwanted ones kept out."""

    def __init__(self):
        self.found = self.wanted = self.kept_out = self.unwanted = 0

    def count(self, pair, found):
        if pair.wanted:
            self.wanted += 1
            self.found += found
        else:
            self.unwanted += 1
            self.kept_out += not found

    def __add__(self, other):
        out = Score()
        for name in vars(out):
            setattr(out, name, getattr(self, name) + getattr(other, name))
        return out

    def recall(self):
        return 100 * self.found / self.wanted

    def purity(self):
        return 100 * self.kept_out / self.unwanted

    def cells(self):
        return (f"{self.recall():.0f}% of {self.wanted}", f"{self.purity():.0f}% of {self.unwanted}")


def load():
    """Articles by their id, and pairs."""
    articles, pairs = {}, []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in map(json.loads, path.read_text().splitlines()):
            if "article" in line:
                articles[line["article"]] = line
                continue
            part = PARTS[line["held_out"]]
            pairs += (Pair(path.stem, part, line["query"], article, wanted, line["why"])
                      for wanted, name in ((True, "find"), (False, "not")) for article in line[name])
    return articles, pairs


def publish(press, articles):
    press.add(*({"title": one["title"], "text": one["text"], "lang": one["language"]}
                for one in articles.values()))
    press.release()


def asking(reader, articles):
    """What judge() calls: asks a daemon that holds the articles."""
    ids = {one["title"]: id for id, one in articles.items()}

    def search(_, query):
        address = f"{reader.page}api/v1/search?limit=100&q={urllib.parse.quote(query)}"
        status, _, body = http(address)
        if status != 200:
            raise AssertionError(f"{query}: {status}")
        return {ids[hit["title"]] for hit in json.loads(body)["hits"]}
    return search


def judge(pairs, search):
    """Scores by language and part, and the pairs of the development part that failed.

    `search` is given a language and a query of its set, and gives the ids of
    what was found.
    """
    scores, failed, answers = collections.defaultdict(Score), [], {}
    for pair in pairs:
        key = pair.language, pair.query
        if key not in answers:
            answers[key] = search(*key)
        found = pair.article in answers[key]
        scores[pair.language, pair.part].count(pair, found)
        # Whoever sees which held out pairs fail would work on those.
        if found != pair.wanted and pair.part == PARTS[0]:
            failed.append(pair)
    return scores, failed


def by_language(scores):
    """Language and its scores in the order of PARTS; the last is of all languages."""
    rows = [(language, *(scores[language, part] for part in PARTS))
            for language in sorted({language for language, _ in scores})]
    return [*rows, ("all", *(sum((row[1 + at] for row in rows), Score())
                             for at in range(len(PARTS))))]
