"""Files that are chosen, or dropped, on the page that follows: a link, or a packed feed."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

from colport_harness import ColportTest, http, main, wait_for, words


def send(address, token, name, content, **fields):
    """As a browser sends the form; gives status and page."""
    border = uuid.uuid4().hex
    parts = [f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
             for key, value in {"token": token, "link": "", **fields}.items()]
    parts.append(f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 "Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    request = urllib.request.Request(
        address, data=b"".join(parts) + f"--{border}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={border}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Uploads(ColportTest):
    def setUp(self):
        super().setUp()
        self.press_ = self.press()
        self.press_.add(*({"title": f"Article {i}", "text": words(400, i)} for i in range(200)))
        self.press_.release()
        donor = self.daemon("donor", "--mode", "offline").start("--follow", self.press_.public)
        donor.wait_release(1)
        donor.colport("follow", self.press_.link(mirrors=["https://mirror.example/f/"]))
        self.package = self.work / "gazette.tar"
        donor.colport("export", self.package)
        donor.stop()
        self.reader = self.daemon("reader", "--mode", "offline").start()
        page = http(f"{self.reader.page}follow")[2].decode()
        self.token = re.search(r'data-token="(\w+)"', page)[1]
        self.address = f"{self.reader.page}do/look-at"

    def uploads(self):
        return list(self.reader.data.glob("upload-*"))

    def test_a_packed_feed_is_shown_then_taken_in(self):
        content = self.package.read_bytes()
        self.assertGreater(len(content), 150_000, "more than any other body may have")
        status, page = send(self.address, self.token, "gazette.tar", content)
        self.assertEqual(status, 200)
        self.assertIn("The Harbour Gazette", page)
        self.assertIn("/fingerprint/", page)
        self.assertIn("https://mirror.example/f/", page, "she sees whom she is going to ask")
        self.assertEqual(self.reader.json("feeds"), [], "nothing is followed before she agrees")
        form = dict(re.findall(r'name="(token|package)" value="([^"]+)"', page))
        request = urllib.request.Request(f"{self.reader.page}do/take-in",
                                         data=urllib.parse.urlencode(form).encode())
        self.assertEqual(urllib.request.urlopen(request, timeout=60).status, 200)
        wait_for("the articles", lambda: self.reader.json("latest")["total"] == 200)
        wait_for("the upload to go", lambda: http(f"{self.reader.page}feeds")[0] == 200 and
                 not self.uploads())
        self.assertEqual(len(self.reader.json("latest")["hits"]), 20)
        _, page = send(self.address, self.token, "gazette.tar", content)
        self.assertNotIn("https://mirror.example/f/", page, "a feed that is followed takes none")
        hit = self.reader.json("latest")["hits"][0]
        self.assertIn("Article", self.reader.json("read", hit["id"])["title"])

    def test_a_small_file_is_a_link(self):
        link = self.press_.link()
        status, page = send(self.address, self.token, "link.txt", f"{link}\n".encode())
        self.assertEqual(status, 200)
        self.assertIn("/do/follow", page)
        self.assertEqual(self.uploads(), [])

    def test_what_is_no_package_is_refused_in_words(self):
        content = self.package.read_bytes()
        cases = {"noise": bytes(range(256)) * 400, "cut off": content[:len(content) // 2],
                 "evil": content.replace(b"README.txt", b"evil/../.x")}
        for what, bad in cases.items():
            status, page = send(self.address, self.token, "bad.tar", bad)
            self.assertGreaterEqual(status, 400, what)
            self.assertIn('class="detail"', page, what)
            self.assertEqual(self.uploads(), [], what)
        self.assertEqual(self.reader.json("feeds"), [])

    def test_only_forms_of_this_page_write_to_the_disk(self):
        content = self.package.read_bytes()
        for token in ("", "0" * 32):
            status, page = send(self.address, token, "gazette.tar", content)
            self.assertEqual(status, 403)
        self.assertEqual(self.uploads(), [])
        # No other folder is taken in, whatever a form says.
        for folder in (self.press_.public, self.reader.data, "/", self.reader.data / "upload-x"):
            request = urllib.request.Request(
                f"{self.reader.page}do/take-in",
                data=urllib.parse.urlencode({"token": self.token, "package": folder}).encode())
            with self.assertRaises(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=20)
        self.assertEqual(json.loads(self.reader.colport("feeds", "--json").stdout), [])

    def test_a_file_that_nobody_comes_back_to_goes_with_the_next_start(self):
        send(self.address, self.token, "gazette.tar", self.package.read_bytes())
        self.assertEqual(len(self.uploads()), 1)
        self.reader.stop()
        self.reader.start()
        self.assertEqual(self.uploads(), [])


if __name__ == "__main__":
    main()
