"""Whatever was changed is refused, the reason said, and nothing imported."""

import json
import os
import shutil

from colport_harness import ColportTest, Press, main, run, wait_for, words


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at if at >= 0 else len(data) + at] ^= 1
    path.write_bytes(bytes(data))


class Tampering(ColportTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.press()
        self.newsroom.add(*({"text": words(300, n)} for n in range(20)))
        self.newsroom.release()

    def tampered_copy(self, file, at):
        copy = self.work / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.newsroom.public, copy)
        flip(copy / file, at)
        return copy

    def refusals(self, file):
        """What verify says of a copy with one bit flipped, at several places."""
        size = (self.newsroom.public / file).stat().st_size
        # The first line of a minisign signature is a comment that nothing protects.
        first = 40 if file.endswith(".minisig") else 0
        for at in (first, size // 3, size // 2, size - 1):
            done = run("colport-press", "verify", "--json", self.tampered_copy(file, at), ok=False)
            self.assertEqual(done.returncode, 1, (file, at))
            result = json.loads(done.stdout)
            self.assertFalse(result["ok"])
            self.assertTrue(any(file.split("/")[-1] in error for error in result["errors"]),
                            result["errors"])

    def test_verify_refuses_every_tampered_file(self):
        bundle = self.newsroom.volume_files()[0].relative_to(self.newsroom.public)
        for file in ("head", "keyring", "feed.pub", "volumes/0001.torrent",
                     "volumes/0001.torrent.minisig", str(bundle)):
            with self.subTest(file):
                self.refusals(file)

    def test_verify_refuses_a_link_that_leads_elsewhere_and_names_strays(self):
        copy = self.work / "copy"
        shutil.copytree(self.newsroom.public, copy)
        (copy / "volumes" / "0001" / "stray.zst").write_bytes(b"?")
        done = run("colport-press", "verify", "--json", copy)
        self.assertIn("stray.zst", json.loads(done.stdout)["warnings"][0])
        other = Press(self.work / "other")
        shutil.copy(other.public / "link.txt", copy / "link.txt")
        done = run("colport-press", "verify", copy, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("leads to another feed", done.stderr)

    def test_a_bundle_is_not_trusted_when_the_keyring_beside_it_is_damaged(self):
        bundle = self.newsroom.volume_files()[0].relative_to(self.newsroom.public)
        copy = self.tampered_copy("keyring", -20)
        done = run("colport-press", "verify", copy / bundle, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("keyring", done.stderr)

    def test_a_named_pipe_in_a_feed_directory_keeps_nobody_waiting(self):
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        seed.wait_release(1)
        (self.newsroom.public / "head").unlink()
        os.mkfifo(self.newsroom.public / "head")
        done = run("colport-press", "verify", self.newsroom.public, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("regular file", done.stderr)
        wait_for("the refusal", lambda: "regular file" in seed.feed()["problem"])
        self.assertEqual(seed.stop(), 0)

    def test_a_daemon_does_not_follow_a_tampered_directory(self):
        for file, reason in (("head", "head"), ("keyring", "keyring")):
            with self.subTest(file):
                copy = self.tampered_copy(file, -20)
                data = self.work / "data"
                done = run("colportd", "--data", data, "--listen", "127.0.0.1:0", "--http",
                           "127.0.0.1:0", "--no-dht", "--no-lsd", "--follow", copy, ok=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(reason, done.stderr)
                self.assertFalse(data.exists())

    def test_a_tampered_info_dictionary_is_not_served(self):
        copy = self.tampered_copy("volumes/0001.torrent", -40)
        seed = self.daemon("seed").start("--follow", copy)
        reader = self.daemon("reader").start("--follow", self.newsroom.link(seed.address))
        problem = wait_for("the refusal", lambda: seed.feed()["problem"])
        self.assertIn("0001.torrent", problem)
        wait_for("the peers to meet", lambda: reader.feed()["peers"] == 1)
        self.assertEqual(seed.feed()["seq"], 0)
        self.assertEqual(reader.json("latest")["total"], 0)

    def test_a_tampered_bundle_is_not_served_from_the_start(self):
        bundle = self.newsroom.volume_files()[0].relative_to(self.newsroom.public)
        seed = self.daemon("seed").start("--follow", self.tampered_copy(bundle, 200))
        problem = wait_for("the refusal", lambda: seed.feed()["problem"])
        self.assertIn("not whole", problem)
        self.assertEqual(seed.json("latest")["total"], 0)

    def test_a_bundle_swapped_under_a_running_seed_reaches_nobody(self):
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        seed.wait_release(1)
        flip(self.newsroom.volume_files()[0], 200)
        reader = self.daemon("reader").start("--follow", self.newsroom.link(seed.address))
        wait_for("bytes that do not match", lambda: reader.status()["bytes_received"] > 10_000)
        self.assertEqual(reader.feed()["state"], "fetching")
        self.assertEqual(reader.json("latest")["total"], 0)

    def test_a_forged_head_put_into_a_followed_directory_changes_nothing(self):
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        seed.wait_release(1)
        flip(self.newsroom.public / "head", -20)
        problem = wait_for("the refusal", lambda: seed.feed()["problem"])
        self.assertIn("head", problem)
        self.assertEqual(seed.feed()["seq"], 1)
        self.assertEqual(seed.json("latest")["total"], 20)


if __name__ == "__main__":
    main()
