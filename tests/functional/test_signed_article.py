"""An article handed on as a signed file: another Colport takes it in, and nothing else."""

import io
import tarfile

from colport_harness import ColportTest, http, main, words


def unpacked(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}


def packed(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


class SignedArticle(ColportTest):
    def gazette(self):
        """A reader of three releases, the first of which lies in a sealed volume."""
        press = self.press()
        for number in range(3):
            press.add(*({"id": f"{number}-{i}", "title": f"Article {number} {i}",
                         "text": words(300, (number, i))} for i in range(3)))
            press.release("--volume-size", "1000" if number == 1 else "1000000")
        reader = self.daemon("reader", "--mode", "offline").start("--follow", press.public)
        reader.wait_release(3)
        return press, reader

    def id_of(self, reader, title):
        return next(hit["id"] for hit in reader.json("latest", "--limit", "100")["hits"]
                    if hit["title"] == title)

    def newcomer(self, name):
        return self.daemon(name, "--mode", "offline")

    def takes_in(self, name, data, ok=True):
        """A reader with nothing imports the file."""
        file = self.work / f"{name}.tar"
        file.write_bytes(data)
        other = self.newcomer(name)
        done = other.colport("import", file, ok=ok)
        return other, done

    def test_who_signed_a_file_is_said_before_anything_is_taken_in(self):
        press, reader = self.gazette()
        wanted = self.id_of(reader, "Article 0 1")
        data = http(f"{reader.page}article/{wanted}?format=package")[2]
        file = self.work / "article.tar"
        file.write_bytes(data)
        stranger = self.newcomer("stranger")
        said = stranger.colport("verify", file).stdout
        for words_of in ("good: ", "Article 0 1", "a part of the feed", "You do not follow"):
            self.assertIn(words_of, said)
        self.assertFalse(stranger.data.exists())
        self.assertIn("You follow this feed", reader.colport("verify", file).stdout)
        found = reader.json("verify", file)
        self.assertTrue(found["ok"] and found["feeds"][0]["followed"])
        self.assertEqual(found["feeds"][0]["articles"], 3)
        self.assertTrue(reader.json("verify", press.public)["feeds"][0]["missing"] == 0)
        for name, content in unpacked(data).items():
            if name.endswith(("head", ".zst", ".torrent")):
                changed = bytearray(content)
                changed[len(changed) // 2] ^= 1
                file.write_bytes(packed(unpacked(data) | {name: bytes(changed)}))
                done = stranger.colport("verify", file, ok=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn("article.tar", done.stderr)
                self.assertEqual(done.stdout, "")

    def test_an_article_goes_from_page_to_page(self):
        press, reader = self.gazette()
        self.assertEqual(len(list((press.public / "volumes").glob("*.torrent"))), 2)
        for title in ("Article 0 1", "Article 2 0"):
            wanted = self.id_of(reader, title)
            shown = http(f"{reader.page}article/{wanted}")[2].decode()
            self.assertIn("format=package", shown)
            status, headers, data = http(f"{reader.page}article/{wanted}?format=package")
            self.assertEqual(status, 200)
            self.assertIn(f'filename="{wanted[:16]}.tar"', headers["Content-Disposition"])
            files = unpacked(data)
            self.assertEqual(sum(name.endswith(".articles.zst") for name in files), 1, list(files))
            other, _ = self.takes_in(f"other-{title[8]}", data)
            self.assertEqual(other.json("read", wanted)["title"], title)
            self.assertEqual(other.json("latest")["total"], 3)
        self.assertFalse(list(reader.data.glob("share-*")), "nothing is left of making it")

    def test_the_command_line_makes_the_same(self):
        press, reader = self.gazette()
        wanted = self.id_of(reader, "Article 1 1")
        file = self.work / "article.tar"
        reader.colport("export", file, "--article", wanted[:12])
        names = unpacked(file.read_bytes())
        self.assertEqual(sum(name.endswith(".articles.zst") for name in names), 1, list(names))
        other = self.newcomer("other").start()
        other.colport("import", file)
        self.assertEqual(other.json("read", wanted)["title"], "Article 1 1")
        wrong = reader.colport("export", self.work / "no.tar", "--article", "00000000", ok=False)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("no article has the id", wrong.stderr)
        self.assertFalse((self.work / "no.tar").exists())

    def test_it_names_no_address_that_its_reader_uses(self):
        press, _ = self.gazette()
        reader = self.daemon("second", "--mode", "offline").start()
        reader.colport("import", press.public)
        reader.wait_release(3)
        reader.colport("follow", press.link("192.0.2.1:9", mirrors=["https://private.example/f/"],
                                            trackers=["udp://private.example:9"]))
        self.assertIn("private.example", reader.json("feeds")[0]["link"])
        for title in ("Article 0 1", "Article 2 0"):
            wanted = self.id_of(reader, title)
            file = self.work / "named.tar"
            reader.colport("export", file, "--article", wanted)
            for data in (file.read_bytes(),
                         http(f"{reader.page}article/{wanted}?format=package")[2]):
                for name, content in unpacked(data).items():
                    self.assertNotIn(b"private.example", content, name)
                    self.assertNotIn(b"192.0.2.1", content, name)

    def test_what_was_changed_on_the_way_is_refused(self):
        _, reader = self.gazette()
        wanted = self.id_of(reader, "Article 2 1")
        good = unpacked(http(f"{reader.page}article/{wanted}?format=package")[2])
        bundle = next(name for name in good if name.endswith(".articles.zst"))
        for number, (name, at) in enumerate(((bundle, 40), (bundle, -40), ("head", 60),
                                             ("keyring", 60))):
            path = next(path for path in good if path.split("/", 1)[-1] == name or path == name)
            changed = bytearray(good[path])
            changed[at] ^= 1
            other, done = self.takes_in(f"changed-{number}", packed({**good, path: bytes(changed)}),
                                        ok=False)
            read = other.colport("read", wanted, ok=False)
            self.assertEqual(read.returncode, 1, f"{name} {at}: {done.stdout} {read.stdout}")
        folder = bundle.split("/", 1)[0]
        for name in ("../evil", f"{folder}/evil.sh", f"{folder}/volumes/../../x"):
            _, done = self.takes_in(f"hostile-{abs(hash(name))}", packed({**good, name: b"x"}),
                                    ok=False)
            self.assertEqual(done.returncode, 1, name)


if __name__ == "__main__":
    main()
