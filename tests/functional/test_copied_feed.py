"""A mirror that seeds a copy of a newsroom's public folder, and holds no key."""

import os
import shutil
import time

from colport_harness import ColportTest, main, wait_for


def copy_into(folder, files, origin):
    """As rsync does: a name of its own first, then the right one."""
    for file in files:
        place = folder / file.relative_to(origin)
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_name("." + place.name + ".part")
        shutil.copy2(file, partial)
        os.rename(partial, place)


class CopiedFeed(ColportTest):
    def test_it_is_seeded_without_a_key_whatever_comes_first(self):
        press = self.press()
        press.add({"text": "The first article."})
        press.release()
        copy = self.work / "srv" / "harbour"

        def files():
            return [path for path in sorted(press.public.rglob("*")) if path.is_file()]

        copy_into(copy, files(), press.public)
        self.assertFalse(list(copy.rglob("*.key")))
        config = self.work / "mirror.conf"
        config.write_text(f"follow = {copy}\n")
        mirror = self.daemon("mirror").start("--config", config)
        # The newsroom's own machine is off from here on.
        reader = self.daemon("reader").start("--follow", press.link(mirror.address))
        reader.wait_complete(1)

        # The copy of the second release is in the middle, then whole.
        press.add({"text": "The second article."})
        press.release()
        new = files()
        head = [file for file in new if file.name in ("head", "keyring")]
        copy_into(copy, head, press.public)
        time.sleep(3)
        self.assertEqual(mirror.feed()["seq"], 1)
        self.assertEqual(reader.json("search", "first")["total"], 1)
        copy_into(copy, [file for file in new if file not in head], press.public)
        reader.wait_complete(2, 60)
        wait_for("no problem", lambda: mirror.feed()["problem"] == "")
        self.assertEqual(reader.json("search", "second")["total"], 1)
        # Nothing of ours was written into it.
        self.assertEqual(sorted(path.relative_to(copy) for path in copy.rglob("*") if path.is_file()),
                         sorted(path.relative_to(press.public) for path in files()))


if __name__ == "__main__":
    main()
