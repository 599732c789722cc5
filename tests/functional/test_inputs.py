"""Every kind of input, from the file to a reader's search."""

import gzip
import hashlib
import http.server
import json
import shutil
import struct
import threading
import zipfile
import zlib

from colport_harness import SOURCE, ColportTest, main, run

FIXTURES = SOURCE / "tests" / "fixtures" / "inputs"
SECRET_WORDS = ("forgetmenot", "незабудка")


def png(seed):
    """A small picture that no other seed has."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    width, height = 64, 48
    shade = hashlib.sha256(seed.encode()).digest()
    rows = b"".join(b"\0" + bytes((x * y + shade[(x + y) % 32]) & 0xFF for x in range(width * 3))
                    for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def put_picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(path.name))


def record(address, media_type, body):
    block = (f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n"
             f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    head = (f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
            f"WARC-Date: 2026-03-01T00:00:00Z\r\nContent-Type: application/http;msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n").encode()
    return gzip.compress(head + block + b"\r\n\r\n", mtime=0)


def make_warc(path, *names):
    site = "https://crawl.example/"
    records = [record(site, "text/html", b"<html><body><p>Front page</p></body></html>")]
    records += [record(site + name, "text/html; charset=utf-8",
                       (FIXTURES / "crawl" / (name + ".html")).read_bytes()) for name in names]
    records.append(record(site + "img/furnace.png", "image/png", png("furnace")))
    path.write_bytes(b"".join(records))
    return path


def make_wacz(path, warc, *pages):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wacz:
        wacz.write(warc, "archive/data.warc.gz")
        lines = [{"format": "json-pages-1.0", "id": "pages"},
                 *({"url": "https://crawl.example/" + page} for page in pages)]
        wacz.writestr("pages/pages.jsonl", "\n".join(map(json.dumps, lines)))
        wacz.writestr("datapackage.json", "{}")
    return path


def make_epub(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.write(FIXTURES / "epub" / "container.xml", "META-INF/container.xml")
        for name in ("content.opf", "nav.xhtml", "one.xhtml", "two.xhtml"):
            book.write(FIXTURES / "epub" / name, "OEBPS/" + name)
        book.writestr("OEBPS/snow.png", png("snow"))
    return path


class Inputs(ColportTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.press()
        self.reader = None
        self.seq = 0

    def source(self, name):
        """A copy of a fixture: what is beside it is part of the test."""
        target = self.work / "sources" / name
        target.parent.mkdir(exist_ok=True)
        if (FIXTURES / name).is_dir():
            shutil.copytree(FIXTURES / name, target, dirs_exist_ok=True)
        else:
            shutil.copy(FIXTURES / name, target)
        return target

    def add(self, *arguments):
        return json.loads(run("colport-press", "add", self.newsroom.root, *arguments,
                              "--json").stdout)

    def publish(self):
        released = self.newsroom.release()
        self.seq = released["seq"]
        if self.reader is None:
            self.reader = self.daemon("reader").start("--follow", self.newsroom.public)
        self.reader.wait_complete(self.seq)
        return released

    def read(self, words):
        """The one article that a reader finds by these words."""
        found = self.reader.json("search", words)["hits"]
        self.assertEqual(len(found), 1, (words, found))
        return json.loads(self.reader.colport("read", found[0]["id"], "--format", "json").stdout)

    def goes_through(self, source, added, pictures, expected, *options):
        """From a source to a reader: how many articles and pictures it gives, and for
        words that are searched for the title that is found."""
        report = self.add(source, *options)
        self.assertEqual((report["added"], report["pictures"]), (added, pictures), report)
        again = self.add(source, *options)
        self.assertEqual((again["added"], again["changed"], again["unchanged"]), (0, 0, added))
        self.publish()
        after = self.add(source, *options)
        self.assertEqual((after["added"], after["changed"], after["unchanged"]), (0, 0, added))
        for word in SECRET_WORDS:
            self.assertEqual(self.reader.json("search", word)["hits"], [], word)
        return {words: self.check_title(words, title) for words, title in expected.items()}

    def check_title(self, words, title):
        article = self.read(words)
        self.assertEqual(article["title"], title)
        return article

    def test_rss_2(self):
        articles = self.goes_through(self.source("rss2.xml"), 2, 0, {
            "silt collier": "Dredger frees the eastern channel",
            '"customs stair"': "Tides this week"})
        article = articles["silt collier"]
        self.assertEqual(article["authors"], ["Nora Vance"])
        self.assertEqual(article["published"], "2026-03-02T07:15:00+02:00")
        self.assertIn("dredger.mp3", json.dumps(article))

    def test_rss_1_and_0_91(self):
        self.goes_through(self.source("rss1.rdf"), 1, 0, {"ледоколы": "Ледокол вернулся в бухту"})
        self.goes_through(self.source("rss091.xml"), 1, 0,
                          {"gantry": "The crane operator’s retirement"})

    def test_atom(self):
        articles = self.goes_through(self.source("atom.xml"), 2, 0, {
            "لنج‌سازان": "لنج‌سازان بندر کارگاه تازه می‌خواهند",
            "oysters": "Pearls & patience"})
        self.assertEqual(articles["لنج‌سازان"]["url"], "https://bandar.example/khabar/lenj.html")
        self.assertEqual(articles["oysters"]["language"], "en")

    def test_json_feed(self):
        articles = self.goes_through(self.source("feed.json"), 2, 0, {"渡口": "老渡口的最后一班船"})
        self.assertEqual(articles["渡口"]["language"], "zh-Hans")

    def test_wordpress_export(self):
        for name in ("mayak.png", "lestnica.png"):
            put_picture(self.work / "uploads" / "2026" / "02" / name)
        articles = self.goes_through(
            self.source("wordpress.xml"), 2, 2,
            {"смотритель маяка": "Смотритель уходит с маяка",
             "треска": "Рыбный рынок переезжает"}, "--media", self.work / "uploads")
        self.assertEqual(articles["смотритель маяка"]["authors"], ["Ольга Ветрова"])
        self.assertNotIn("contact-form", json.dumps(articles["треска"]))
        for words in SECRET_WORDS:
            private = b"".join(path.read_bytes() for path in
                               (self.newsroom.root / "private").rglob("*") if path.is_file())
            self.assertNotIn(words.encode(), private)

    def test_a_page_and_a_folder_of_saved_pages(self):
        articles = self.goes_through(self.source("page.html"), 1, 0,
                                     {"سیلاب": "پل چوبی رودخانه بسته شد"})
        self.assertEqual(articles["سیلاب"]["language"], "fa")
        saved = self.source("saved")
        put_picture(saved / "beekeeper_files" / "hive.png")
        self.goes_through(saved, 1, 1, {"linden newsprint": "The rooftop beekeeper of Mill Street"})

    def test_hugo(self):
        site = self.source("hugo")
        put_picture(site / "content/posts/lighthouse/lamp.png")
        put_picture(site / "static/stairs.png")
        articles = self.goes_through(site, 3, 2, {
            "foghorn chord": "A lighthouse learns to whisper",
            "آب‌انبار": "آب‌انبار قدیمی دوباره پر شد", "路灯": "巷口的路灯"})
        text = articles["foghorn chord"]["text"]
        self.assertIn("41", text)
        self.assertNotIn("{{", text)

    def test_jekyll(self):
        articles = self.goes_through(self.source("jekyll"), 1, 0,
                                     {"вагоновожатая": "Трамвай номер семь снова ходит"})
        article = articles["вагоновожатая"]
        self.assertEqual(article["published"][:10], "2026-02-27")
        self.assertNotIn("{", article["text"])

    def test_text_and_json_lines(self):
        self.goes_through(self.source("note.txt"), 1, 0, {"象棋": "茶馆里的象棋"})
        self.goes_through(self.source("articles.jsonl"), 2, 0, {
            "escapement": "Clockmaker mends the town hall", "площадь": "Бумажный змей над площадью"})

    def test_epub(self):
        articles = self.goes_through(make_epub(self.work / "almanac.epub"), 2, 1, {
            "thermometer observer": "How snow is measured", "масленица": "Яблоки под соломой"})
        self.assertEqual(articles["масленица"]["language"], "ru")

    def test_warc_and_wacz(self):
        warc = make_warc(self.work / "crawl.warc.gz", "glassblower")
        self.goes_through(warc, 1, 1, {"spectacles": "The glassblower's cold furnace"})
        both = make_warc(self.work / "both.warc.gz", "glassblower", "sorghum")
        wacz = make_wacz(self.work / "crawl.wacz", both, "sorghum")
        self.goes_through(wacz, 1, 0, {"高粱": "高粱熟了"})

    def test_an_export_and_a_feed_tell_of_one_article(self):
        export = self.source("wordpress.xml")
        self.assertEqual(self.add(export)["added"], 2)
        feed = self.work / "feed.xml"
        feed.write_text("""<rss version="2.0"
            xmlns:content="http://purl.org/rss/1.0/modules/content/"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><language>ru-RU</language><item>
            <title>Рыбный рынок переезжает</title><link>https://prichal.example/2025/11/rynok/</link>
            <dc:creator>Ольга Ветрова</dc:creator><pubDate>Sat, 08 Nov 2025 09:00:00 +0000</pubDate>
            <guid isPermaLink="false">https://prichal.example/?p=5</guid>
            <content:encoded><![CDATA[<p>Прилавки перенесут к новому доку.</p>]]></content:encoded>
            </item></channel></rss>""")
        report = self.add(feed)
        self.assertEqual((report["added"], report["changed"]), (0, 1))
        self.publish()
        # Taken down on the site: told, and taken back when asked.
        export.write_text(export.read_text().replace(
            "<wp:post_id>5</wp:post_id>\n    <wp:status>publish",
            "<wp:post_id>5</wp:post_id>\n    <wp:status>private"))
        self.assertEqual(self.add(export)["missing"], ["prichal.example/2025/11/rynok"])
        self.assertEqual(self.add(export, "--retract-missing")["retracted"], 1)
        self.publish()
        self.assertEqual(self.reader.json("search", "прилавки")["hits"], [])
        self.assertEqual(self.add(feed)["changed"], 0)

    def test_what_is_no_source_is_named_and_nothing_changes(self):
        target = self.work / "x.bin"
        target.write_bytes(bytes(range(256)) * 40)
        before = sorted((self.newsroom.root / "private").rglob("*"))
        done = run("colport-press", "add", self.newsroom.root, target, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"error: {target}: is none of the formats", done.stderr)
        self.assertIn("hint: formats are rss, atom, jsonfeed", done.stderr)
        self.assertEqual(sorted((self.newsroom.root / "private").rglob("*")), before)
        folder = self.source("jekyll")
        (folder / "_posts" / "broken.md").write_text("---\ntitle: [\n---\n")
        report = self.add(folder)
        self.assertEqual(report["added"], 1)
        self.assertTrue(any("broken.md: its front matter" in line for line in report["warnings"]))


class Site(http.server.BaseHTTPRequestHandler):
    """A web site: `pages` by path, all with an ETag; `asked` is what it was asked for."""
    pages, asked, types = {}, [], {}
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.asked.append(self.path)
        page = self.pages.get(self.path)
        if page is None:
            return self.answer(404, b"gone", {})
        if isinstance(page, str):
            return self.answer(302, b"", {"Location": page})
        tag = '"' + hashlib.sha256(page).hexdigest()[:8] + '"'
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, b"", {"ETag": tag})
        packed = gzip.compress(page)
        self.answer(200, packed, {"ETag": tag, "Content-Encoding": "gzip",
                                  "Content-Type": self.types.get(self.path, "text/html")})

    def answer(self, status, body, fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Fetching(ColportTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.press()
        Site.pages, Site.asked, Site.types = {}, [], {}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.site = f"http://127.0.0.1:{self.server.server_port}"
        page = (FIXTURES / "saved" / "beekeeper.html").read_text()
        page = page.replace("beekeeper_files/hive.png", "/hive.png").replace(
            "https://garden.example", self.site)
        Site.pages["/beekeeper"] = page.encode()
        Site.pages["/hive.png"] = png("hive")
        Site.pages["/feed"] = f"""<rss version="2.0"><channel><link>{self.site}/</link><item>
            <title>The rooftop beekeeper of Mill Street</title><guid>{self.site}/?p=1</guid>
            <link>{self.site}/beekeeper</link><description>Ada Quill keeps bees.</description>
            </item></channel></rss>""".encode()

    def add(self, *arguments, ok=True):
        done = run("colport-press", "add", self.newsroom.root, *arguments, "--json", "--pause", "0",
                   ok=ok)
        return json.loads(done.stdout) if ok else done

    def test_a_feed_of_teasers_and_its_pages(self):
        Site.pages["/old-feed"] = "/feed"
        report = self.add(self.site + "/old-feed", "--full-text")
        self.assertEqual((report["added"], report["pictures"]), (1, 1), report)
        self.newsroom.release()
        reader = self.daemon("reader").start("--follow", self.newsroom.public)
        reader.wait_complete(1)
        self.assertEqual(len(reader.json("search", "linden newsprint")["hits"]), 1)
        Site.asked.clear()
        report = self.add(self.site + "/old-feed", "--full-text")
        self.assertEqual((report["changed"], report["unchanged"]), (0, 1), report)
        # The picture is not asked for again.
        self.assertEqual(Site.asked, ["/old-feed", "/feed", "/beekeeper"])

    def test_a_correction_on_the_page_is_a_new_revision(self):
        self.add(self.site + "/feed", "--full-text")
        self.newsroom.release()
        Site.pages["/beekeeper"] = Site.pages["/beekeeper"].replace(b"eleven hives", b"twelve hives")
        report = self.add(self.site + "/feed", "--full-text")
        self.assertEqual(report["changed"], 1, report)

    def test_the_server_tells_the_encoding(self):
        text = "Утро на пристани было тихим, и смотритель записал каждый корабль. " * 8
        page = f"<html><head><title>Утро</title></head><body><article><p>{text}</p></article></body>"
        Site.pages["/morning"] = page.encode("windows-1251")
        feed = Site.pages["/feed"].decode().replace("/beekeeper", "/morning").replace(
            "The rooftop beekeeper of Mill Street", "Утренняя пристань")
        Site.pages["/feed"] = feed.encode("windows-1251")
        Site.types["/morning"] = "text/html; charset=Windows-1251"
        Site.types["/feed"] = 'application/rss+xml; charset="windows-1251"'
        report = self.add(self.site + "/feed", "--full-text")
        self.assertEqual((report["added"], report["warnings"]), (1, []), report)
        self.newsroom.release()
        reader = self.daemon("reader").start("--follow", self.newsroom.public)
        reader.wait_complete(1)
        hits = reader.json("search", "смотритель")["hits"]
        self.assertEqual([hit["title"] for hit in hits], ["Утренняя пристань"])
        # The same from what was kept.
        self.assertEqual(self.add(self.site + "/feed", "--full-text")["unchanged"], 1)

    def test_other_hosts_are_not_asked(self):
        Site.pages["/beekeeper"] = f"http://localhost:{self.server.server_port}/hive.png"
        report = self.add(self.site + "/feed", "--full-text")
        self.assertTrue(any("not the newsroom's own" in line for line in report["warnings"]), report)
        self.assertNotIn("/hive.png", Site.asked)

    def test_what_cannot_be_fetched_is_told(self):
        done = self.add(self.site + "/nothing", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"error: {self.site}/nothing: the server says 404", done.stderr)
        # The proxy alone is used: nothing reaches the site when it is not there.
        Site.asked.clear()
        done = self.add(self.site + "/feed", "--proxy", "socks5h://127.0.0.1:9", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(Site.asked, [])


if __name__ == "__main__":
    main()
