"""A reader that shares no code with ours, tests/check_feed.py, agrees with it."""

import json
import os
import pathlib
import shutil
import subprocess

from colport_harness import ColportTest, main, run, words

SOURCE = pathlib.Path(os.environ["COLPORT_SOURCE"])
# Debian's, whose modules it needs, whatever Python runs the tests.
CHECKER = ["/usr/bin/python3", str(SOURCE / "tests" / "check_feed.py")]


def check(*arguments):
    return subprocess.run([*CHECKER, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300)


class SecondReader(ColportTest):
    def newsroom(self):
        """Volumes with pictures, a dictionary, a shelf."""
        press = self.press()
        press.add_samples()
        press.release("--volume-size", "30000")
        for batch in range(2):
            press.add(*({"text": words(300, (batch, n))} for n in range(300)))
            press.release("--volume-size", "30000")
        return press

    def test_every_vector(self):
        judged = check("--vectors", SOURCE / "proto" / "vectors")
        self.assertEqual(judged.returncode, 0, judged.stderr)
        self.assertRegex(judged.stdout, r"^(\d\d\d+) of \1 vectors as expected$")

    def test_what_a_publisher_makes_and_what_a_follower_copies(self):
        press = self.newsroom()
        ours = json.loads(run("colport-press", "verify", press.public, "--json").stdout)
        self.assertGreater(ours["volumes"], 1)
        seed, reader = self.seed_and_reader(press)
        reader.wait_complete(3)
        for folder in (press.public, reader.data / "feeds" / reader.feed()["feed"]):
            judged = check(folder)
            self.assertEqual(judged.returncode, 0, judged.stderr)
            theirs = json.loads(judged.stdout)
            for what in ("name", "seq", "volumes", "articles", "pictures"):
                self.assertEqual(theirs[what], ours[what], what)

    def test_neither_accepts_a_changed_byte(self):
        press = self.newsroom()
        self.assertEqual(check(press.public).returncode, 0)
        files = [p for p in press.public.rglob("*") if p.is_file()
                 and p.suffix not in (".txt", ".pub") and p.name != "feed.pub"]
        for file in [*files, press.public / "feed.pub"]:
            with self.subTest(file.name):
                copy = self.work / "copy"
                shutil.copytree(press.public, copy)
                target = copy / file.relative_to(press.public)
                content = bytearray(target.read_bytes())
                content[len(content) * 2 // 3] ^= 1
                target.write_bytes(content)
                self.assertEqual(check(copy).returncode, 1)
                self.assertEqual(run("colport-press", "verify", copy, ok=False).returncode, 1)
                shutil.rmtree(copy)


if __name__ == "__main__":
    main()
