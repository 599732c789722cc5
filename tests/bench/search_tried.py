"""What the small index is worth: its size and latency beside plainer ones.

    python3 tests/bench/search_tried.py --build build [--articles 20000]

The same articles in FTS5 as it comes (its stemmer for English, contentless) with
each of its details, in Xapian with and without positions, and in an archive of
ours. Queries are words and neighbouring pairs of the articles, the best 20 by each
engine's BM25; ours alone also reads the articles and makes snippets. Times are of
the thread's CPU, the second time that a query is asked.

`phrases`: how many of the quoted pairs are answered as phrases. FTS5 without
positions refuses them.
"""

import pathlib
import random
import re
import sqlite3
import tempfile
import time

import bench_support as bench
import search_peers as peers

SHOWN = 20
OF_EACH = 60


def queries_of(articles):
    """Kinds of queries, without operators; pairs are neighbours."""
    chance = random.Random(7)
    having = {}
    for article in articles[:4000]:
        for word in set(re.findall(r"[^\W\d_]{3,23}", article["text"].lower())):
            having[word] = having.get(word, 0) + 1
    most = min(len(articles), 4000)
    common = sorted(word for word, count in having.items() if count > most / 20)
    rare = sorted(word for word, count in having.items() if 2 < count < most / 200)
    pairs = []
    while len(pairs) < OF_EACH:
        words = chance.choice(articles)["text"].split()
        at = chance.randrange(max(len(words) - 1, 1))
        pair = words[at:at + 2]
        if len(pair) == 2 and all(re.fullmatch(r"[^\W\d_]{3,23}", word) for word in pair):
            pairs.append(" ".join(pair).lower())
    return {"common word": chance.choices(common, k=OF_EACH),
            "rare word": chance.choices(rare, k=OF_EACH),
            "two common words": [" ".join(chance.choices(common, k=2)) for _ in range(OF_EACH)],
            "phrase": pairs}


def percentiles(times):
    times = sorted(times)
    return (f"{1000 * times[len(times) // 2]:.1f}",
            f"{1000 * times[min(len(times) - 1, len(times) * 99 // 100)]:.1f}")


def timed(queries, ask):
    """Times of all that is answered, and how many phrases were."""
    times, phrases = [], 0
    for kind, texts in queries.items():
        for text in texts:
            for turn in range(2):
                begin = time.thread_time()
                answered = ask(text, kind == "phrase")
                took = time.thread_time() - begin
            if answered:
                times.append(took)
                phrases += kind == "phrase"
    return (*percentiles(times), f"{phrases} of {OF_EACH}")


def with_fts5(folder, articles, detail, queries):
    path = folder / f"{detail}.db"
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous=OFF")
    database.execute(f"CREATE VIRTUAL TABLE found USING fts5 (title, body, content='', "
                     f"detail={detail}, tokenize='porter unicode61')")
    begin = time.process_time()
    with database:
        database.executemany("INSERT INTO found (rowid, title, body) VALUES (?, ?, ?)",
                             ((number, one["title"], one["text"])
                              for number, one in enumerate(articles, 1)))
        database.execute("INSERT INTO found (found) VALUES ('optimize')")
    made = len(articles) / (time.process_time() - begin)
    database.execute("VACUUM")
    size = path.stat().st_size

    def ask(text, phrase):
        if phrase and detail != "full":
            return False
        typed = f'"{text}"' if phrase else " ".join(f'"{word}"' for word in text.split())
        database.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?",
                         (typed, SHOWN)).fetchall()
        return True

    return f"FTS5, detail={detail}", size, made, timed(queries, ask)


def with_xapian(folder, articles, positions, queries):
    seconds = peers.with_xapian(folder, articles, positions)
    database = peers.xapian.Database(str(folder))
    parser = peers.xapian.QueryParser()
    parser.set_database(database)
    parser.set_stemmer(peers.xapian.Stem("english"))
    parser.set_stemming_strategy(parser.STEM_SOME)
    parser.set_default_op(peers.xapian.Query.OP_AND)

    def ask(text, phrase):
        if phrase and not positions:
            return False
        enquire = peers.xapian.Enquire(database)
        enquire.set_query(parser.parse_query(f'"{text}"' if phrase else text))
        list(enquire.get_mset(0, SHOWN))
        return True

    name = "Xapian" if positions else "Xapian without positions"
    return name, peers.size_of(folder), len(articles) / seconds, timed(queries, ask)


def ours(printed):
    share = re.search(r"then index ([\d.]+)", printed)[1]
    all_kinds = re.search(r"^ +all +p50 +([\d.]+) +p99 +([\d.]+)", printed, re.M)
    made = re.search(r"made (\d+) articles", printed)[1]
    return ("colport, with snippets", share, made, all_kinds[1], all_kinds[2], "all")


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.work) as name:
        work = pathlib.Path(name)
        printed, articles = peers.archive_of_ours(arguments, work)
        size = sum(len(one["text"].encode()) for one in articles)
        queries = queries_of(articles)
        made = [with_fts5(work, articles, detail, queries)
                for detail in ("full", "column", "none")]
        if peers.xapian:
            made += [with_xapian(work / "with", articles, True, queries),
                     with_xapian(work / "without", articles, False, queries)]
        rows = [(name, f"{of / size:.2f}", f"{rate:.0f}", *times)
                for name, of, rate, times in made]
        bench.table(["index", "of the text", "articles per CPU s", "p50 ms", "p99 ms", "phrases"],
                    [ours(printed), *rows])


if __name__ == "__main__":
    main()
