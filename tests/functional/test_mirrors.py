"""Mirrors: a stock web server is enough, and one that misbehaves does no harm."""

import shutil
import time

from colport_harness import main, wait_for, words
from lab_test import HostileWeb, LabTest
from nginx_mirror import NginxMirror

MIB = 1024 * 1024


class Mirrors(LabTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.sample_press()
        self.web_host = self.lab.add_host("web")
        self.reader_host = self.lab.add_host("reader")

    def reader(self):
        """Not started yet; a fresh one each time."""
        number = len(self.daemons)
        reader = self.daemon(f"reader-{number}", "--listen", f"{self.reader_host.address}:0",
                             "--poll", "2")
        reader.wrap = self.reader_host.enter
        return reader

    def test_a_stock_mirror_alone_brings_a_release_and_its_update_without_a_stall(self):
        mirror = NginxMirror(self.web_host, self.newsroom.public)
        reader = self.reader()
        begin = time.monotonic()
        reader.start("--follow", self.newsroom.link(mirrors=[mirror.url]))
        reader.wait_release(1)
        first = time.monotonic() - begin
        self.assertEqual(reader.json("latest")["total"], 12)
        old = {path.name for path in self.newsroom.volume_files()}
        before = len(mirror.requests())

        begin = time.monotonic()
        self.add_news(self.newsroom, "harbourmaster")
        reader.wait_release(2, seconds=20)
        update = time.monotonic() - begin
        self.assert_finds(reader, "harbourmaster")
        wait_for("an unchanged head", lambda: any(
            request["path"] == "/head" and request["status"] == 304
            for request in mirror.requests()))
        asked = mirror.requests()
        print(f"mirror only: release after {first:.1f} s, update after {update:.1f} s, "
              f"{len(asked)} requests on {len({r['connection'] for r in asked})} connections")
        fetched_again = {request["path"].split("/")[-1] for request in asked[before:]} & old
        self.assertEqual(fetched_again, set())
        for path in self.newsroom.volume_files():
            sent = sum(r["sent"] for r in asked if r["path"].endswith("/" + path.name))
            self.assertEqual(sent, path.stat().st_size, path.name)
        self.assertGreater(max(request["nth"] for request in asked), 1)
        self.assertEqual(reader.carrier("mirror", mirror.url)["state"], "works")
        self.assertFalse(reader.feed()["cut_off"])

    def test_sealed_volumes_come_from_a_mirror_too(self):
        for n in range(2):
            self.newsroom.add(*({"text": words(500, (n, m))} for m in range(20)))
            release = self.newsroom.release("--volume-size", "20000")
        self.assertGreaterEqual(release["volume"], 2)
        mirror = NginxMirror(self.web_host, self.newsroom.public)
        reader = self.reader()
        reader.start("--follow", self.newsroom.link(mirrors=[mirror.url]))
        reader.wait_release(3)
        wait_for("all of it", lambda: reader.feed()["complete"], 60)
        self.assertEqual(reader.json("latest")["total"], 52)
        own = reader.data / "feeds" / reader.feed()["feed"]
        for number in range(1, release["volume"] + 1):
            self.assert_same_tree(self.newsroom.public / "volumes" / f"{number:04}",
                                  own / "volumes" / f"{number:04}")

    def test_a_mirror_that_misbehaves_is_named_and_another_one_carries(self):
        good = NginxMirror(self.web_host, self.newsroom.public)
        elsewhere = HostileWeb(self.lab.add_host("elsewhere"), self.newsroom.public)
        files = "/volumes/0001/"
        everything = ""
        # The reader may well have it all from the good one before it comes to the
        # files of the bad one: whether it names that is then not to be expected.
        cases = [("endless", everything, True), ("html", everything, True),
                 ("redirect", everything, True), ("error", everything, True),
                 ("missing", everything, True), ("wrong", everything, True),
                 ("truncated", everything, True), ("endless", files, False),
                 ("truncated", files, False), ("wrong", files, False), ("slow", files, False),
                 ("hang", everything, False)]
        for n, (behaviour, where, named) in enumerate(cases):
            with self.subTest(behaviour, where=where):
                bad = HostileWeb(self.web_host, self.newsroom.public, behaviour, "--where", where,
                                 "--other", elsewhere.url, port=8100 + n)
                reader = self.reader()
                reader.start("--follow", self.newsroom.link(mirrors=[bad.url, good.url]))
                reader.wait_release(1)
                self.assertEqual(reader.json("latest")["total"], 12)
                self.assert_finds(reader, "ferry")
                if named:
                    carrier = wait_for("the name of the bad one", lambda: (
                        one := reader.carrier("mirror", bad.url))["state"] == "fails" and one, 60)
                    print(f"{behaviour}: {carrier['detail']}")
                    self.assertTrue(carrier["detail"])
                    self.assertTrue(bad.requests())
                self.assertEqual(reader.carrier("mirror", good.url)["state"], "works")
                self.assertLess(reader.resident_kib(), 200 * 1024)
                kept = sum(p.stat().st_size for p in reader.data.rglob("*") if p.is_file())
                self.assertLess(kept, 64 * MIB)
                reader.stop()
        self.assertEqual(elsewhere.requests(), [])

    def test_a_lying_mirror_alone_brings_nothing_and_is_named(self):
        for n, behaviour in enumerate(("truncated", "wrong", "endless", "html")):
            with self.subTest(behaviour):
                bad = HostileWeb(self.web_host, self.newsroom.public, behaviour, "--where",
                                 "/volumes/0001/", port=8200 + n)
                reader = self.reader()
                reader.start("--follow", self.newsroom.link(mirrors=[bad.url]))
                carrier = wait_for("its name", lambda: (
                    one := reader.carrier("mirror", bad.url))["state"] == "fails" and one, 60)
                print(f"{behaviour}, files only: {carrier['detail']}")
                self.assertTrue(carrier["detail"])
                self.assertEqual((reader.feed()["seen_seq"], reader.feed()["seq"]), (1, 0))
                self.assertEqual(reader.json("latest")["total"], 0)
                seed = self.daemon("seed", "--listen", f"{self.web_host.address}:{7001 + n}",
                                   "--poll", "2")
                seed.wrap = self.web_host.enter
                seed.start("--follow", self.newsroom.public)
                reader.stop()
                reader.start("--peer", seed.address)
                reader.wait_release(1)
                self.assert_finds(reader, "ferry")
                reader.stop()
                seed.stop()

    def test_a_mirror_with_an_old_head_takes_nothing_back(self):
        old = self.work / "old"
        shutil.copytree(self.newsroom.public, old)
        self.add_news(self.newsroom, "harbourmaster")
        seed_host = self.lab.add_host("seed")
        seed = self.seed_on(seed_host, self.newsroom)
        stale = HostileWeb(self.web_host, self.newsroom.public, "replaced", "--other", old)
        reader = self.reader()
        reader.start("--follow", self.newsroom.link(seed.address, mirrors=[stale.url]))
        reader.wait_release(2)
        self.assert_finds(reader, "harbourmaster")
        carrier = wait_for("a word about its head", lambda: (
            one := reader.carrier("mirror", stale.url))["detail"] and stale.requests() and one)
        print(f"old head: {carrier['state']}, {carrier['detail']}")
        self.add_news(self.newsroom, "lamplighter")
        reader.wait_release(3)
        self.assert_finds(reader, "lamplighter")
        self.assertEqual(reader.feed()["seq"], 3)


if __name__ == "__main__":
    main()
