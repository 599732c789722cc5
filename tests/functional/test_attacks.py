"""The attacks of SPEC section 18, each played with real files or processes.

A reader imports what somebody hands her, or follows a directory or a mirror: the
verifier behind all carriers is one. The attacker has what the name of the test says.
"""

import json
import os
import shutil
import subprocess
import time
import unittest
import unittest.mock

from colport_harness import SOURCE, ColportTest, Press, free_port, http, main, need, run, wait_for, words
from lying_dht import LyingDht, head_item, keyring_item
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

    def latest(self):
        return json.loads(run("colport", "--data", self.data, "latest", "--json").stdout)["hits"]

    def titles(self):
        return sorted(hit["title"] for hit in self.latest())

    def marks(self):
        return {hit["title"]: hit["withdrawn_key"] for hit in self.latest()}

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
        shown = run("colport", "--data", self.data, "feeds")
        self.assertIn("stale", shown.stdout)
        self.assertIn("you may be cut off", shown.stderr)

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

    def test_articles_of_a_withdrawn_key_are_marked(self):
        """What a key signed before it was withdrawn stays readable, and says so: calmly when
        it is from before others may have had the key, loudly when it is not."""
        def hits():
            page = json.loads(run("colport", "--data", self.data, "search", "first", "--json").stdout)
            return {hit["title"]: hit["withdrawn_key"] for hit in page["hits"]}

        def read(title):
            page = json.loads(run("colport", "--data", self.data, "latest", "--json").stdout)
            identifier = next(hit["id"] for hit in page["hits"] if hit["title"] == title)
            text = run("colport", "--data", self.data, "read", identifier).stdout
            as_json = run("colport", "--data", self.data, "read", identifier, "--json").stdout
            return text, json.loads(as_json)["withdrawn_key"]

        self.take(self.stick())
        self.assertEqual(hits(), {"first": None})
        self.assertNotIn("key", read("first")[0])
        # Replaced, and never in other hands: nothing to say.
        press_command("key", "rotate", self.newsroom.root, "--no-passphrase")
        self.take(self.stick())
        self.assertEqual(hits(), {"first": None})
        self.publish("first of the second key")
        self.take(self.stick())
        time.sleep(1.1)
        loss = int(time.time())
        thief = self.twin()
        self.publish("first forged", thief)
        self.take(self.stick("thief", thief))
        self.revoke(str(loss))
        # The keyring alone has come, and no release yet: all of it is there, and marked.
        only = self.stick("only", thief)
        shutil.copy(self.newsroom.public / "keyring", only / "keyring")
        self.take(only, ok=False)
        marks = hits()
        self.assertEqual(marks["first"], None)
        self.assertEqual(marks["first of the second key"]["reason"], "the laptop was taken")
        self.assertIs(marks["first of the second key"]["doubtful"], False)
        self.assertIs(marks["first forged"]["doubtful"], True)
        text, mark = read("first forged")
        self.assertIn("may not be by the newsroom", text)
        self.assertIn("the laptop was taken", text)
        self.assertIs(mark["doubtful"], True)
        text, mark = read("first of the second key")
        self.assertIn("from before that day", text)
        self.assertIs(mark["doubtful"], False)
        shown = run("colport", "--data", self.data, "search", "first").stdout
        self.assertEqual(shown.count("CAREFUL"), 1)
        # On the reading page the same, and it goes with the newsroom's next release.
        reader = self.daemon(self.data.name).start()
        forged = next(hit["id"] for hit in reader.json("latest")["hits"]
                      if hit["title"] == "first forged")
        for path, shown in ((f"article/{forged}", b"this article may not be by the newsroom"),
                            ("search?q=first", b">may not be by the newsroom<")):
            self.assertIn(shown, http(f"{reader.page}{path}")[2])
        reader.stop()
        self.take(self.stick())
        self.assertEqual(set(hits()), {"first", "first of the second key"})
        self.assertIs(hits()["first of the second key"]["doubtful"], False)

    def test_back_dated_by_a_stolen_key(self):
        """A date that the thief writes makes nothing older than the loss of the key."""
        self.take(self.stick())
        thief = self.twin()
        for title in ("second", "third"):
            self.publish(title)
        with unittest.mock.patch.dict(os.environ, SOURCE_DATE_EPOCH="1546300800"):   # of 2019
            self.publish("forged", thief)
        self.take(self.stick("thief", thief))
        self.assertEqual(self.titles(), ["first", "forged"])
        self.revoke("2020-01-01")
        only = self.stick("only", thief)
        shutil.copy(self.newsroom.public / "keyring", only / "keyring")
        self.take(only, ok=False)
        self.assertIs(self.marks()["forged"]["doubtful"], True)
        self.take(self.stick())
        self.assertEqual(self.titles(), ["first", "second", "third"])

    def test_stolen_dht_key(self):
        """The key of the DHT item is the signing key: an item that it signs is a head like
        any other, and after the revocation none at all."""
        thief = self.twin()
        self.thief_head(thief, 100)
        self.revoke()
        self.publish("second")
        dht = LyingDht(head_item((thief.public / "head").read_bytes()))
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

    def fork_keyrings(self):
        """A thief of the root key has made a keyring of the number that the newsroom's has."""
        thief = self.twin()
        self.publish("forged", thief)
        for root in (self.newsroom.root, thief.root):
            press_command("key", "rotate", root, "--no-passphrase")
        return thief

    def assert_keys_forked(self, feed):
        self.assertEqual(feed["state"], "forked")
        if feed.get("problem"):
            self.assertIn("root key may be in other hands", feed["problem"])
            self.assertIn("stays readable", feed["problem"])

    def test_fork_of_keyrings(self):
        self.take(self.stick())
        thief = self.fork_keyrings()
        self.take(self.stick())
        done = self.take(self.stick("thief", thief), ok=False)
        self.assertIn("contradict each other", done.stderr)
        self.assert_keys_forked(self.feed())
        self.assertEqual(self.titles(), ["first"])
        # Nothing more is taken from either, not even under a keyring that is newer.
        for newsroom in (self.newsroom, thief):
            self.publish("more", newsroom)
            press_command("key", "rotate", newsroom.root, "--no-passphrase")
            self.take(self.stick("more", newsroom), ok=False)
            self.assert_keys_forked(self.feed())
            self.assertEqual(self.titles(), ["first"])
        identifier = json.loads(run("colport", "--data", self.data, "latest", "--json").stdout)[
            "hits"][0]["id"]
        self.assertIn("first", run("colport", "--data", self.data, "read", identifier).stdout)
        shown = run("colport", "--data", self.data, "feeds")
        self.assertIn("forked", shown.stdout)
        self.assertIn("ask the newsroom by another way", shown.stderr)
        self.assertNotIn("ask the newsroom", run("colport", "--data", self.data, "latest").stderr)
        # A copy is not overwritten by the other side's.
        run("colport", "--data", self.data, "export", self.work / "copies")
        keyring = next((self.work / "copies").rglob("keyring"))
        shutil.copy(self.work / "thief/keyring", keyring)
        kept = keyring.read_bytes()
        done = run("colport", "--data", self.data, "export", self.work / "copies", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another list of keys", done.stderr)
        self.assertEqual(keyring.read_bytes(), kept)
        # Who decides to start again does so with one of them.
        run("colport", "--data", self.data, "unfollow", self.feed()["feed"])
        self.take(self.stick())
        self.assertEqual(self.feed()["state"], "current")
        self.assertEqual(self.titles(), ["first", "more"])

    def test_fork_of_keyrings_by_gossip_and_in_place(self):
        thief = self.fork_keyrings()
        place = self.stick("place")
        # Its link names nobody yet.
        watcher = self.daemon("watcher").start("--follow", self.stick("other-place"))
        watcher.wait_release(2)
        good = self.daemon("good").start("--follow", place)
        bad = self.daemon("bad").start("--follow", thief.public)
        reader = self.daemon("reader").start("--follow", self.newsroom.link(good.address))
        reader.wait_release(2)
        reader.colport("follow", self.newsroom.link(bad.address))
        wait_for("the fork", lambda: reader.feed()["state"] == "forked")
        self.assert_keys_forked(reader.feed())
        self.assertIn("somebody else may have the newsroom's key", reader.colport("doctor", ok=False).stdout)
        # Those whom they meet at the door learn of it too.
        wait_for("the fork at the seed", lambda: good.feed()["state"] == "forked")
        self.publish("more")
        self.publish("forged more", thief)
        time.sleep(2)
        self.assertEqual([hit["title"] for hit in reader.json("latest")["hits"]], ["first"])
        reader.stop()
        reader.start()
        self.assert_keys_forked(reader.feed())
        self.assertIn("root key", reader.feed()["problem"])
        # A folder in which the keyring is exchanged under the eyes of a daemon.
        shutil.copy(thief.public / "keyring", self.work / "other-place/keyring")
        wait_for("the fork", lambda: watcher.feed()["state"] == "forked")
        self.assert_keys_forked(watcher.feed())

    def mirror_of(self, folder):
        port = free_port()
        server = subprocess.Popen([PYTHON, "-B", SOURCE / "tests/support/hostile_web.py",
                                   f"127.0.0.1:{port}", folder, self.work / "mirror.log"])
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        return f"http://127.0.0.1:{port}/"

    def test_fork_of_keyrings_by_a_mirror(self):
        thief = self.fork_keyrings()
        url = self.mirror_of(thief.public)
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        reader = self.daemon("reader", "--poll", "1").start("--follow", self.newsroom.link(seed.address))
        reader.wait_release(2)
        reader.colport("follow", self.newsroom.link(seed.address, mirrors=[url]))
        wait_for("the fork", lambda: reader.feed()["state"] == "forked")
        self.assert_keys_forked(reader.feed())
        # It may be the newsroom's own: what else it has is not held against it.
        mirror = lambda: next(c for c in reader.feed()["carriers"] if c["name"] == "mirror")
        wait_for("the mirror to be blamed for nothing", lambda: mirror()["state"] == "works")

    def test_fork_of_keyrings_by_the_dht(self):
        thief = self.fork_keyrings()
        feed = json.loads(press_command("key", "show", thief.root, "--json").stdout)["feed"]
        dht = LyingDht(keyring_item((thief.public / "keyring").read_bytes(), bytes.fromhex(feed), 2))
        self.addCleanup(dht.stop)
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        reader = self.daemon("reader", "--dht-router", dht.router, "--poll", "2")
        reader.dht = True
        reader.start("--follow", self.newsroom.link(seed.address))
        wait_for("the fork", lambda: reader.feed()["state"] == "forked")
        self.assert_keys_forked(reader.feed())

    def editors(self, *names, threshold=2):
        """A newsroom of several root keys that has published, and the folders of these."""
        out = self.twin("shared")
        shutil.rmtree(out.root)
        folders = [self.work / name for name in names]
        press_command("init", out.root, "--name", "Shared", "--keys", self.work / "vault",
                      "--root-keys", *folders, "--threshold", threshold, "--no-passphrase")
        self.publish("first", out)
        return out, folders

    def copy_of(self, newsroom, name):
        newsroom, self.newsroom = self.newsroom, newsroom
        try:
            out = self.twin(name)
        finally:
            self.newsroom = newsroom
        out.count = 200
        return out

    def test_stolen_root_keys_of_editors(self):
        """Enough editors' keys to govern are taken: the feed's own key takes it back from
        them, whatever number the thief has come to."""
        newsroom, editors = self.editors("anna", "bela", "chen")
        self.take(newsroom.public)
        thief = self.copy_of(newsroom, "thief")
        for _ in range(3):
            press_command("key", "rotate", thief.root, "--keys", *editors[:2], "--no-passphrase")
        self.publish("forged", thief)
        self.take(self.stick("thief-stick", thief))
        self.assertEqual(self.titles(), ["first", "forged"])      # the attack works, until
        fresh = [self.work / "dora", self.work / "emil"]
        for folder in fresh:
            press_command("key", "new", "--root", "--keys", folder, "--no-passphrase")
        press_command("key", "roots", newsroom.root, "--root-keys", *fresh, "--threshold", 2,
                      "--feed-key", "--keys", self.work / "vault", *fresh, "--no-passphrase")
        # The keyring alone has come: of the thief's key it knows nothing.
        only = self.stick("only", thief)
        shutil.copy(newsroom.public / "keyring", only / "keyring")
        self.take(only, ok=False)
        self.assertEqual(self.marks(), {
            "first": None, "forged": {"since": None, "reason": "", "doubtful": True}})
        forged = next(hit["id"] for hit in self.latest() if hit["title"] == "forged")
        shown = run("colport", "--data", self.data, "read", forged).stdout
        self.assertIn("CAREFUL", shown)
        self.assertIn("not in the newsroom's list of keys", shown)
        press_command("key", "revoke", newsroom.root, "--keys", *fresh, "--no-passphrase")
        self.publish("second", newsroom)
        self.take(newsroom.public)
        self.assertEqual(self.titles(), ["first", "second"])
        self.assertEqual(self.feed()["state"], "current")
        press_command("key", "rotate", thief.root, "--keys", *editors[:2], "--no-passphrase")
        self.publish("forged more", thief)
        self.take(self.stick("thief-stick", thief), ok=False)
        self.assertEqual(self.titles(), ["first", "second"])
        self.assertEqual(self.feed()["state"], "current")

    def test_replaced_editors(self):
        """Who was replaced as a root key by other editors can contradict them if enough of
        them come together, and that stops the feed; what they sign is not taken."""
        newsroom, editors = self.editors("anna", "bela", "chen")
        thief = self.copy_of(newsroom, "thief")
        dora, emil = self.work / "dora", self.work / "emil"
        for folder in (dora, emil):
            press_command("key", "new", "--root", "--keys", folder, "--no-passphrase")
        press_command("key", "roots", newsroom.root, "--root-keys", editors[0], editors[1], dora,
                      "--keys", *editors[:2], "--no-passphrase")
        self.take(newsroom.public)
        self.publish("forged", thief)
        # What a signer remembers keeps nobody from signing who means to.
        for note in self.work.rglob("signed-keyring-*.txt"):
            note.unlink()
        # The list of before, and a higher number.
        for _ in range(3):
            press_command("key", "rotate", thief.root, "--keys", *editors[1:], "--no-passphrase")
        self.take(self.stick("thief-stick", thief), ok=False)
        self.assertEqual(self.titles(), ["first"])
        self.assertEqual(self.feed()["state"], "current")
        # Another list in the place of the one that was appointed.
        press_command("key", "roots", thief.root, "--root-keys", editors[1], editors[2], emil,
                      "--keys", *editors[1:], "--no-passphrase")
        self.take(self.stick("thief-stick", thief), ok=False)
        self.assertEqual(self.titles(), ["first"])
        self.assert_keys_forked(self.feed())
        # The feed's own key says which.
        press_command("key", "roots", newsroom.root, "--root-keys", editors[0], dora, emil,
                      "--threshold", 2, "--feed-key", "--keys", self.work / "vault", editors[0],
                      dora, "--no-passphrase")
        self.publish("second", newsroom)
        self.take(newsroom.public)
        self.assertEqual(self.titles(), ["first", "second"])
        self.assertEqual(self.feed()["state"], "current")

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
