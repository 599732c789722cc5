"""From a saved page with pictures to the reader: what a page yields, and what it no longer tells."""

import json
import re
import struct
import subprocess
import zlib

from colport_harness import ColportTest, http, main, need, run

PLACE = b"GPS 35.6892N 51.3890E, Nikon of Ann Lee"
PROSE = ("The pilot keeps a notebook of every crossing, with the hour, the wind and the number "
         "of people aboard, and has never once left the landing late.")


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def telling_png(width, height):
    """A picture that is to be turned by a quarter, and says where it was taken."""
    exif = (b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x0112, 3, 1, 6) + b"\0\0\0\0" + PLACE)
    rows = b"".join(b"\0" + bytes((x * 7 % 256, y * 5 % 256, 90)[i] for x in range(width)
                                  for i in range(3)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"eXIf", exif) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


PAGE = f"""<!doctype html><html lang=en><head><title>The night ferry rings again | Gazette</title>
<link rel=canonical href="https://gazette.example/ferry">
<meta property="article:published_time" content="2026-03-03T18:05:00+03:30"></head><body>
<nav><a href=/>Home</a> <a href=/news>News</a></nav><main><h1>The night ferry rings again</h1>
<p class=byline>By Ann Lee</p><p>{PROSE}</p>
<figure><img src="files/pier.png" alt="A pier at dusk"><figcaption>The old pier</figcaption></figure>
<p>{PROSE}</p><p>Subscribe to our newsletter.</p><p><img src="files/copy.png" alt="The same pier"></p>
<p>{PROSE}</p><img src="files/broken.png" alt="Lost"></main>
<div class=comments><p>First! And a comment that is long enough to look like an article.</p></div>
</body></html>"""


class Extraction(ColportTest):
    def saved_page(self):
        files = self.work / "saved" / "files"
        files.mkdir(parents=True)
        (files / "pier.png").write_bytes(telling_png(90, 60))
        (files / "copy.png").write_bytes(telling_png(90, 60))
        (files / "broken.png").write_bytes(telling_png(90, 60)[:200])
        page = self.work / "saved" / "ferry.html"
        page.write_text(PAGE)
        return page

    def test_a_page_with_pictures_reaches_the_reader(self):
        page = self.saved_page()
        press = self.press()
        added = run("colport-press", "add", press.root, page)
        self.assertIn("broken.png", added.stderr)
        self.assertIn("1 new", added.stdout)
        release = press.release()
        self.assertEqual(release["pictures"], 1)
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        hit = reader.json("search", "notebook", "pilot")["hits"][0]
        self.assertEqual(hit["title"], "The night ferry rings again")
        article = reader.json("read", hit["id"])
        self.assertEqual(article["authors"], ["Ann Lee"])
        self.assertEqual(article["published"], "2026-03-03T18:05:00+03:30")
        for gone in ("Home", "newsletter", "First!"):
            self.assertNotIn(gone, article["text"])
        shown = http(reader.page + "article/" + hit["id"])[2].decode()
        self.assertIn("The old pier", shown)
        paths = set(re.findall(r'src="(/picture/[0-9a-f]{64})"', shown))
        self.assertEqual(len(paths), 1)
        status, headers, body = http(reader.page.rstrip("/") + paths.pop())
        self.assertEqual((status, headers["Content-Type"]), (200, "image/webp"))
        self.assertNotIn(PLACE[:10], body)
        figure = next(block for block in article["blocks"] if block["type"] == "figure")
        self.assertEqual((figure["width"], figure["height"]), (60, 90))
        for path in press.root.rglob("*"):
            if path.is_file():
                self.assertNotIn(PLACE[:10], path.read_bytes(), path)

    def test_a_picture_is_fetched_in_parts_by_curl(self):
        need("curl")
        press = self.press()
        run("colport-press", "add", press.root, self.saved_page())
        press.release()
        reader = self.daemon("reader", "--mode", "offline").start("--follow", press.public)
        reader.wait_release(1)
        hit = reader.json("latest")["hits"][0]
        shown = http(f"{reader.page}article/{hit['id']}")[2].decode()
        address = reader.page.rstrip("/") + re.search(r'src="(/picture/[0-9a-f]{64})"', shown)[1]
        _, headers, whole = http(address)
        tag, size = headers["ETag"], len(whole)

        def curl(*options):
            out = self.work / "part"
            out.write_bytes(b"")
            done = subprocess.run(["curl", "-s", "-o", out, "-D", "-", *options, address],
                                  capture_output=True, text=True, check=True)
            fields = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
            return int(done.stdout.split()[1]), fields, out.read_bytes()

        for asked, part, span in (("0-9", whole[:10], f"0-9/{size}"),
                                  ("10-", whole[10:], f"10-{size - 1}/{size}"),
                                  ("-7", whole[-7:], f"{size - 7}-{size - 1}/{size}"),
                                  (f"5-{size + 99}", whole[5:], f"5-{size - 1}/{size}")):
            status, fields, body = curl("-r", asked)
            self.assertEqual((status, fields["Content-Range"], body), (206, f"bytes {span}", part))
            self.assertEqual(fields["ETag"], tag)
        status, fields, body = curl("-r", f"{size}-")
        self.assertEqual((status, fields["Content-Range"], body), (416, f"bytes */{size}", b""))
        self.assertEqual(curl("-r", "0-4", "-H", f"If-Range: {tag}")[0], 206)
        status, _, body = curl("-r", "0-4", "-H", 'If-Range: "another"')
        self.assertEqual((status, body), (200, whole))
        self.assertEqual(curl("-r", "0-1,4-5")[0], 200)
        self.assertEqual(curl("-H", f'If-None-Match: "x", {tag}')[0], 304)
        half = self.work / "part.resumed"
        half.write_bytes(whole[:size // 2])
        subprocess.run(["curl", "-s", "-C", "-", "-o", half, address], check=True)
        self.assertEqual(half.read_bytes(), whole)

    def test_pictures_can_be_smaller_or_left_out(self):
        page = self.saved_page()
        press = self.press()
        run("colport-press", "add", press.root, page, "--picture-size", "64")
        self.assertLessEqual(press.release()["picture_bytes"], 4000)
        bare = self.press("bare")
        added = run("colport-press", "add", bare.root, page, "--no-pictures")
        self.assertEqual(added.stderr, "")
        self.assertEqual(bare.release()["pictures"], 0)
        wrong = run("colport-press", "add", bare.root, page, "--picture-size", "0", ok=False)
        self.assertEqual(wrong.returncode, 2)

    def test_extract_shows_what_a_page_yields(self):
        page = self.saved_page()
        shown = json.loads(run("colport-press", "extract", page, "--json").stdout)
        self.assertEqual(shown["title"], "The night ferry rings again")
        self.assertEqual(shown["authors"], ["Ann Lee"])
        self.assertEqual(shown["published"], "2026-03-03T18:05:00+03:30")
        self.assertEqual(shown["language"], "en")
        self.assertEqual(shown["text"], "\n\n".join([PROSE] * 3))
        self.assertEqual([picture["alt"] for picture in shown["pictures"]],
                         ["A pier at dusk", "The same pier", "Lost"])
        self.assertEqual(shown["pictures"][0]["picture"], shown["pictures"][1]["picture"])
        text = run("colport-press", "extract", "-", "--text", input=PAGE).stdout
        self.assertEqual(text, "\n\n".join([PROSE] * 3) + "\n")
        markdown = run("colport-press", "extract", page, "--markdown").stdout
        self.assertTrue(markdown.startswith("# The night ferry rings again\n"))
        self.assertIn("<figcaption>", run("colport-press", "extract", page, "--html").stdout)
        self.assertIn("published 2026-03-03", run("colport-press", "extract", page).stdout)

    def test_extract_says_what_is_wrong(self):
        hostile = self.work / "hostile.html"
        hostile.write_text("<html><p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x")
        feed = self.work / "feed.xml"
        feed.write_text("<rss version='2.0'><channel><item><title>A</title><description>x</description></item>"
                        "<item><title>B</title><description>y</description></item></channel></rss>")
        empty = self.work / "empty.html"
        empty.write_text("<html><body><nav>Home</nav></body></html>")
        for source, part in ((hostile, "attributes"), (feed, "2 articles"), (empty, "no article"),
                             (self.work / "missing.html", "missing.html"), (self.work, "")):
            with self.subTest(source):
                done = run("colport-press", "extract", source, "--json", ok=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertIn("error: ", done.stderr)
                self.assertIn(part, done.stderr)
        for options in (("--json", "--text"), ("--html", "--markdown"), ("--frobnicate",)):
            done = run("colport-press", "extract", empty, *options, ok=False)
            self.assertEqual(done.returncode, 2, done.stderr)


if __name__ == "__main__":
    main()
