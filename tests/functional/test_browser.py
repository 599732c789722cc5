"""The reading page in a real browser, fed by real daemons."""

import os
import shutil
import subprocess

from colport_harness import BIN, SOURCE, ColportTest, main, need


# What a page must show as text, and in one piece.
STRANGE = [
    {"title": "<script>document.title = 'caught'</script>",
     "text": "<img src=x onerror=alert(1)> & </main></body> <style>*{display:none}</style>"},
    {"title": "A\u202e turned title", "text": "right \u2067to\u2069 left \u202eand on", "lang": "en"},
    {"title": "W" * 300, "text": "x" * 5000, "tags": ["T" * 300, "<b>\u202etag"],
     "authors": ["A" * 300]},
    {"title": "港口来信", "lang": "zh", "section": "港口",
     "text": "清晨的港口很安静，渡船还没有开。“今天会有雾，”老船长说，“但不会太久。”"},
]


class Browser(ColportTest):
    def test_the_reading_page_in_chromium(self):
        need("node", "chromium")
        folder = BIN.parent / "browser"
        if not (folder / "node_modules").is_dir():
            self.skipTest("packaging/check has not fetched Playwright")
        for script in (SOURCE / "tests" / "browser").glob("*.mjs"):
            shutil.copy(script, folder)
        press = self.press()
        press.add_samples()
        press.add(*STRANGE)
        press.release()
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        done = subprocess.run(["node", "reading_page.mjs", reader.page], cwd=folder, timeout=600,
                              env={**os.environ, "HOME": str(self.work)})
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    main()
