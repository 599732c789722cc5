"""Searching with real processes: suggestions, completion, searches that go on."""

import contextlib
import json
import re
import socket
import sqlite3
import urllib.parse

from colport_harness import ColportTest, http, main, wait_for, words


class Search(ColportTest):
    def reader_of(self, *articles):
        press = self.press()
        press.add(*articles)
        press.release()
        reader = self.daemon("reader").start("--follow", press.public)
        reader.wait_release(1)
        return press, reader

    def complete(self, reader, typed, **parameters):
        query = urllib.parse.urlencode({"q": typed, **parameters})
        status, _, body = http(f"{reader.page}api/v1/complete?{query}")
        self.assertEqual(status, 200)
        return json.loads(body)

    def test_a_mistyped_word_is_put_right_everywhere_and_searched_for_nowhere(self):
        _, reader = self.reader_of(*({"text": f"the ferry {n} is late"} for n in range(60)))
        for _ in range(2):  # with a daemon, and without one
            found = reader.json("search", "fery")
            self.assertEqual((found["total"], found["hits"]), (0, []))
            self.assertEqual(found["did_you_mean"], {"query": "ferry", "marked": [[0, 5]]})
            shown = reader.colport("search", "fery")
            self.assertEqual(shown.stdout, "")
            self.assertEqual(shown.stderr, "nothing found\ndid you mean: ferry\n")
            if reader.process:
                page = http(reader.page + "search?q=fery")[2].decode()
                self.assertIn('<a href="/search?q=ferry" dir="auto"><mark>ferry</mark></a>', page)
                reader.stop()

    def test_what_is_typed_is_completed(self):
        _, reader = self.reader_of({"title": "The harbour opens", "text": "at last"},
                                   {"title": "Weather", "text": "storms over the harbour"})
        for typed in ("har", "harb", "harbour"):
            titles = [hit["title"] for hit in self.complete(reader, typed, client="tab")["hits"]]
            self.assertEqual(titles, ["The harbour opens", "Weather"], typed)
        hit = self.complete(reader, "open")["hits"][0]
        self.assertEqual(http(reader.page.rstrip("/") + hit["address"])[0], 200)
        address = reader.page + "api/v1/complete?q=har"
        self.assertEqual(http(address, Host="evil.example")[0], 421)
        self.assertEqual(http(address, **{"Sec-Fetch-Site": "cross-site",
                                          "Sec-Fetch-Mode": "cors"})[0], 403)

    def test_clients_that_hang_up_leave_a_daemon_that_answers(self):
        _, reader = self.reader_of(*({"text": words(50, n) + " harbour"} for n in range(100)))
        host, port = reader.page.split("/")[2].split(":")
        for _ in range(200):
            with socket.create_connection((host, int(port))) as client:
                client.sendall(f"GET /api/v1/complete?q=h&client=a HTTP/1.1\r\n"
                               f"Host: {host}:{port}\r\n\r\n".encode())
        self.assertEqual(len(self.complete(reader, "harb", client="a")["hits"]), 20)

    def test_a_search_that_was_cut_short_goes_on(self):
        # A phrase of common words is decided by the texts, which are too many at once.
        filler = words(4000, "filler")
        _, reader = self.reader_of(
            *({"id": f"n{n}", "published": f"2026-01-01T{n // 60:02}:{n % 60:02}:00Z",
               "text": ("to be or not " if n % 50 == 0 else "not or be to ") + filler}
              for n in range(300)))
        phrase, found, before, rounds = '"to be or not"', [], [], 0
        while rounds < 20:
            page = reader.json("search", *before, "--limit", "100", phrase)
            found += [hit["id"] for hit in page["hits"]]
            rounds += 1
            self.assertEqual(page["next"] is not None, page["partial"])
            if page["next"] is None:
                break
            self.assertFalse(page["total_is_exact"])
            shown = reader.colport("search", *before, phrase)
            # What was read before costs less the second time, so it may come further.
            next_row = int(re.search(r"add --before (\d+)\n", shown.stderr)[1])
            self.assertLessEqual(next_row, page["next"])
            before = ["--before", str(page["next"])]
        self.assertGreater(rounds, 1)
        self.assertEqual((len(found), len(set(found))), (6, 6))

    def test_orders_and_parts(self):
        _, reader = self.reader_of(
            {"title": "Old", "text": "ferry ferry ferry", "published": "2025-01-01T00:00:00Z"},
            {"title": "New", "text": "a ferry " + words(300, 1),
             "published": "2026-01-01T00:00:00Z"})

        def titles(*options):
            return [hit["title"] for hit in reader.json("search", *options, "ferry")["hits"]]
        self.assertEqual(titles("--sort", "date"), ["New", "Old"])
        self.assertEqual(titles("--sort", "date", "--limit", "1", "--offset", "1"), ["Old"])
        self.assertEqual(titles("--lang", "fa"), [])
        self.assertEqual(reader.colport("search", "--limit", "1", "ferry").stderr, "1 shown of 2\n")
        self.assertIn("--before", reader.colport("search", "--help").stdout)
        self.assertIsNone(reader.status()["index"])

    def test_an_index_in_the_making_says_how_far_it_is(self):
        filler = words(4000, "filler")
        _, reader = self.reader_of(*({"text": f"ferry {n} {filler}"} for n in range(800)))
        reader.stop()
        with contextlib.closing(sqlite3.connect(reader.data / "archive.sqlite")) as archive:
            archive.execute("UPDATE indexes SET signature = 'of another program'")
            archive.commit()
        reader.start()
        status = wait_for("the index in the making",
                          lambda: (found := reader.status())["index"] and found)
        self.assertEqual(status["index"]["articles"], 800)
        self.assertLess(status["index"]["percent"], 100)
        # The old one serves meanwhile.
        self.assertEqual(reader.json("search", "ferry")["total"], 800)
        shown = reader.colport("status").stdout
        page = http(reader.page + "feeds")[2].decode()
        if reader.status()["index"]:
            self.assertIn("indexing: ", shown)
            self.assertIn("of 800 articles", page)
        wait_for("the index", lambda: reader.status()["index"] is None)
        self.assertNotIn("indexing", reader.colport("status").stdout)
        self.assertEqual(reader.json("search", "ferry")["total"], 800)


if __name__ == "__main__":
    main()
