"""The reading page in a real browser, fed by real daemons."""

import os
import shutil
import subprocess

from colport_harness import BIN, SOURCE, ColportTest, main, need


class Browser(ColportTest):
    def test_the_reading_page_in_chromium(self):
        need("node", "chromium")
        folder = BIN.parent / "browser"
        if not (folder / "node_modules").is_dir():
            self.skipTest("packaging/check has not fetched Playwright")
        shutil.copy(SOURCE / "tests" / "browser" / "reading_page.mjs", folder)
        press = self.press()
        press.add_samples()
        press.release()
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        done = subprocess.run(["node", "reading_page.mjs", reader.page], cwd=folder, timeout=300,
                              env={**os.environ, "HOME": str(self.work)})
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    main()
