"""Everything that a reader has is erased: by command, by the page, and after a kill."""

import re
import shutil
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request

from colport_harness import ColportTest, http, main, run, wait_for


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def post(address, **form):
    """As a form of the page sends it; gives the status."""
    page = http(urllib.parse.urljoin(address, "/keys"))[2].decode()
    form["token"] = re.search(r'data-token="(\w+)"', page)[1]
    request = urllib.request.Request(address, data=urllib.parse.urlencode(form).encode())
    try:
        return urllib.request.build_opener(NoRedirect).open(request, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


class Purge(ColportTest):
    def reader_of(self, press, name="reader"):
        reader = self.daemon(name, "--mode", "offline").start()
        reader.colport("import", press.public)
        self.assertGreater(reader.json("latest")["total"], 5)
        reader.colport("star", reader.json("latest")["hits"][0]["id"])
        return reader

    def newsroom(self):
        press = self.press()
        press.add_samples()
        press.release()
        return press

    def test_with_a_daemon(self):
        press = self.newsroom()
        reader = self.reader_of(press)
        unsure = reader.colport("purge", ok=False)
        self.assertEqual(unsure.returncode, 1)
        self.assertIn("--yes", unsure.stderr)
        self.assertGreater(reader.json("latest")["total"], 5)
        done = reader.colport("purge", "--yes")
        self.assertIn("often be", done.stderr)
        self.assertEqual(reader.process.wait(15), 0)
        reader.process = None
        self.assertFalse(reader.data.exists())
        self.assertTrue((press.public / "head").exists(), "what it came from stays")

    def test_without_a_daemon(self):
        reader = self.reader_of(self.newsroom())
        reader.stop()
        (reader.data / "mine.txt").write_text("not colport's")
        disk = self.work / "disk"
        (reader.data / "feeds").rename(disk)
        (reader.data / "feeds").symlink_to(disk)
        done = reader.colport("purge", "--yes")
        self.assertIn("not colport's", done.stderr)
        self.assertEqual([path.name for path in reader.data.iterdir()], ["mine.txt"])
        self.assertEqual(list(disk.iterdir()), [], "what a link leads to is erased too")
        reader.colport("purge", "--yes")

    def test_one_feed(self):
        reader = self.reader_of(self.newsroom())
        other = self.press("other")
        other.add({"title": "Elsewhere", "text": "Another newsroom."})
        other.release()
        reader.colport("import", other.public)
        first = reader.json("feeds")[0]["feed"]

        def stars():
            with sqlite3.connect(reader.data / "reading.sqlite") as database:
                return database.execute("SELECT count(*) FROM starred").fetchone()[0]

        self.assertEqual(stars(), 1)
        done = reader.colport("purge", "--feed", first, "--yes")
        self.assertIn("configuration", done.stderr)
        self.assertNotIn(first, [feed["feed"] for feed in reader.json("feeds")])
        self.assertFalse((reader.data / "feeds" / first).exists())
        self.assertEqual(stars(), 0, "nor is it kept which of its articles were starred")
        self.assertEqual(reader.json("latest")["total"], 1)
        reader.stop()
        second = reader.json("feeds")[0]["feed"]
        reader.colport("purge", "--feed", second[:8], "--yes")
        self.assertEqual(reader.json("latest")["total"], 0)
        self.assertFalse((reader.data / "feeds" / second).exists())

    def test_one_feed_by_the_page(self):
        press = self.newsroom()
        reader = self.reader_of(press)
        feed = reader.json("feeds")[0]["feed"]
        folder = reader.data / "feeds" / feed
        killed = reader.data / "import-0123abcd"
        shutil.copytree(press.public, killed)
        page = http(f"{reader.page}feed/{feed}")[2].decode()
        self.assertIn("erase its files", page)
        self.assertEqual(post(f"{reader.page}do/unfollow", feed=feed), 303)
        wait_for("it to leave", lambda: not reader.json("feeds"))
        self.assertTrue(any(folder.iterdir()), "the files stay, as the page says")
        reader.colport("import", press.public)
        self.assertEqual(post(f"{reader.page}do/unfollow", feed=feed, erase="1"), 303)
        self.assertEqual(reader.json("feeds"), [])
        self.assertFalse(folder.exists())
        self.assertFalse(killed.exists())

    def test_by_the_panic_key(self):
        reader = self.reader_of(self.newsroom())
        self.assertEqual(post(f"{reader.page}do/settings", panic="purge"), 303)
        self.assertEqual(post(f"{reader.page}do/leave"), 303)
        # Who is led away, and who comes back, sees nothing but measures.
        for path in ("kitchen", "", "starred", "do/leave"):
            status, _, body = http(f"{reader.page}{path}")
            self.assertEqual(status, 200)
            for telling in (b"Colport", b"Gazette", b"token"):
                self.assertNotIn(telling, body)
        wait_for("the data to go", lambda: not reader.data.exists())
        self.assertEqual(reader.process.wait(15), 0)
        reader.process = None

    def test_a_kill_right_after_the_panic_key_does_not_save_the_data(self):
        reader = self.reader_of(self.newsroom())
        post(f"{reader.page}do/settings", panic="purge")
        post(f"{reader.page}do/leave")
        reader.kill()
        if not reader.data.exists():
            return
        with self.assertRaises(AssertionError) as ended:
            reader.start()
        self.assertIn("ended with 0", str(ended.exception))
        reader.process = None
        self.assertFalse(reader.data.exists())

    def test_options_that_are_wrong_do_not_keep_a_purge_from_going_on(self):
        reader = self.reader_of(self.newsroom())
        reader.kill()
        (reader.data / "purge").write_text("")
        done = run("colportd", "--data", reader.data, "--follow", "no link",
                                "--proxy-password-file", "/nowhere", ok=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(reader.data.exists())

    def test_one_that_was_broken_off_goes_on(self):
        reader = self.reader_of(self.newsroom())
        reader.kill()
        (reader.data / "purge").write_text("")
        started = time.monotonic()
        with self.assertRaises(AssertionError) as ended:
            reader.start()
        self.assertIn("ended with 0", str(ended.exception))
        self.assertLess(time.monotonic() - started, 20)
        reader.process = None
        self.assertFalse(reader.data.exists())


if __name__ == "__main__":
    main()
