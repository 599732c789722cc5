"""Search finds what a reader means and nothing else, language by language.

The articles of tests/judged are in one archive, as with a reader who follows
newsrooms of several languages, and no query says which language it is in. Each
file there is of one language, one JSON object a line; an article:

    article   id, unique in all files
    title     unique too
    text      of two to four sentences
    language  as the newsroom names it

or a query with what people who read that language expect of it:

    query     as typed
    find      ids of articles that must be found
    not       ids of articles that must not be
    held_out  true for every third with something in "not", and for every third
              of the others: only figures are shown of these, so that nobody
              fits the index to them
    why       what about it is worth a look

Of an article in neither list nothing is said. What was judged does not depend
on what any index can do: a query stays in the set though it will never work.
"""

import unicodedata
import unittest

import judged_set
from colport_harness import ColportTest, main

# Of all pairs of a language, in percent: what must be found, and what must be kept
# out. To be just under what the index reaches; a language that is missing is only
# printed.
FLOOR = {"all": (95, 76), "ar": (97, 80), "fa": (92, 95), "ru": (97, 90), "tr": (93, 80), "uk": (90, 80),
         "zh": (92, 55), "en": (93, 55)}


class Judged(ColportTest):
    def test_the_set_is_sound(self):
        articles, pairs = judged_set.load()
        self.assertEqual(len({one["title"] for one in articles.values()}), len(articles))
        self.assertLessEqual({pair.article for pair in pairs}, set(articles))
        unique = {(pair.language, pair.query, pair.article) for pair in pairs}
        self.assertEqual(len(unique), len(pairs))
        self.assertGreaterEqual(sum(pair.wanted for pair in pairs), 220)
        self.assertGreaterEqual(sum(not pair.wanted for pair in pairs), 70)
        held_out = sum(pair.part == "held out" for pair in pairs)
        self.assertAlmostEqual(held_out / len(pairs), 1 / 3, delta=0.05)

    def archive(self):
        """Articles, pairs, and a function that searches."""
        articles, pairs = judged_set.load()
        press = self.press()
        judged_set.publish(press, articles)
        reader = self.daemon("reader").start("--follow", press.public)
        reader.wait_release(1)
        search = judged_set.asking(reader, articles)
        self.assertEqual(search("", ""), set(articles))
        return articles, pairs, search

    def test_what_stands_between_two_blanks_is_found_as_it_stands(self):
        articles, _, search = self.archive()
        for id, one in articles.items():
            text = f"{one['title']} {one['text']}"
            signs = "".join(c for c in text if unicodedata.category(c)[0] in "PS")
            pieces = {piece.strip(signs) for piece in text.split()} - {""}
            missed = sorted(piece for piece in pieces if id not in search("", piece))
            with self.subTest(id):
                self.assertEqual(missed, [])

    def test_what_is_meant_is_found_and_what_is_not_meant_is_not(self):
        _, pairs, search = self.archive()
        scores, failed = judged_set.judge(pairs, search)
        for pair in failed:
            print(f"{pair.language}: {'missed' if pair.wanted else 'not meant'}: "
                  f"{pair.query} -> {pair.article} ({pair.why})")
        rows = judged_set.by_language(scores)
        for language, *parts in rows:
            print(f"{language}: " + "; ".join(
                f"{part}: found {score.cells()[0]}, kept out {score.cells()[1]}"
                for part, score in zip(judged_set.PARTS, parts)))
        for language, *parts in rows:
            score = sum(parts, judged_set.Score())
            recall, purity = FLOOR.get(language, (0, 0))
            with self.subTest(language):
                self.assertGreaterEqual(score.recall(), recall)
                self.assertGreaterEqual(score.purity(), purity)


if __name__ == "__main__":
    main()
