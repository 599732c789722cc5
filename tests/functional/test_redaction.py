"""An article vanishes from every follower's disk when its newsroom redacts it."""

import json
import random
import shutil
import signal
import subprocess
import time

from colport_harness import BIN, SOURCE, ColportTest, free_port, main, need, run, wait_for, words

NAME = "Zolotarenko"


class Redaction(ColportTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.press()
        self.root = self.newsroom.root
        self.newsroom.add({"id": "harbour", "title": "The harbour", "text": words(300, 1)},
                          {"id": "witness", "title": f"{NAME} speaks",
                           "text": f"{NAME} told us. " + words(300, 2)})
        self.release()
        self.newsroom.add({"title": "The market", "text": words(300, 3)})
        self.release()
        self.newsroom.add({"title": "The lighthouse", "text": words(300, 4)})
        self.release()
        self.seed = self.daemon("seed").start("--follow", self.newsroom.public)

    def release(self):
        """Each in a volume of its own."""
        return self.newsroom.release("--volume-size", "1")

    def follower(self, name, *options):
        daemon = self.daemon(name, *options).start("--follow",
                                                   self.newsroom.link(self.seed.address))
        daemon.wait_complete(3)
        return daemon

    def redact(self, *options, ok=True):
        return run("colport-press", "redact", self.root, self.id, "--json", *options, ok=ok)

    def find(self, daemon, text):
        return daemon.json("search", text)["hits"]

    def own(self, daemon):
        return daemon.data / "feeds" / daemon.feed()["feed"]

    def assert_gone(self, daemon, seq=4):
        """From lists, from search, from suggestions and from every file."""
        daemon.wait_release(seq)
        wait_for("the article to go", lambda: not self.find(daemon, NAME))
        self.assertEqual(daemon.colport("read", self.id, ok=False).returncode, 1)
        self.assertEqual(len(self.find(daemon, "harbour")), 1)
        volume = self.own(daemon) / "volumes" / "0001"
        wait_for("the old file to go",
                 lambda: [p.name for p in volume.iterdir()] == ["00000001-000.00000004.articles.zst"])

    @property
    def id(self):
        if not hasattr(self, "found"):
            run("colport", "--data", self.work / "own", "import", self.newsroom.public)
            hits = json.loads(run("colport", "--data", self.work / "own", "search", NAME,
                                  "--json").stdout)["hits"]
            self.found = hits[0]["id"]
        return self.found

    def test_every_kind_of_follower_loses_it(self):
        reader, mirror = self.follower("reader"), self.follower("mirror")
        quota = self.follower("quota", "--quota", "1K")
        away = self.follower("away")
        self.assertEqual(len(self.find(reader, NAME)), 1)
        self.assertEqual(away.stop(), 0)
        before = {daemon: daemon.status()["payload_received"] for daemon in (reader, mirror)}
        stick = self.work / "stick"
        reader.colport("export", stick)
        self.assertEqual(len(self.id), 32)

        told = json.loads(self.redact("--yes").stdout)
        self.assertEqual((told["revisions"], told["files"], told["volumes"], told["seq"]),
                         (1, 1, 1, 4))
        for daemon in (reader, mirror):
            self.assert_gone(daemon)
            # That one file, in blocks of BitTorrent's, and no other.
            self.assertLess(daemon.status()["payload_received"] - before[daemon],
                            told["bytes"] + 16384)
        quota.wait_release(4)
        self.assertEqual(self.find(quota, NAME), [])
        newcomer = self.daemon("newcomer").start("--follow", self.newsroom.link(reader.address))
        newcomer.wait_complete(4)
        self.assert_gone(newcomer)
        self.assert_gone(away.start())
        # By stick, with the old file on it.
        reader.colport("import", stick)
        self.assert_gone(reader)
        self.assertTrue(json.loads(run("colport-press", "verify", self.root, "--json").stdout)["ok"])
        # And its own tool brings it into no new copy, nor keeps it in an old one.
        self.assertEqual(reader.json("feeds")[0]["seq"], 4)
        reader.colport("export", stick)
        old = list(stick.rglob("00000001-000.articles.zst"))
        self.assertEqual(old, [])

    def test_a_reader_is_killed_while_it_redacts(self):
        reader = self.follower("reader")
        self.redact("--yes")
        source = random.Random(5)
        for _ in range(5):
            time.sleep(source.uniform(0.0, 0.5))
            reader.kill()
            reader.start()
        self.assert_gone(reader)

    def killed_when(self, is_there):
        """A copy of the newsroom whose redaction is killed as soon as `is_there(copy)`."""
        copy = self.work / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.root, copy)
        process = subprocess.Popen(
            [str(BIN / "colport-press"), "redact", str(copy), self.id, "--yes"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not is_there(copy):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        return copy

    def test_the_press_is_killed_while_it_redacts(self):
        new = "public/volumes/0001/00000001-000.00000004.articles.zst"
        old_head = (self.newsroom.public / "head").read_bytes()
        moments = {
            "files are made": lambda copy: (copy / "private/redaction.tmp").exists(),
            "all lie ready": lambda copy: (copy / "private/redaction").exists(),
            "the first is published": lambda copy: (copy / new).exists(),
            "the head is": lambda copy: (copy / "public/head").read_bytes() != old_head}
        for moment, is_there in moments.items():
            with self.subTest(moment):
                for _ in range(20):
                    copy = self.killed_when(is_there)
                    is_due = (copy / "private/redaction").exists()
                    is_half = (copy / "private/redaction.tmp").exists()
                    # Or it was over before the signal came.
                    if (is_half and not is_due) if moment == "files are made" else is_due:
                        break
                else:
                    self.fail("never killed at that moment")
                self.assertEqual((copy / "public/head").read_bytes() == old_head,
                                 moment != "the head is")
                self.assertEqual(run("colport-press", "drafts", copy).stdout, "")
                state = json.loads(run("colport-press", "verify", copy, "--json").stdout)
                self.assertTrue(state["ok"], state)
                self.assertEqual((state["seq"], state["articles"]), (4, 3) if is_due else (3, 4))
                again = run("colport-press", "redact", copy, self.id, "--yes", ok=False)
                self.assertEqual(again.returncode, 1 if is_due else 0)
                state = json.loads(run("colport-press", "verify", copy, "--json").stdout)
                self.assertEqual((state["ok"], state["seq"], state["articles"]), (True, 4, 3))
                self.assertEqual(list((copy / "private").glob("redaction*")), [])

    def test_it_is_signed_elsewhere_and_told_what_it_can_do(self):
        vault, request = self.work / "vault", self.work / "request"
        shutil.move(self.root / "private" / "keys", vault)
        done = run("colport-press", "redact", self.root, self.id, ok=False,
                   stdin=subprocess.DEVNULL, start_new_session=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("backups", done.stderr)
        self.assertIn("--yes", done.stderr)
        self.assertIn("rsync --delete", done.stderr)
        told = json.loads(self.redact("--yes", "--prepare", request, "--reason",
                                      "For somebody's safety.").stdout)["check"]
        shown = json.loads(run("colport-press", "sign", request, "--keys", vault, "--yes", "--check", told,
                               "--json").stdout)
        self.assertEqual([a["id"] for a in shown["vanishing"]], [self.id])
        self.assertIn(NAME, shown["vanishing"][0]["title"])
        self.assertNotIn(NAME.encode(), request.read_bytes())
        finished = json.loads(run("colport-press", "release", self.root, "--finish", request,
                                  "--json").stdout)
        self.assertEqual(finished["replaced_files"], 1)
        # What vanished is not here to be read any more: no numbers rather than wrong ones.
        self.assertFalse({"articles", "vanishing", "unchanged"} & set(finished))
        reader = self.daemon("reader").start("--follow", self.newsroom.link(self.seed.address))
        reader.wait_complete(4)
        self.assertIn("For somebody's safety.", reader.colport("read", self.id, ok=False).stderr)
        self.assertEqual(self.find(reader, NAME), [])
        # Its source has it still, and does not bring it back.
        self.newsroom.add({"id": "witness", "title": f"{NAME} speaks", "text": "Again."})
        self.assertEqual(json.loads(run("colport-press", "drafts", self.root,
                                        "--json").stdout)["drafts"], [])
        run("colport-press", "redact", self.root, self.id[:8], "--allow")
        source = self.work / "again.jsonl"
        source.write_text(json.dumps({"id": "witness", "title": f"{NAME} speaks", "lang": "en",
                                      "text": "Again."}) + "\n")
        run("colport-press", "add", self.root, source, "--restore")
        self.assertEqual(len(json.loads(run("colport-press", "drafts", self.root,
                                            "--json").stdout)["drafts"]), 1)

    def test_stock_client_and_second_reader_take_the_new_release(self):
        self.redact("--yes")
        judged = subprocess.run(["/usr/bin/python3", "-B", SOURCE / "tests/check_feed.py",
                                 self.newsroom.public], capture_output=True, text=True)
        if "No module named" not in judged.stderr:
            self.assertEqual(judged.returncode, 0, judged.stderr)
            self.assertEqual(json.loads(judged.stdout)["articles"], 3)
        need("aria2c")
        self.seed.wait_release(4)
        folder = self.work / "aria2"
        folder.mkdir()
        port = free_port()
        process = subprocess.Popen(
            ["aria2c", "--no-conf", "--enable-dht=false", "--enable-dht6=false",
             "--bt-enable-lpd=false", "--enable-peer-exchange=false", "--seed-time=0",
             f"--listen-port={port}", "--dir", str(folder),
             str(self.newsroom.public / "volumes" / "0001.torrent")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        caller = self.daemon("caller", "--peer", f"127.0.0.1:{port}")
        caller.start("--follow", self.newsroom.public)
        new = self.newsroom.public / "volumes" / "0001" / "00000001-000.00000004.articles.zst"
        wait_for("the stock client", lambda: (folder / "0001" / new.name).is_file()
                 and (folder / "0001" / new.name).read_bytes() == new.read_bytes(), 60)
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
