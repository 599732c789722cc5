"""A newsroom's day: drafts are looked at, corrected, taken back, watched and released."""

import functools
import hashlib
import http.server
import json
import os
import re
import shutil
import signal
import socket
import socketserver
import sqlite3
import subprocess
import threading
import time
import urllib.request

from colport_harness import BIN, SOURCE, ColportTest, main, run, wait_for

PAGE = """<html><head><title>{title}</title><meta name="date" content="2026-05-0{day}T10:00:00Z">
</head><body><article><p>{text}</p></article></body></html>"""
WORDS = ("The harbour master keeps the tide book by hand, one line for every morning, and anybody "
         "who asks may read it at the window. Nobody remembers a day that was left out, though the "
         "ink has faded on the pages of the hard winter, when the boats did not go out at all. ")


def page(folder, name, title, text=WORDS, day=1):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.html"
    path.write_text(PAGE.format(title=title, text=text, day=day))
    return path


def files_of(folder):
    """What a feed directory consists of, byte for byte."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class NewsroomTest(ColportTest):
    def setUp(self):
        super().setUp()
        self.folder = self.work
        self.root = self.press().root

    def colport_press(self, command, *args, **kwargs):
        return run("colport-press", command, self.root, *args, **kwargs)

    def json(self, command, *args):
        return json.loads(self.colport_press(command, *args, "--json").stdout)

    def release(self):
        return self.json("release")

    def follower(self):
        return self.daemon("reader", "--follow", str(self.root / "public")).start()


class Corrections(NewsroomTest):
    def test_an_article_is_corrected_and_taken_back(self):
        pages = self.folder / "pages"
        page(pages, "tide", "The tide book")
        page(pages, "stub", "A stub", "Too short.", day=2)
        self.colport_press("add", pages)
        drafts = {draft["title"]: draft for draft in self.json("drafts")["drafts"]}
        self.assertIn("very short", drafts["A stub"]["warnings"])
        self.assertNotIn("very short", drafts["The tide book"]["warnings"])
        self.colport_press("drafts", "--drop", drafts["A stub"]["id"][:8])
        self.assertEqual(len(self.json("drafts")["drafts"]), 1)
        self.release()
        daemon = self.follower()
        daemon.wait_complete(1)
        article = daemon.json("latest")["hits"][0]["id"]

        fixed = page(self.folder, "fixed", "The tide book, corrected", WORDS.replace("ink", "pencil"))
        self.assertNotEqual(self.colport_press("correct", "ffffffff", fixed, ok=False).returncode, 0)
        self.colport_press("correct", article[:8], fixed, "--note", "It was a pencil, not ink.")
        # The site still has the old words: they do not undo the correction.
        self.assertEqual(self.json("add", pages / "tide.html")["unchanged"], 1)
        self.assertEqual(self.release()["seq"], 2)
        daemon.wait_complete(2, seconds=90)
        read = daemon.json("read", article)
        self.assertEqual(read["title"], "The tide book, corrected")
        self.assertIn("pencil", read["text"])
        self.assertEqual(self.json("add", pages / "tide.html")["unchanged"], 1)
        self.assertEqual(self.json("drafts")["drafts"], [])

        self.colport_press("retract", article[:8], "--reason", "The harbour master asked for it.")
        self.assertEqual(self.release()["seq"], 3)
        daemon.wait_complete(3, seconds=90)
        self.assertEqual(daemon.json("latest")["hits"], [])
        refused = daemon.colport("read", article, ok=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("retracted", refused.stderr)
        # And what was taken back does not return by itself.
        page(pages, "tide", "The tide book", WORDS + "A word more.")
        self.colport_press("add", pages / "tide.html")
        self.assertEqual(self.json("drafts")["drafts"], [])
        self.assertTrue(json.loads(run("colport-press", "verify", self.root, "--json").stdout)["ok"])

    def test_damaged_drafts_are_dropped_as_their_hint_says(self):
        pages = self.folder / "pages"
        page(pages, "tide", "The tide book")
        self.colport_press("add", pages)
        self.release()
        published = self.json("correct", self.published(), page(self.folder, "fixed", "Fixed",
                                                                WORDS.replace("ink", "pencil")))["id"]
        page(pages, "one", "One", WORDS + "One.")
        page(pages, "two", "Two", WORDS + "Two.")
        self.colport_press("add", pages)
        ids = {draft["title"]: draft["id"] for draft in self.json("drafts")["drafts"]}
        rotten = [ids["One"], published]
        drafts = sqlite3.connect(self.root / "private" / "drafts" / "drafts.sqlite")
        for one in rotten:
            drafts.execute("UPDATE drafts SET article = x'ffff' WHERE id = ?", [bytes.fromhex(one)])
        drafts.commit()
        drafts.close()
        for command in ("drafts", "release"):
            refused = self.colport_press(command, ok=False)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("is damaged", refused.stderr)
            self.assertRegex(refused.stderr, "hint: colport-press drafts DIR --drop (%s|%s),"
                             % tuple(rotten))
        # One after the other: while there is another it is named, and this one is gone.
        first = re.search("--drop ([0-9a-f]+)", refused.stderr).group(1)
        second = next(one for one in rotten if one != first)
        refused = self.colport_press("drafts", "--drop", first, ok=False)
        self.assertIn(f"{second} is damaged", refused.stderr)
        if second == published:
            self.colport_press("retract", published, "--reason", "It was not true.")
        else:
            self.colport_press("retract", second)
        self.assertIn(ids["Two"], [draft["id"] for draft in self.json("drafts")["drafts"]])
        self.release()
        self.assertTrue(json.loads(run("colport-press", "verify", self.root, "--json").stdout)["ok"])

    def published(self):
        daemon = self.follower()
        daemon.wait_complete(1)
        return daemon.json("latest")["hits"][0]["id"]

    def test_a_release_under_way_holds_nothing_that_was_dropped(self):
        pages, request = self.folder / "pages", self.folder / "request"
        page(pages, "one", "One", WORDS + "One.")
        page(pages, "two", "Two", WORDS + "Two.")
        self.colport_press("add", pages)
        ids = {draft["title"]: draft["id"] for draft in self.json("drafts")["drafts"]}
        self.colport_press("release", "--prepare", request)
        run("colport-press", "sign", request, "--keys", self.root / "private" / "keys", "--yes")
        dropped = self.colport_press("drafts", "--drop", ids["One"])
        self.assertIn("finished no more", dropped.stderr)
        refused = self.colport_press("release", "--finish", request, ok=False)
        self.assertEqual(refused.returncode, 1)
        self.assertFalse((self.root / "public" / "head").exists())
        self.assertEqual(self.release()["articles"], 1)


class Preview(NewsroomTest):
    def preview(self, *args):
        process = subprocess.Popen([str(BIN / "colport-press"), "preview", str(self.root), "--json",
                                    *args], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "XDG_RUNTIME_DIR": str(self.runtime)})
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.addCleanup(process.stdout.close)
        return process, json.loads(process.stdout.readline())

    def setUp(self):
        super().setUp()
        self.runtime = self.folder / "runtime"
        self.runtime.mkdir()

    def test_drafts_are_shown_as_readers_will_see_them_and_leave_nothing(self):
        sample = SOURCE / "packaging" / "sample"
        refused = self.colport_press("preview", ok=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("no drafts", refused.stderr)
        self.colport_press("add", sample / "feed.xml", sample / "pages")
        before = files_of(self.root)
        process, told = self.preview()
        address = told["address"].rstrip("/")
        self.assertTrue(address.startswith("http://127.0.0.1:"), address)
        with urllib.request.urlopen(address + "/") as answer:
            front = answer.read().decode()
        self.assertIn("The Harbour Gazette", front)
        for article in told["articles"]:
            self.assertIn(article["id"][:8], front)
        # With the pictures.
        pictures = 0
        for article in told["articles"]:
            link = re.search(r'href="(/[^"]*%s[^"]*)"' % article["id"][:8], front)
            with urllib.request.urlopen(address + link.group(1).replace("&amp;", "&")) as answer:
                body = answer.read().decode()
            for source in re.findall(r'<img[^>]* src="([^"]+)"', body):
                with urllib.request.urlopen(address + source) as answer:
                    self.assertTrue(answer.headers["Content-Type"].startswith("image/"))
                    pictures += 1
        self.assertGreater(pictures, 0)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 0)
        self.assertEqual(list(self.runtime.iterdir()), [])
        self.assertEqual(files_of(self.root), before)

    def test_what_a_killed_preview_left_goes_with_the_next(self):
        sample = SOURCE / "packaging" / "sample"
        self.colport_press("add", sample / "feed.xml")
        process, _ = self.preview()
        process.kill()
        process.wait()
        self.assertEqual(len(list(self.runtime.iterdir())), 1)
        process, _ = self.preview()
        self.assertEqual(len(list(self.runtime.iterdir())), 1)
        process.terminate()
        self.assertEqual(process.wait(10), 0)
        self.assertEqual(list(self.runtime.iterdir()), [])


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


class Watch(NewsroomTest):
    def setUp(self):
        super().setUp()
        self.site = self.folder / "site"
        self.site.mkdir()

    def serve(self, port=0):
        handler = functools.partial(Quiet, directory=self.site)
        server = Server(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        return server

    def feed(self, *titles):
        items = "".join(f"<item><title>{title}</title><guid>{title}</guid><description>{WORDS}"
                        f"</description></item>" for title in titles)
        (self.site / "feed.xml").write_text(
            f"<rss version='2.0'><channel><title>Harbour</title>{items}</channel></rss>")

    def watch(self, *args):
        log = self.folder / "watch.log"
        with open(log, "ab") as out:
            process = subprocess.Popen([str(BIN / "colport-press"), "watch", str(self.root),
                                        "--every", "1s", *map(str, args)], stdout=out, stderr=out)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process, log

    def test_what_is_new_is_released_by_itself(self):
        refused = self.colport_press("watch", ok=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("hint: ", refused.stderr)
        server = self.serve()
        port = server.server_address[1]
        self.feed("One", "Two")
        self.colport_press("watch", "--add", f"http://127.0.0.1:{port}/feed.xml")
        self.assertEqual(self.colport_press("watch", "--add", f"http://127.0.0.1:{port}/feed.xml",
                                            ok=False).returncode, 1)
        process, log = self.watch()

        def released(seq):
            return wait_for(f"release {seq}", lambda: f"release {seq}: " in log.read_text(), 60)

        released(1)
        self.assertIn("release 1: 2 articles", log.read_text())
        # A kill at any moment, and the web away for a while, lose nothing.
        process.kill()
        process.wait()
        self.feed("One", "Two", "Three")
        process, log = self.watch()
        released(2)
        server.shutdown()
        server.server_close()
        wait_for("the problem", lambda: "warning: http://127.0.0.1" in log.read_text(), 60)
        self.feed("One", "Two", "Three", "Four")
        self.serve(port)
        released(3)
        self.assertIn("works again", log.read_text())
        problems = [line for line in log.read_text().splitlines() if "warning: http" in line]
        self.assertEqual(len(problems), 1, problems)
        process.terminate()
        self.assertEqual(process.wait(20), 0)
        verified = json.loads(run("colport-press", "verify", self.root, "--json").stdout)
        self.assertTrue(verified["ok"])
        self.assertEqual(verified["articles"], 4)

    def test_a_timer_may_look_once(self):
        pages = self.folder / "pages"
        page(pages, "tide", "The tide book")
        self.colport_press("watch", "--add", pages)
        once = self.colport_press("watch", "--once")
        self.assertIn("release 1: 1 article", once.stdout)
        self.assertEqual(self.colport_press("watch", "--once").stdout, "")
        page(pages, "ferry", "The ferry", WORDS[::-1], day=2)
        self.assertIn("release 2: 1 article", self.colport_press("watch", "--once").stdout)
        listed = json.loads(self.colport_press("watch", "--list", "--json").stdout)["sources"]
        self.assertEqual([source["source"] for source in listed], [str(pages.resolve())])
        self.colport_press("watch", "--remove", pages)
        self.assertEqual(self.colport_press("watch", "--list").stdout, "")
        feed = "https://gazette.example/feed"
        self.colport_press("watch", "--add", feed, "--from", "cdn.example")
        self.assertIn("(from cdn.example too)", self.colport_press("watch", "--list").stdout)
        listed = json.loads(self.colport_press("watch", "--list", "--json").stdout)["sources"]
        self.assertEqual(listed[0]["from"], ["cdn.example"])

    def silent_server(self):
        """Accepts, and never answers."""
        server = socket.create_server(("127.0.0.1", 0))
        server.settimeout(60)
        self.addCleanup(server.close)
        return server, f"http://127.0.0.1:{server.getsockname()[1]}/feed.xml"

    def test_while_a_server_is_silent_others_work_and_it_can_be_ended(self):
        self.colport_press("add", page(self.folder / "pages", "tide", "The tide book"))
        article = self.json("drafts")["drafts"][0]["id"]
        self.release()
        server, url = self.silent_server()
        self.colport_press("watch", "--add", url)
        process, log = self.watch()
        held = [server.accept()]
        begin = time.monotonic()
        done = self.colport_press("redact", article, "--yes")
        self.assertIn("waiting for another colport-press", done.stderr)
        self.assertLess(time.monotonic() - begin, 20)
        self.assertNotIn("warning", log.read_text())
        held.append(server.accept())
        begin = time.monotonic()
        process.terminate()
        self.assertEqual(process.wait(20), 0)
        self.assertLess(time.monotonic() - begin, 10)

    def test_a_look_fetches_for_a_bounded_time(self):
        server, url = self.silent_server()
        self.colport_press("watch", "--add", url)
        begin = time.monotonic()
        done = self.colport_press("watch", "--once", "--fetch-for", "1s")
        self.assertLess(time.monotonic() - begin, 20)
        self.assertIn("broken off", done.stderr)

    def test_it_ends_when_its_key_may_sign_no_more(self):
        pages = self.folder / "pages"
        page(pages, "tide", "The tide book")
        self.colport_press("watch", "--add", pages)
        process, log = self.watch()
        wait_for("a release", lambda: "release 1: " in log.read_text(), 60)
        run("colport-press", "key", "rotate", self.root, "--no-passphrase")
        self.assertEqual(process.wait(30), 1)
        self.assertIn("may not sign", log.read_text())
        page(pages, "ferry", "The ferry", WORDS[::-1], day=2)
        self.assertIn("release", self.colport_press("watch", "--once").stdout)


class Hostile(NewsroomTest):
    def test_a_hostile_page_costs_one_warning(self):
        pages = self.folder / "pages"
        page(pages, "good", "The tide book")
        (pages / "attributes.html").write_text(
            "<html><body><p" + "".join(f" a{i}=1" for i in range(100_000)) + ">Text.</p></body></html>")
        (pages / "bomb.xml").write_text(
            '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
                f'<!ENTITY {chr(c)} "{("&" + chr(c - 1) + ";") * 20}">' for c in range(98, 109)) +
            "]><rss><channel><item><title>&l;</title></item></channel></rss>")
        (pages / "nested.html").write_text("<html><body>" + "<div><b>" * 200_000 + "Text.")
        done = self.colport_press("add", pages)
        self.assertIn("The tide book", self.colport_press("drafts").stdout)
        self.assertLess(len(done.stderr.splitlines()), 8, done.stderr)


class Determinism(NewsroomTest):
    def test_the_same_drafts_and_keys_give_the_same_bytes_anywhere(self):
        sample = SOURCE / "packaging" / "sample"
        twin = self.folder / "elsewhere" / "a longer name"
        twin.parent.mkdir()
        shutil.copytree(self.root, twin, symlinks=True)
        extra = self.folder / "extra"
        for number in range(1, 8):
            page(extra, f"page{number}", f"Page {number}", f"Number {number}. {WORDS}", day=number)
        scrambled = self.folder / "copied" / "extra"   # pages are named by their folder
        scrambled.mkdir(parents=True)
        for path in sorted(extra.iterdir(), reverse=True):
            shutil.copy(path, scrambled / path.name)
        here = {**os.environ, "SOURCE_DATE_EPOCH": "1780000000", "TZ": "UTC", "LC_ALL": "C"}
        there = {**os.environ, "SOURCE_DATE_EPOCH": "1780000000", "TZ": "Pacific/Auckland",
                 "LC_ALL": "tr_TR.UTF-8", "HOME": "/nonexistent"}
        for root, sources, env, umask in (
                (self.root, [sample / "feed.xml", sample / "pages", extra], here, 0o022),
                (twin, [scrambled, sample / "pages", sample / "feed.xml"], there, 0o077)):
            for command in (["add", root, *sources], ["release", root]):
                old = os.umask(umask)
                try:
                    run("colport-press", *command, env=env, cwd="/" if root == twin else None)
                finally:
                    os.umask(old)
        self.assertEqual(files_of(self.root / "public"), files_of(twin / "public"))
        self.assertGreater(len(files_of(twin / "public")), 6)


if __name__ == "__main__":
    main()
