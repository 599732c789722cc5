"""Kill -9 of either side in mid-sync, restart, completion; nothing accepted is lost."""

import json
import random
import subprocess
import time

from colport_harness import BIN, ColportTest, free_port, main, run, wait_for, words


class Kill(ColportTest):
    def big_press(self):
        press = self.press()
        for batch in range(4):
            press.add(*({"text": words(2500, (batch, n))} for n in range(150)))
        press.release()
        return press

    def received(self, daemon):
        return daemon.status()["payload_received"]

    def test_the_reader_is_killed_in_mid_sync(self):
        press = self.big_press()
        seed = self.daemon("seed").start("--follow", press.public)
        link = press.link(seed.address)
        reader = self.daemon("reader")
        source = random.Random(7)
        reader.start("--follow", link)
        for _ in range(4):
            threshold = source.randint(1, 3_000_000)
            wait_for("some bytes", lambda: self.received(reader) > threshold
                     or reader.feed()["seq"] == 1)
            reader.kill()
            reader.start()
        reader.wait_release(1)
        self.assertEqual(reader.json("latest")["total"], 600)
        own = reader.data / "feeds" / reader.feed()["feed"]
        self.assert_same_tree(press.public / "volumes" / "0001", own / "volumes" / "0001")

    def test_the_seed_is_killed_in_mid_sync(self):
        press = self.big_press()
        address = f"127.0.0.1:{free_port()}"
        seed = self.daemon("seed", "--listen", address).start("--follow", press.public)
        reader = self.daemon("reader").start("--follow", press.link(address))
        wait_for("some bytes", lambda: self.received(reader) > 100_000
                 or reader.feed()["seq"] == 1)
        seed.kill()
        seed.start()
        reader.wait_release(1, seconds=90)
        self.assertEqual(reader.json("latest")["total"], 600)

    def test_the_press_is_killed_while_it_releases(self):
        press = self.big_press()
        source = random.Random(3)
        for n in range(6):
            press.add(*({"text": words(900, (n, m, "x"))} for m in range(40)))
            process = subprocess.Popen([str(BIN / "colport-press"), "release", str(press.root)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(source.uniform(0.0, 0.4))
            process.kill()
            process.wait()
            run("colport-press", "verify", press.public)
        press.release()
        total = json.loads(
            run("colport-press", "verify", press.public, "--json").stdout)
        self.assertTrue(total["ok"])
        self.assertEqual(total["articles"], 600 + 6 * 40)

    def test_the_press_is_killed_while_it_adds(self):
        press = self.press()
        lines = self.work / "many.jsonl"
        lines.write_text("".join(json.dumps({"id": f"n{n}", "url": f"https://a.example/{n}",
                                             "title": f"Number {n}", "text": words(300, n)}) + "\n"
                                 for n in range(4000)))
        names = press.root / "private" / "names.jsonl"
        process = subprocess.Popen([str(BIN / "colport-press"), "add", str(press.root), str(lines)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("names on disk", lambda: names.exists() and names.stat().st_size > 10_000)
        process.kill()
        self.assertLess(process.wait(), 0)
        kept = len(json.loads(run("colport-press", "drafts", press.root, "--json").stdout)
                   ["drafts"])
        self.assertGreaterEqual(kept, 256)
        self.assertLess(kept, 4000)
        added = json.loads(run("colport-press", "add", press.root, lines, "--json").stdout)
        self.assertEqual((added["added"], added["changed"], added["unchanged"]),
                         (4000 - kept, 0, kept))


if __name__ == "__main__":
    main()
