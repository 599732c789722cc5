"""The reading page in a real browser, fed by real daemons."""

import os
import shutil
import subprocess

from colport_harness import SOURCE, ColportTest, main, need


class Browser(ColportTest):
    def test_the_reading_page_in_chromium(self):
        need("node", "npm", "chromium")
        # npm writes beside package.json: not into the source tree.
        folder = self.work / "browser"
        shutil.copytree(SOURCE / "tests" / "browser", folder,
                        ignore=shutil.ignore_patterns("node_modules"))
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder,
                       check=True, timeout=300)
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
