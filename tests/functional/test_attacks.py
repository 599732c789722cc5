"""The attacks of SPEC section 18, each played with real files or processes.

A reader imports what somebody hands her, or follows a directory or a mirror: the
verifier behind all carriers is one. The attacker has what the name of the test says.
"""

import json
import shutil
import subprocess
import time
import unittest

from colport_harness import SOURCE, ColportTest, Press, main, need, run, wait_for, words
from lying_dht import LyingDht
from test_keys import press as press_command

PYTHON = "/usr/bin/python3"   # Debian's, which has its packages


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at if at >= 0 else len(data) + at] ^= 1
    path.write_bytes(bytes(data))


class Attacks(ColportTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.press()
        self.publish("first")
        self.data = self.work / "reader-data"

    def publish(self, title, newsroom=None):
        newsroom = newsroom or self.newsroom
        newsroom.add({"title": title, "text": words(200, title)})
        return newsroom.release()["seq"]

    def stick(self, name="stick", source=None):
        out = self.work / name
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree((source or self.newsroom).public, out)
        return out

    def twin(self, name="twin"):
        """The newsroom in other hands: as it is now, keys included."""
        out = Press.__new__(Press)
        out.root, out.count = self.work / name, 100
        out.public = out.root / "public"
        shutil.copytree(self.newsroom.root, out.root)
        return out

    def thief_head(self, newsroom, seq, ahead=0):
        ready = subprocess.run([PYTHON, "-c", "import nacl, zstandard, google.protobuf"],
                               capture_output=True)
        if ready.returncode:
            raise unittest.SkipTest("python3-nacl or python3-protobuf is missing")
        need("protoc")
        subprocess.run([PYTHON, "-B", SOURCE / "tests/support/thief.py", newsroom.root,
                        newsroom.public / "head", str(seq), str(ahead)], check=True)

    def take(self, folder, ok=True):
        return run("colport", "--data", self.data, "import", folder, ok=ok)

    def feed(self):
        feeds = json.loads(run("colport", "--data", self.data, "feeds", "--json").stdout)
        return feeds[0] if feeds else None

    def titles(self):
        page = json.loads(run("colport", "--data", self.data, "latest", "--json").stdout)
        return sorted(hit["title"] for hit in page["hits"])

    def revoke(self, since="2020-01-01"):
        press_command("key", "revoke", self.newsroom.root, "--no-passphrase", "--reason",
                      "the laptop was taken", "--since", since)

    # TUF's list

    def test_arbitrary_content(self):
        stick = self.stick()
        bundle = next(stick.glob("volumes/0001/*.zst"))
        bundle.write_bytes(bundle.read_bytes()[:-200] + b"x" * 200)
        self.take(stick, ok=False)
        self.assertEqual(self.titles(), [])
        self.take(self.stick())
        self.assertEqual(self.titles(), ["first"])

    def test_rollback(self):
        old = self.stick("old")
        self.publish("second")
        self.take(self.stick())
        done = self.take(old, ok=False)
        self.assertEqual(self.feed()["seq"], 2, done.stderr)
        self.assertEqual(self.titles(), ["first", "second"])

    def test_fast_forward(self):
        self.take(self.stick())
        thief = self.twin()
        self.thief_head(thief, 2**63 - 1)
        self.take(self.stick("far", thief), ok=False)
        self.publish("second")
        self.take(self.stick(), ok=False)
        self.assertEqual(self.titles(), ["first"])     # the attack works, until
        self.revoke()
        self.take(self.stick())
        self.assertEqual(self.titles(), ["first", "second"])
        self.assertEqual(self.feed()["seq"], 3)
        self.assertEqual(self.feed()["state"], "current")

    def test_freeze(self):
        """Who hears nothing new is told so after the time that the publisher promised."""
        newsroom = self.press("silent")
        newsroom.add({"title": "t", "text": words(50, 1)})
        newsroom.release("--fresh-for", "1")
        self.thief_head(newsroom, 1, ahead=-3 * 86400)
        run("colport", "--data", self.data, "import", newsroom.public)
        self.assertEqual(self.feed()["state"], "stale")
        self.assertEqual(self.titles(), ["t"])
        shown = run("colport", "--data", self.data, "feeds").stdout
        self.assertIn("stale", shown)

    def test_endless_data(self):
        stick = self.stick()
        for name in ("head", "keyring"):
            with self.subTest(name):
                kept = (stick / name).read_bytes()
                with open(stick / name, "wb") as file:
                    file.truncate(1 << 40)
                done = self.take(stick, ok=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(name, done.stderr)
                (stick / name).write_bytes(kept)
        self.assertEqual(self.titles(), [])

    def test_extraneous_dependency(self):
        """A dictionary or file that the publisher did not list is never opened."""
        stick = self.stick()
        (stick / "volumes/0001/00000001-009.dict").write_bytes(b"x" * 1000)
        (stick / "volumes/0001/00000001-010.articles.zst").write_bytes(b"x" * 1000)
        self.take(stick)
        self.assertEqual(self.titles(), ["first"])
        held = {path.name for path in self.data.glob("feeds/*/volumes/0001/*")}
        self.assertEqual(len(held), 1, held)

    def test_mix_and_match(self):
        """Records of different releases, each truly signed, do not add up to one."""
        first = self.stick("first")
        self.publish("second")
        self.newsroom.add({"title": "third", "text": words(200, "third")})
        self.newsroom.release("--volume-size", "1")
        mixed = self.stick("mixed")
        shutil.copy(first / "volumes/0001.torrent", mixed / "volumes/0001.torrent")
        shutil.copy(first / "volumes/0001.torrent", mixed / "volumes/0002.torrent")
        self.take(mixed, ok=False)
        self.assertEqual(self.titles(), [])
        self.assertEqual(run("colport-press", "verify", mixed, ok=False).returncode, 1)

    def test_wrong_file(self):
        self.publish("second")
        stick = self.stick()
        one, other = sorted(stick.glob("volumes/0001/*.zst"))
        shutil.copy(one, other)
        self.take(stick, ok=False)
        self.assertNotIn("second", self.titles())
        self.assertEqual(self.titles(), ["first"])

    def test_stolen_signing_key(self):
        """What a thief published goes, what the newsroom published stays and comes."""
        self.take(self.stick())
        thief = self.twin()
        self.publish("forged", thief)
        self.publish("forged again", thief)
        self.take(self.stick("thief", thief))
        self.assertEqual(self.titles(), ["first", "forged", "forged again"])
        self.publish("second")
        self.revoke()
        self.take(self.stick())
        self.assertEqual(self.titles(), ["first", "second"])
        self.assertEqual(self.feed()["state"], "current")
        # Later heads of the thief are refused, whatever date they bear.
        self.publish("forged later", thief)
        self.thief_head(thief, 99, ahead=-400 * 86400)
        done = self.take(self.stick("later", thief), ok=False)
        self.assertIn("withdrawn", done.stderr)
        self.assertEqual(self.titles(), ["first", "second"])

    def test_stolen_dht_key(self):
        """The key of the DHT item is the signing key: an item that it signs is a head like
        any other, and after the revocation none at all."""
        thief = self.twin()
        self.thief_head(thief, 100)
        self.revoke()
        self.publish("second")
        dht = LyingDht((thief.public / "head").read_bytes())
        self.addCleanup(dht.stop)
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        reader = self.daemon("reader", "--dht-router", dht.router, "--poll", "2")
        reader.dht = True
        reader.start("--follow", self.newsroom.link(seed.address))
        reader.wait_release(3)
        wait_for("the DHT to be asked", lambda: dht.asked > 0)
        time.sleep(1)
        self.assertEqual(reader.feed()["seen_seq"], 3)
        self.assertEqual(reader.feed()["state"], "current")

    def test_stolen_mirror(self):
        """Who takes the server over has no key: he can withhold, and nothing else."""
        place = self.stick("server")
        reader = self.daemon("reader").start("--follow", place)
        reader.wait_release(1)
        other = Press(self.work / "other", "The Harbour Gazette")
        self.publish("forged", other)
        for name in ("head", "keyring"):
            shutil.copy(other.public / name, place / name)
        shutil.copy(other.public / "volumes/0001.torrent", place / "volumes/0001.torrent")
        wait_for("the refusal", lambda: reader.feed()["problem"])
        self.assertEqual(reader.feed()["seq"], 1)
        self.assertEqual([hit["title"] for hit in reader.json("latest")["hits"]], ["first"])

    # Beyond TUF's

    def test_fork_by_a_stolen_key(self):
        self.take(self.stick())
        thief = self.twin()
        self.publish("second")
        self.publish("forged", thief)
        self.take(self.stick())
        self.take(self.stick("thief", thief), ok=False)
        self.assertEqual(self.feed()["state"], "forked")
        self.assertEqual(self.titles(), ["first", "second"])
        self.publish("third")
        self.take(self.stick(), ok=False)
        self.assertEqual(self.feed()["state"], "forked")
        self.revoke()
        self.take(self.stick())
        self.assertEqual(self.feed()["state"], "current")
        self.assertEqual(self.titles(), ["first", "second", "third"])

    def test_poisoned_resume_data(self):
        """What is held is looked at again when its file has changed: nothing that lies in
        the data directory makes a reader show or serve what was not signed."""
        reader = self.daemon("reader").start("--follow", self.newsroom.link())
        run("colport", "--data", reader.data, "import", self.newsroom.public)
        reader.wait_release(1)
        reader.stop()
        own = next(reader.data.glob("feeds/*/volumes/0001/*.zst"))
        flip(own, 100)
        torrent = next(reader.data.glob("feeds/*/volumes/0001.torrent"))
        torrent.write_bytes(torrent.read_bytes().replace(b"6:pieces", b"6:piecer"))
        reader.start()
        wait_for("the loss to be noticed", lambda: reader.feed()["state"] != "current"
                 or not reader.feed()["complete"])
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        run("colport", "--data", reader.data, "follow", self.newsroom.link(seed.address))
        reader.wait_complete(1)
        self.assertEqual(own.read_bytes(), self.newsroom.volume_files()[0].read_bytes())

    def test_swapped_files_on_disk(self):
        self.take(self.stick())
        own = next(self.data.glob("feeds/*/volumes/0001/*.zst"))
        identifier = json.loads(run("colport", "--data", self.data, "latest", "--json").stdout)[
            "hits"][0]["id"]
        other = Press(self.work / "other")
        self.publish("forged", other)
        own.write_bytes(other.volume_files()[0].read_bytes())
        done = run("colport", "--data", self.data, "read", identifier, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("forged", done.stdout)
        self.take(self.stick())
        done = run("colport", "--data", self.data, "read", identifier)
        self.assertIn("first", done.stdout)

    def test_stick_edited_by_hand(self):
        """Every file of a stick with one bit changed, and links put in the place of files."""
        good = self.stick("good")
        other = Press(self.work / "other")
        for path in sorted(p.relative_to(good) for p in good.rglob("*") if p.is_file()):
            if path.name == "README.txt" or path.suffix in (".minisig", ".pub"):
                continue
            with self.subTest(str(path)):
                stick = self.stick()
                self.data = self.work / path.name.replace(".", "-")
                if path.name == "link.txt":
                    shutil.copy(other.public / "link.txt", stick / path)
                    self.assertEqual(run("colport-press", "verify", stick, ok=False).returncode, 1)
                else:
                    # In a .torrent, a hash of a piece: what is not signed there may change.
                    flip(stick / path, -30 if path.suffix == ".torrent" else
                         (stick / path).stat().st_size // 2)
                    self.take(stick, ok=False)
                    self.assertEqual(self.titles(), [])
        self.data = self.work / "reader-of-links"
        secret = self.work / "secret"
        secret.write_text("of the reader")
        stick = self.stick()
        bundle = next(stick.glob("volumes/0001/*.zst"))
        bundle.unlink()
        bundle.symlink_to(secret)
        self.take(stick, ok=False)
        self.assertEqual(self.titles(), [])

    def test_clock_of_the_publisher_ahead(self):
        """A head of the far future freezes nobody: it is put aside."""
        self.take(self.stick())
        ahead = self.twin()
        self.thief_head(ahead, 2, ahead=3 * 365 * 86400)
        done = self.take(self.stick("ahead", ahead), ok=False)
        self.assertIn("future", done.stderr)
        self.publish("second")
        self.take(self.stick())
        self.assertEqual(self.titles(), ["first", "second"])

    def test_version_downgrade(self):
        """An old keyring, from before a revocation, gives nobody his word back."""
        before = self.stick("before")
        thief = self.twin()
        self.revoke()
        self.take(self.stick())
        self.publish("forged", thief)
        for folder in (before, self.stick("thief", thief)):
            self.take(folder, ok=False)
            self.assertEqual(self.titles(), ["first"])
            self.assertEqual(self.feed()["seq"], 2)

    def test_feed_that_imitates_another(self):
        """The same name and another key is another feed, and is said to look alike."""
        self.take(self.stick())
        other = Press(self.work / "other", "The Harbour Gazette")
        self.publish("forged", other)
        self.take(other.public)
        done = run("colport", "--data", self.data, "feeds")
        self.assertIn("CAREFUL", done.stderr)
        first, second = json.loads(run("colport", "--data", self.data, "feeds", "--json").stdout)
        self.assertEqual(second["looks_like"], first["feed"])
        self.assertEqual(first["looks_like"], "")
        self.assertNotEqual(first["words"], second["words"])


if __name__ == "__main__":
    main()
