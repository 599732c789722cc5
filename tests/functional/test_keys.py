"""Keys: replaced, revoked, kept on another machine, and never left open to others."""

import fcntl
import json
import os
import pty
import re
import shutil
import subprocess
import termios

from colport_harness import BIN, SOURCE, ColportTest, main, need, run, wait_for, words


def press(*args, ok=True, lines=None, **kwargs):
    """colport-press, with passphrases on a descriptor where `lines` are given."""
    if lines is None:
        return run("colport-press", *args, ok=ok, **kwargs)
    read, write = os.pipe()
    os.write(write, "".join(line + "\n" for line in lines).encode())
    os.close(write)
    try:
        return run("colport-press", *args, "--passphrase-fd", read, ok=ok, pass_fds=[read],
                   **kwargs)
    finally:
        os.close(read)


class Keys(ColportTest):
    def show(self, root):
        return json.loads(press("key", "show", root, "--json").stdout)

    def verify(self, root):
        done = press("verify", root, "--json", ok=False)
        return json.loads(done.stdout)

    def test_a_key_is_replaced_and_readers_follow_over_every_carrier(self):
        newsroom = self.press()
        newsroom.add_samples()
        newsroom.release()
        seed, reader = self.seed_and_reader(newsroom)
        reader.wait_release(1)
        old = self.show(newsroom.root)
        press("key", "rotate", newsroom.root, "--no-passphrase")
        new = self.show(newsroom.root)
        self.assertEqual(new["version"], 2)
        self.assertEqual([key["key"] for key in new["revoked"]], [old["signing"][0]["key"]])
        self.assertNotEqual(new["signing"], old["signing"])
        self.assertEqual(new["head_signer"], new["signing"][0]["key"])
        reader.wait_release(2)
        self.assertEqual(reader.feed()["problem"], "")
        newsroom.add({"text": words(100, "after")})
        newsroom.release()
        reader.wait_release(3)
        self.assertEqual(reader.json("latest")["total"], 13)
        # On a stick, for somebody who has seen nothing of it.
        done = run("colport", "--data", self.work / "other", "import", newsroom.public)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(self.verify(newsroom.root)["ok"])

    def test_what_a_revoked_key_signed_when_others_may_have_had_it_is_marked(self):
        newsroom = self.press()
        newsroom.add_samples()
        newsroom.release()
        # A release that a thief may have made becomes the newsroom's own only if it says so.
        done = press("key", "revoke", newsroom.root, "--no-passphrase", "--since", "2020-01-01",
                     ok=False, stdin=subprocess.DEVNULL, start_new_session=True)
        self.assertIn("--last-true 1", done.stderr)
        self.assertRegex(done.stderr, r"\n +1 +20\d\d-.*“.+” “.+” “.+” and 9 more\n")
        self.assertEqual(self.show(newsroom.root)["version"], 1)
        done = press("key", "revoke", newsroom.root, "--no-passphrase", "--since", "2020-01-01",
                     "--last-true", 2, ok=False)
        self.assertIn("is 1, and not 2", done.stderr)
        for slip in ("20200101", "2020", "1970-01-01", "0", "20-01-01"):
            done = press("key", "revoke", newsroom.root, "--no-passphrase", "--since", slip,
                         "--last-true", 1, ok=False)
            self.assertIn("2026-03-14", done.stderr)
        self.assertEqual(self.show(newsroom.root)["version"], 1)
        press("key", "revoke", newsroom.root, "--no-passphrase", "--since", "2020-01-01",
              "--last-true", 1)
        result = self.verify(newsroom.root)
        self.assertTrue(result["ok"], result["errors"])
        self.assertEqual(len(result["warnings"]), 2)       # articles and pictures
        self.assertIn("withdrawn", result["warnings"][0])
        self.assertEqual(result["articles"], 12)

    def test_who_is_at_a_terminal_is_asked_whether_the_last_release_is_hers(self):
        newsroom = self.press()
        newsroom.add_samples()
        newsroom.release()
        for answer, code, version in ((b"no\n", 1, 1), (b"yes\n", 0, 2)):
            master, child = pty.openpty()
            process = subprocess.Popen(
                [BIN / "colport-press", "key", "revoke", newsroom.root, "--no-passphrase", "--since",
                 "2020-01-01"],
                stdin=child, stdout=child, stderr=child, start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
            seen = b""
            while b"[yes/no]" not in seen:
                seen += os.read(master, 1024)
            self.assertIn(b"Is release 1 yours", seen)
            os.write(master, answer)
            self.assertEqual(process.wait(30), code)
            self.assertEqual(self.show(newsroom.root)["version"], version)
            os.close(master)
            os.close(child)

    def test_the_root_key_may_be_elsewhere_and_nothing_happens_without_it(self):
        root = self.work / "n"
        press("init", root, "--name", "N", "--keys", self.work / "stick", lines=["secret words"])
        self.assertFalse((root / "private/keys/root.key").exists())
        before = (root / "public/keyring").read_bytes()
        done = press("key", "rotate", root, ok=False, lines=["new words", "secret words"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("root.key", done.stderr)
        self.assertEqual((root / "public/keyring").read_bytes(), before)
        done = press("key", "rotate", root, "--keys", self.work / "stick", ok=False,
                     lines=["new words", "wrong words"])
        self.assertIn("wrong passphrase", done.stderr)
        self.assertEqual((root / "public/keyring").read_bytes(), before)
        # The new key's passphrase is chosen before the root key's is asked for.
        press("key", "rotate", root, "--keys", self.work / "stick",
              lines=["new words", "secret words"])
        self.assertEqual(self.show(root)["version"], 2)
        press("release", root, lines=["new words"])

    def test_a_key_file_that_others_can_read_is_not_used(self):
        newsroom = self.press()
        newsroom.add_samples()
        key = newsroom.root / "private/keys/signing.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        key.chmod(0o640)
        done = press("release", newsroom.root, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr)
        root = newsroom.root / "private/keys/root.key"
        root.chmod(0o644)
        done = press("key", "rotate", newsroom.root, "--no-passphrase", ok=False)
        self.assertIn("chmod 600", done.stderr)
        self.assertEqual(self.show(newsroom.root)["version"], 1)

    def test_keys_are_sealed_and_no_passphrase_is_on_a_command_line(self):
        root = self.work / "n"
        press("init", root, "--name", "N", lines=["correct horse"])
        for name in ("root.key", "signing.key"):
            text = (root / "private/keys" / name).read_text()
            self.assertIn(", encrypted\n", text)
        done = press("release", root, ok=False, lines=["wrong horse"])
        # There is nothing to release, and still the passphrase is asked for first.
        self.assertIn("wrong passphrase", done.stderr)
        done = press("release", root, ok=False, lines=[])
        self.assertIn("ended before the passphrase", done.stderr)
        done = run("colport-press", "release", root, "--passphrase-fd", "77", ok=False)
        self.assertIn("descriptor 77", done.stderr)

    def test_a_passphrase_does_not_stay_in_memory(self):
        """Of a command that goes on for days with the key in use."""
        root, secret = self.work / "n", "unforgettable-" + os.urandom(8).hex()
        press("init", root, "--name", "N", lines=[secret])
        passphrase = self.work / "passphrase"
        passphrase.write_text(secret + "\n")
        passphrase.chmod(0o600)
        source = self.work / "in.jsonl"
        source.write_text('{"id": "1", "title": "A tide of moss", "text": "x y z"}\n')
        press("watch", root, "--add", source)
        with open(self.work / "log", "wb") as log:
            process = subprocess.Popen([BIN / "colport-press", "watch", root, "--every", "1h",
                                        "--passphrase-file", passphrase], stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_for("a release with that key", lambda: (root / "public/head").exists())
        self.assertIsNone(process.poll())
        pieces = []
        with open(f"/proc/{process.pid}/maps") as maps, open(f"/proc/{process.pid}/mem", "rb") as memory:
            for line in maps:
                place, rights = line.split()[:2]
                if "w" not in rights:
                    continue
                begin, end = (int(part, 16) for part in place.split("-"))
                try:
                    memory.seek(begin)
                    pieces.append(memory.read(end - begin))
                except OSError:
                    pass                    # guard pages
        whole = b"".join(pieces)
        # The command line is there, so what is looked for would be found.
        self.assertIn(str(passphrase).encode(), whole)
        self.assertNotIn(secret.encode(), whole)

    def test_every_step_is_signed_on_a_machine_without_a_network(self):
        root, keys, stick = self.work / "n", self.work / "safe", self.work / "stick"
        stick.mkdir()
        request = stick / "request"
        press("init", root, "--name", "N", "--keys", keys, "--all-keys", "--no-passphrase")
        self.assertEqual(os.listdir(root / "private/keys"), [])
        made = root / "private/made.jsonl"
        made.write_text('{"id": "1", "title": "A tide of moss", "text": "' + words(50, 1) + '"}\n')
        press("add", root, made)
        done = press("release", root, ok=False)
        self.assertIn("--prepare", done.stderr)
        check = json.loads(press("release", root, "--prepare", request, "--json").stdout)["check"]
        self.assertFalse((root / "public/head").exists())

        # Nobody signs without having been asked.
        done = press("sign", request, "--keys", keys, ok=False, stdin=subprocess.DEVNULL,
                     start_new_session=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("A tide of moss", done.stdout)
        # Titles do not show the texts: words do, of which the signer is told by another way.
        self.assertIn(f"check     {check}\n", done.stdout)
        self.assertIn("by another way", done.stderr)
        unsigned = request.read_bytes()
        done = press("sign", request, "--keys", keys, "--yes", "--check",
                     "babab-" * 7 + "babab", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not those of the request", done.stderr)
        self.assertEqual(request.read_bytes(), unsigned)
        # Without a network: the signer makes no socket at all.
        wrap = ["unshare", "-rn"] if shutil.which("unshare") else []
        done = press("sign", request, "--keys", keys, "--yes", "--check", check.upper(), wrap=wrap)
        self.assertIn("release   1", done.stdout)
        press("release", root, "--finish", request)
        self.assertTrue(self.verify(root)["ok"])
        self.assertEqual(self.verify(root)["articles"], 1)

        # The same for the keys themselves.
        fresh = press("key", "new", "--keys", keys, "--no-passphrase").stdout.strip()
        press("key", "revoke", root, "--new-key", fresh, "--reason", "taken", "--prepare", request)
        self.assertEqual(self.show(root)["version"], 1)
        done = press("sign", request, "--keys", keys, "--yes")
        self.assertIn("MAY SIGN", done.stdout)
        self.assertIn("NO MORE: taken", done.stdout)
        press("key", "revoke", root, "--finish", request)
        press("release", root, "--prepare", request)
        done = press("sign", request, "--keys", keys, "--yes")
        self.assertIn("signed anew", done.stdout)
        press("release", root, "--finish", request)
        self.assertTrue(self.verify(root)["ok"])
        self.assertEqual(self.show(root)["head_signer"], fresh)

    def test_a_signer_who_is_shown_an_old_state_does_not_fork_the_feed(self):
        root, keys, request = self.work / "n", self.work / "safe", self.work / "request"
        press("init", root, "--name", "N", "--keys", keys, "--all-keys", "--no-passphrase")
        shutil.copytree(root, self.work / "twin")
        for place in (root, self.work / "twin"):
            made = place / "private/made.jsonl"
            made.write_text(json.dumps({"id": str(place), "title": place.name, "text": "x y"}) + "\n")
            press("add", place, made)
        press("release", root, "--prepare", request)
        press("sign", request, "--keys", keys, "--yes")
        press("release", root, "--finish", request)
        press("release", self.work / "twin", "--prepare", request)
        # Whatever is refused, no key takes the place of the one in use.
        shutil.copy(keys / "signing.key", keys / "signing.next.key")
        (keys / "signing.key").write_text("in use")
        (keys / "signing.key").chmod(0o600)
        done = press("sign", request, "--keys", keys, "--yes", ok=False)
        self.assertEqual((keys / "signing.key").read_text(), "in use")
        self.assertTrue((keys / "signing.next.key").exists())
        self.assertEqual(done.returncode, 1)
        self.assertIn("signed on this machine already", done.stderr)
        done = press("release", self.work / "twin", "--finish", request, ok=False)
        self.assertIn("not signed yet", done.stderr)

    def test_two_of_three_editors_sign_and_one_alone_does_not(self):
        root, request = self.work / "n", self.work / "request"
        editors = [self.work / name for name in ("anna", "bela", "chen")]
        press("init", root, "--name", "N", "--keys", self.work / "vault", "--root-keys", *editors,
              "--threshold", 2, "--no-passphrase")
        made = root / "private/made.jsonl"
        made.write_text('{"id": "1", "title": "A tide of moss", "text": "x y z"}\n')
        press("add", root, made)
        press("release", root)
        self.assertTrue(self.verify(root)["ok"])
        shown = self.show(root)
        self.assertEqual((shown["threshold"], len(shown["root_keys"])), (2, 3))
        self.assertNotIn(shown["feed"], shown["root_keys"])

        done = press("key", "rotate", root, "--keys", editors[0], "--no-passphrase", ok=False)
        self.assertIn("2 of 3 root keys must sign, and 1 did", done.stderr)
        # Not even the key that appointed them.
        done = press("key", "rotate", root, "--keys", self.work / "vault", "--no-passphrase",
                     ok=False)
        self.assertIn("not one of the keys that govern", done.stderr)
        self.assertEqual(self.show(root)["version"], 1)
        press("key", "rotate", root, "--keys", editors[0], editors[2], "--no-passphrase")
        self.assertEqual(self.show(root)["version"], 2)
        self.assertTrue(self.verify(root)["ok"])

        # Each at home, one after the other.
        press("key", "rotate", root, "--prepare", request, "--no-passphrase")
        press("sign", request, "--keys", editors[1], "--yes")
        done = press("key", "rotate", root, "--finish", request, ok=False)
        self.assertIn("not signed by enough root keys", done.stderr)
        press("sign", request, "--keys", editors[1], "--yes")      # twice is once
        press("sign", request, "--keys", editors[2], "--yes")
        press("key", "rotate", root, "--finish", request)
        self.assertEqual(self.show(root)["version"], 3)
        self.assertTrue(self.verify(root)["ok"])
        done = run("colport", "--data", self.work / "reader", "import", root / "public")
        self.assertEqual(done.returncode, 0)

    def new_root(self, name):
        done = press("key", "new", "--root", "--keys", self.work / name, "--no-passphrase")
        self.words = re.search(r"words are (\S+):", done.stderr).group(1)
        self.assertEqual((self.work / name / "root.key").stat().st_mode & 0o777, 0o600)
        return self.work / name

    def test_editors_come_and_go_and_readers_who_missed_it_all_follow(self):
        root, request = self.work / "n", self.work / "request"
        anna, bela, chen = [self.work / name for name in ("anna", "bela", "chen")]
        press("init", root, "--name", "N", "--keys", self.work / "vault", "--root-keys", anna, bela,
              chen, "--threshold", 2, "--no-passphrase")
        made = root / "private/made.jsonl"
        made.write_text('{"id": "1", "title": "A tide of moss", "text": "x y z"}\n')
        press("add", root, made)
        press("release", root)
        data = self.work / "reader"
        run("colport", "--data", data, "import", root / "public")
        words_before = self.show(root)["words"]
        vault = (self.work / "vault").rename(self.work / "burnt")     # never needed again

        # Chen is arrested: Dora takes the place. One editor alone cannot do it, nor Dora.
        dora = self.new_root("dora")
        chosen = ["--root-keys", self.show(root)["root_keys"][0], bela, dora]
        for keys in ([anna], [anna, dora], [dora]):
            done = press("key", "roots", root, *chosen, "--keys", *keys, "--no-passphrase", ok=False)
            self.assertEqual(done.returncode, 1, keys)
            self.assertIn("must appoint new ones", done.stderr)
            self.assertEqual(self.show(root)["version"], 1)
        done = press("key", "roots", root, *chosen, "--keys", anna, bela, "--no-passphrase")
        self.assertIn(f"BECOMES A ROOT KEY, with the words {self.words}", done.stdout)
        self.assertIn("is a root key NO MORE", done.stdout)
        shown = self.show(root)
        self.assertEqual((shown["version"], shown["roots_version"], shown["threshold"]), (2, 2, 2))
        done = press("key", "rotate", root, "--keys", bela, chen, "--no-passphrase", ok=False)
        self.assertIn("not one of the keys that govern", done.stderr)

        # From two of three to three of five, each at home, one after the other.
        emil, fay = self.new_root("emil"), self.new_root("fay")
        press("key", "roots", root, "--root-keys", anna, bela, dora, emil, fay, "--threshold", 3,
              "--prepare", request)
        self.assertEqual(self.show(root)["version"], 2)
        wrap = ["unshare", "-rn"] if shutil.which("unshare") else []
        done = press("sign", request, "--keys", emil, "--yes", wrap=wrap)
        self.assertIn("2 more of the 3 root keys of before must appoint", done.stderr)
        done = press("sign", request, "--keys", chen, "--yes", ok=False)
        self.assertIn("not one of the keys that govern", done.stderr)
        press("sign", request, "--keys", anna, "--yes")
        press("sign", request, "--keys", anna, "--yes")               # twice is once
        done = press("key", "roots", root, "--finish", request, ok=False)
        self.assertIn("not signed by enough", done.stderr)
        done = press("sign", request, "--keys", dora, "--yes")
        self.assertIn("take", done.stderr)
        press("key", "roots", root, "--finish", request)
        shown = self.show(root)
        self.assertEqual((shown["version"], shown["threshold"], len(shown["root_keys"])), (3, 3, 5))
        self.assertEqual(shown["words"], words_before)

        # Who missed both changes gets there, and so does who has never heard of any.
        press("key", "rotate", root, "--keys", bela, emil, fay, "--no-passphrase")
        self.assertTrue(self.verify(root)["ok"])
        for place in (data, self.work / "newcomer"):
            run("colport", "--data", place, "import", root / "public")
            feeds = json.loads(run("colport", "--data", place, "feeds", "--json").stdout)
            self.assertEqual((feeds[0]["seq"], feeds[0]["state"]), (2, "current"))
        seed = self.daemon("seed").start("--follow", root / "public")
        reader = self.daemon("by-gossip")
        link = press("link", root, "--peer", seed.address).stdout.strip()
        reader.start("--follow", link)
        reader.wait_release(2)
        # The second reader of the format agrees.
        done = subprocess.run(["/usr/bin/python3", "-B", SOURCE / "tests/check_feed.py",
                               root / "public"], capture_output=True, text=True)
        if "No module named" not in done.stderr:
            self.assertEqual(done.returncode, 0, done.stderr)

        # The feed's own key begins the list anew.
        press("key", "roots", root, "--root-keys", anna, "--threshold", 1, "--feed-key", "--keys",
              vault.parent / "burnt", anna, "--no-passphrase")
        self.assertEqual(self.show(root)["roots_version"], 4)
        run("colport", "--data", data, "import", root / "public")

    def test_one_root_key_makes_way_for_several(self):
        newsroom = self.press()
        newsroom.add_samples()
        newsroom.release()
        seed, reader = self.seed_and_reader(newsroom)
        reader.wait_release(1)
        editors = [self.new_root(name) for name in ("anna", "bela", "chen")]
        for threshold in (0, 4):
            done = press("key", "roots", newsroom.root, "--root-keys", *editors, "--threshold",
                         threshold or 4, "--no-passphrase", ok=False)
            self.assertIn("--threshold", done.stderr)
        done = press("key", "roots", newsroom.root, "--root-keys", editors[0], editors[0],
                     "--threshold", 2, "--no-passphrase", ok=False)
        self.assertIn("named twice", done.stderr)
        signing = self.show(newsroom.root)["signing"][0]["key"]
        done = press("key", "roots", newsroom.root, "--root-keys", signing, "--no-passphrase",
                     ok=False)
        self.assertIn("is a signing key", done.stderr)
        keys = newsroom.root / "private/keys"
        press("key", "roots", newsroom.root, "--root-keys", *editors, "--threshold", 2, "--keys",
              keys, *editors[:2], "--no-passphrase")
        self.assertEqual(self.show(newsroom.root)["threshold"], 2)
        # A key that is named and signs is asked for once.
        dora = self.work / "dora"
        press("key", "new", "--root", "--keys", dora, lines=["secret words"])
        press("key", "roots", newsroom.root, "--root-keys", *editors[:2], dora, "--threshold", 2,
              "--keys", *editors[:2], dora, lines=["secret words"])
        newsroom.add({"text": words(100, "after")})
        newsroom.release()
        reader.wait_release(2)
        self.assertEqual(reader.feed()["problem"], "")

    def test_a_newsroom_goes_on_from_a_readers_copy_and_the_root_key(self):
        """After a raid: the machine that released is gone, and all that was on it."""
        root, vault, data = self.work / "n", self.work / "vault", self.work / "reader"
        press("init", root, "--name", "N", "--keys", vault, "--no-passphrase", "--tracker",
              "http://tracker.example/")
        self.add_one(root, "First")
        press("release", root)
        run("colport", "--data", data, "import", root / "public")
        shutil.rmtree(root)
        run("colport", "--data", data, "export", self.work / "stick")
        again = self.work / "again"
        again.mkdir()
        shutil.copytree(next((self.work / "stick").glob("*/feed.pub")).parent, again / "public")
        # Whoever kept the copy may have written these.
        hints = [again / "public" / name for name in ("link.txt", "volumes/0001.torrent")]
        for file in hints:
            self.assertIn(b"tracker.example", file.read_bytes())
        (again / "public/dht-nodes.txt").write_text("192.0.2.7:6881\n")
        done = press("key", "revoke", again, "--keys", vault, "--no-passphrase", ok=False,
                     stdin=subprocess.DEVNULL, start_new_session=True)
        self.assertIn("“First”", done.stderr)
        self.assertIn("--last-true 1", done.stderr)
        self.assertEqual(self.show(again)["version"], 1)
        done = press("key", "revoke", again, "--keys", vault, "--no-passphrase", "--last-true", 1)
        self.assertIn("--since DAY", done.stderr)
        self.assertIn("--tracker", done.stderr)
        self.assertNotIn("tracker.example", press("link", again).stdout)
        for file in hints:
            self.assertNotIn(b"tracker.example", file.read_bytes())
        self.assertFalse((again / "public/dht-nodes.txt").exists())
        self.assertTrue(self.verify(again / "public")["ok"])
        self.add_one(again, "Second")
        press("release", again)
        run("colport", "--data", data, "import", again / "public")
        latest = json.loads(run("colport", "--data", data, "latest", "--json").stdout)["hits"]
        self.assertEqual({hit["title"]: hit["withdrawn_key"] and hit["withdrawn_key"]["doubtful"]
                          for hit in latest}, {"First": False, "Second": None})
        # It was lost earlier than was thought.
        lost = self.show(again)["revoked"][0]["key"]
        done = press("key", "revoke", again, lost, "--keys", vault, ok=False)
        self.assertIn("withdrawn already", done.stderr)
        done = press("key", "revoke", again, lost, "--keys", vault, "--since", "2100-01-01",
                     ok=False)
        self.assertIn("in the future", done.stderr)
        press("key", "revoke", again, lost[:8], "--keys", vault, "--since", "2020-01-01")
        run("colport", "--data", data, "import", again / "public")
        latest = json.loads(run("colport", "--data", data, "latest", "--json").stdout)["hits"]
        self.assertEqual({hit["title"]: hit["withdrawn_key"] and hit["withdrawn_key"]["doubtful"]
                          for hit in latest}, {"First": True, "Second": None})

    def add_one(self, root, title):
        source = self.work / "one.jsonl"
        source.write_text(json.dumps({"id": title, "title": title, "text": "x y z"}) + "\n")
        press("add", root, source)

    def test_a_root_key_comes_back_from_paper(self):
        root, stick, again = self.work / "n", self.work / "stick", self.work / "again"
        press("init", root, "--name", "N", "--keys", stick, lines=["secret words"])
        paper = press("key", "paper", "--keys", stick, lines=["secret words"])
        found = re.findall(r"^  \d  (\S+)$", paper.stdout, re.MULTILINE)
        self.assertEqual(len(found), 3)
        self.assertIn(self.show(root)["feed"], paper.stdout)
        words_file = self.work / "words"
        words_file.write_text(" ".join(found) + "\n")
        press("key", "restore", "--keys", again, "--words-file", words_file, lines=["other words"])
        self.assertEqual((again / "root.key").stat().st_mode & 0o777, 0o600)
        press("key", "rotate", root, "--keys", again, lines=["new words", "other words"])
        self.assertEqual(self.show(root)["version"], 2)
        words_file.write_text(" ".join(found).replace(found[0][:5], found[1][:5], 1))
        done = press("key", "restore", "--keys", self.work / "third", "--words-file", words_file,
                     "--no-passphrase", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("wrong", done.stderr)
        self.assertFalse((self.work / "third").exists())
        svg = self.work / "key.svg"
        press("key", "paper", "--keys", again, "--svg", svg, lines=["other words"])
        self.assertEqual(svg.stat().st_mode & 0o777, 0o600)

    def test_stock_minisign_verifies_releases_before_and_after_a_rotation(self):
        need("minisign", "zstd")
        newsroom = self.press()
        newsroom.add_samples()
        newsroom.release()
        press("key", "rotate", newsroom.root, "--no-passphrase")
        newsroom.add({"text": words(100, 1)})
        newsroom.release("--volume-size", "1")
        key = newsroom.public / "signing" / (self.show(newsroom.root)["head_signer"][:16] + ".pub")
        torrents = sorted((newsroom.public / "volumes").glob("*.torrent"))
        self.assertEqual(len(torrents), 2)
        for torrent in torrents:
            subprocess.run(["minisign", "-Vqm", torrent, "-p", key], check=True)
        for bundle in newsroom.public.glob("volumes/*/*.zst"):
            subprocess.run(["zstd", "-q", "-t", bundle], check=True)

    def test_a_rotation_that_is_killed_at_any_moment_is_finished_by_the_next_command(self):
        newsroom = self.press()
        newsroom.add_samples()
        newsroom.release()
        for delay in range(0, 60, 6):
            process = subprocess.Popen([BIN / "colport-press", "key", "rotate", newsroom.root,
                                        "--no-passphrase"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            try:
                process.wait(delay / 1000)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            newsroom.release()
            result = self.verify(newsroom.root)
            self.assertTrue(result["ok"], result["errors"])
            self.assertEqual(result["articles"], 12)


if __name__ == "__main__":
    main()
