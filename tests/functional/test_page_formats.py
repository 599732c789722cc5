"""What the reading page hands to other programs, judged by programs that read such
things: a feed parser, an XML parser, a ZIP reader."""

import base64
import io
import json
import re
import subprocess
import sys
import zipfile

from colport_harness import BIN, ColportTest, http, main, need, wait_for

NAMESPACES = {"c": "urn:oasis:names:tc:opendocument:xmlns:container",
              "o": "http://www.idpf.org/2007/opf"}


def well_formed(data, what):
    done = subprocess.run(["xmllint", "--noout", "--nonet", "-"], input=data, capture_output=True,
                          check=False)
    assert done.returncode == 0, f"{what}: {done.stderr.decode()}"


class Formats(ColportTest):
    def feed_parser(self):
        # Debian's stands where another Python than Debian's does not look.
        sys.path.append("/usr/lib/python3/dist-packages")
        try:
            import feedparser
        except ImportError:
            self.skipTest("no feedparser")
        return feedparser

    def page_with_samples(self, *options):
        press = self.press()
        press.add_samples()
        press.add({"title": "Strange \u0001 <&> \"quotes\"", "text": "a\u0002b & <c>\n\nline\nline"})
        press.release()
        reader = self.daemon("reader").start("--follow", press.public, "--mode", "offline", *options)
        reader.wait_release(1)
        return reader

    def test_feeds_for_news_readers(self):
        need("xmllint")
        feedparser = self.feed_parser()
        reader = self.page_with_samples()
        key = reader.feed()["feed"]
        _, headers, atom = http(f"{reader.page}feed/{key}/atom.xml")
        well_formed(atom, "atom.xml")
        parsed = feedparser.parse(atom)
        self.assertFalse(parsed.bozo, parsed.get("bozo_exception"))
        self.assertEqual(parsed.version, "atom10")
        self.assertEqual(parsed.feed.title, "The Harbour Gazette")
        self.assertGreater(len(parsed.entries), 5)
        for entry in parsed.entries:
            self.assertTrue(entry.link.startswith(reader.page))
            self.assertEqual(http(entry.link)[0], 200)
            self.assertTrue(entry.id and entry.updated_parsed)
        self.assertEqual(len({entry.id for entry in parsed.entries}), len(parsed.entries))

        found = feedparser.parse(http(f"{reader.page}search/atom.xml?q=harbour")[2])
        self.assertFalse(found.bozo)
        self.assertTrue(0 < len(found.entries) < len(parsed.entries))

        listed = json.loads(http(f"{reader.page}feed/{key}/feed.json")[2])
        self.assertEqual(listed["version"], "https://jsonfeed.org/version/1.1")
        self.assertEqual(len(listed["items"]), len(parsed.entries))
        for item in listed["items"]:
            self.assertTrue(item["id"] and item["content_html"])

    def test_a_catalogue_leads_to_books(self):
        need("xmllint")
        feedparser = self.feed_parser()
        reader = self.page_with_samples()
        _, headers, root = http(f"{reader.page}opds")
        well_formed(root, "opds")
        books = []
        for entry in feedparser.parse(root).entries:
            catalogue = http(entry.links[0].href)[2]
            well_formed(catalogue, entry.links[0].href)
            parsed = feedparser.parse(catalogue)
            self.assertFalse(parsed.bozo)
            books += [link.href for item in parsed.entries for link in item.links
                      if link.rel == "http://opds-spec.org/acquisition"]
        # The samples are dated; a week of them may lie behind what is listed.
        for day in ("day/2026-05-04", "week/2026-05-04"):
            books.append(f"{reader.page}epub/{day}.epub")
        for book in books:
            status, headers, data = http(book)
            self.assertEqual(status, 200, book)
            self.check_book(data)

    def check_book(self, data):
        import xml.etree.ElementTree as xml
        book = zipfile.ZipFile(io.BytesIO(data))
        self.assertIsNone(book.testzip())
        first = book.infolist()[0]
        self.assertEqual((first.filename, first.compress_type, first.extra),
                         ("mimetype", zipfile.ZIP_STORED, b""))
        self.assertEqual(book.read(first), b"application/epub+zip")
        container = xml.fromstring(book.read("META-INF/container.xml"))
        package = container.find(".//c:rootfile", NAMESPACES).get("full-path")
        folder = package.rsplit("/", 1)[0]
        opf = xml.fromstring(book.read(package))
        items = {item.get("id"): item for item in opf.findall(".//o:item", NAMESPACES)}
        named = {f"{folder}/{item.get('href')}" for item in items.values()}
        self.assertEqual(named | {"mimetype", "META-INF/container.xml", package},
                         set(book.namelist()))
        spine = [ref.get("idref") for ref in opf.findall(".//o:itemref", NAMESPACES)]
        self.assertTrue(spine)
        for ref in spine:
            self.assertEqual(items[ref].get("media-type"), "application/xhtml+xml")
        for item in items.values():
            if item.get("media-type") == "application/xhtml+xml":
                well_formed(book.read(f"{folder}/{item.get('href')}"), item.get("href"))
        self.assertEqual(sum(item.get("properties") == "nav" for item in items.values()), 1)

    def test_a_book_from_the_command_line(self):
        reader = self.page_with_samples()
        hit = reader.json("latest")["hits"][0]
        done = subprocess.run([BIN / "colport", "--data", reader.data, "read",
                               hit["id"], "--format", "epub"], capture_output=True, check=True)
        self.check_book(done.stdout)
        reader.colport("star", hit["id"][:8])
        self.assertIn(hit["id"], http(f"{reader.page}starred")[2].decode())
        reader.colport("unstar", hit["id"])
        self.assertNotIn(hit["id"], http(f"{reader.page}starred")[2].decode())
        self.assertEqual(reader.json("open")["address"], reader.page)
        reader.stop()
        self.assertEqual(reader.colport("open", ok=False).returncode, 1)
        reader.colport("star", hit["id"])

    def test_a_front_page_is_small(self):
        press = self.press()
        text = "Паром снова ходит от мельницы к пристани, и на берегу висит колокол. " * 40
        press.add(*({"title": f"Паром получил колокол и расписание, часть {n}", "text": text,
                     "lang": "ru", "section": "На воде"} for n in range(40)))
        press.release()
        reader = self.daemon("reader").start("--follow", press.public, "--mode", "offline")
        reader.wait_release(1)
        front = http(reader.page)[2].decode()
        self.assertEqual(front.count("<li lang="), 30)
        whole = len(front.encode())
        for address in re.findall(r'(?:href|src)="/((?:style.css|page.js|icon.svg)[^"]*)"', front):
            _, headers, body = http(reader.page + address)
            self.assertIn("immutable" if "?v=" in address else "no-cache", headers["Cache-Control"])
            whole += len(body)
        print(f"a front page with everything that it needs: {whole} bytes")
        self.assertLess(whole, 60_000)

    def test_what_to_do_where_no_way_works_is_said(self):
        press = self.press()
        press.add_samples()
        press.release()
        link = press.link("127.0.0.1:1", mirrors=["http://127.0.0.1:1/"])
        reader = self.daemon("reader").start("--follow", link)
        wait_for("the advice about mirrors", lambda: "ask the newsroom for another address" in
                 http(f"{reader.page}feeds")[2].decode())
        reader.colport("import", press.public)
        self.assertIn("No mirror answers rightly", http(f"{reader.page}feeds")[2].decode())

    def test_a_page_with_a_password(self):
        secret = self.work / "password"
        secret.write_text("an open secret\n")
        reader = self.page_with_samples("--page-password-file", secret)
        status, headers, body = http(reader.page)
        self.assertEqual(status, 401)
        self.assertNotIn(b"Gazette", body)

        def with_password(password):
            name = base64.b64encode(f"me:{password}".encode()).decode()
            return http(reader.page, Authorization=f"Basic {name}")

        self.assertEqual(with_password("wrong")[0], 401)
        self.assertEqual(with_password("an open secret")[0], 200)
        # The command line has the socket, which is the user's own.
        self.assertGreater(reader.json("latest")["total"], 0)


if __name__ == "__main__":
    main()
