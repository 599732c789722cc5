"""The Debian packages: built, linted, and put into a bare Debian and out of it again."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from colport_harness import BIN, SOURCE, ColportTest, main, need


def output(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    return done.returncode, done.stdout + done.stderr


class Packages(ColportTest):
    maxDiff = None
    made = pathlib.Path(tempfile.mkdtemp(prefix="colport-packages-"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.made, ignore_errors=True)

    def build(self, revision):
        """The packages, made once."""
        need("dh", "dpkg-buildpackage")
        out = self.made / revision
        if not out.exists():
            code, said = output(SOURCE / "packaging/deb", "--from", BIN.parent, "--out", out,
                                "--revision", revision)
            self.assertEqual(code, 0, said)
        found = sorted(out.glob("*.deb"), key=lambda package: package.name.split("_"))
        self.assertEqual([one.name.split("_")[0] for one in found],
                         ["colport", "colport-mirror", "colport-press"])
        return found

    def test_lintian_is_content(self):
        need("lintian")
        packages = self.build("1")
        # What is packed here was not built with Debian's flags, which fortify.
        code, said = output("lintian", "--pedantic", "--display-info", "--allow-root",
                            "--suppress-tags", "hardening-no-fortify-functions",
                            "--fail-on", "error,warning,info,pedantic", *packages)
        self.assertEqual((code, said), (0, ""))

    def test_every_page_and_completion_is_packed_once(self):
        seen = {}
        for package in self.build("1"):
            for line in output("dpkg-deb", "--contents", package)[1].splitlines():
                path = line.split()[5]
                if not path.endswith("/"):
                    self.assertNotIn(path, seen)
                    seen[path] = package.name
        owner = {path: package.split("_")[0] for path, package in seen.items()}
        self.assertEqual(owner["./usr/share/man/man1/colport-press-init.1.gz"], "colport-press")
        self.assertEqual(owner["./usr/share/man/man1/colport-search.1.gz"], "colport")
        self.assertEqual(owner["./lib/systemd/system/colportd.service"], "colport-mirror")
        self.assertEqual(owner["./etc/colport/colportd.conf"], "colport-mirror")
        self.assertEqual(owner["./lib/systemd/system/colport-press-watch@.timer"], "colport-press")
        self.assertEqual(owner["./usr/lib/sysusers.d/colport-press.conf"], "colport-press")

    def bare_debian(self, packages):
        """A chroot with what the packages depend on and no more, from the mirror that apt
        is set to."""
        need("mmdebstrap")
        if os.geteuid() != 0:
            self.skipTest("a chroot needs root")
        root = self.work / "debian"
        needed = set()
        for package in packages:
            depends = output("dpkg-deb", "--field", package, "Depends")[1]
            needed |= {re.split(r"[ (|]", one.strip())[0] for one in depends.split(",")}
        needed = sorted(name for name in needed if not name.startswith("colport"))
        code, said = output("mmdebstrap", "--mode=root", "--variant=apt",
                            f"--include={','.join(needed)}", "bookworm", root, timeout=900)
        if code != 0:
            self.skipTest(f"no bare Debian can be made here: {said[-300:]}")
        (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (root / "usr/sbin/policy-rc.d").chmod(0o755)
        return root

    def test_install_upgrade_remove_purge(self):
        first, second = self.build("1"), self.build("2")
        root = self.bare_debian(first)

        def inside(*command, ok=True):
            code, said = output("chroot", root, *command, timeout=600,
                                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                     "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"})
            if ok:
                self.assertEqual(code, 0, said)
            return said

        def install(packages):
            for package in packages:
                shutil.copy(package, root / "tmp")
            inside("dpkg", "--install", *(f"/tmp/{package.name}" for package in packages))

        install(first)
        for program in ("colport", "colportd", "colport-press"):
            self.assertIn("0.1.0", inside(program, "--version"))
        # The timers' user, and where its newsrooms and their keys are: its own.
        user = inside("getent", "passwd", "colport-press").split(":")
        newsrooms = root / "var/lib/colport-press"
        self.assertEqual(user[5], "/var/lib/colport-press")
        self.assertEqual((str(newsrooms.stat().st_uid), newsrooms.stat().st_mode & 0o777),
                         (user[2], 0o700))
        self.assertTrue((root / "lib/systemd/system/colport-press-watch@.timer").exists())
        config = root / "etc/colport/colportd.conf"
        self.assertIn("good", inside("colportd", "--config", "/etc/colport/colportd.conf",
                                     "--check-config"))

        # What systemd would do for the service: its folder, with data in it.
        inside("mkdir", "-p", "/var/lib/private/colport")
        inside("ln", "-s", "private/colport", "/var/lib/colport")
        inside("colport-press", "init", "/root/news", "--name", "News", "--no-passphrase")
        (root / "root/a.jsonl").write_text('{"id":"1","title":"Ferry","lang":"en",'
                                           '"published":"2026-05-01T12:00:00Z","text":"Late."}\n')
        inside("colport-press", "add", "/root/news", "/root/a.jsonl")
        inside("colport-press", "release", "/root/news")
        inside("colport", "--data", "/var/lib/colport", "follow", "/root/news/public")
        config.write_text(config.read_text() + "upload-limit = 1M\n")

        install(second)
        self.assertIn("0.1.0-2", inside("dpkg-query", "-W", "-f", "${Version}", "colport-mirror"))
        self.assertIn("upload-limit = 1M", config.read_text())
        self.assertIn("News", inside("colport", "--data", "/var/lib/colport", "feeds"))

        inside("dpkg", "--remove", "colport-mirror", "colport", "colport-press")
        self.assertTrue(config.exists())
        self.assertTrue((root / "var/lib/private/colport/archive.sqlite").exists())
        self.assertFalse((root / "usr/bin/colportd").exists())
        inside("dpkg", "--purge", "colport-mirror", "colport", "colport-press")
        for gone in ("etc/colport", "var/lib/private/colport", "var/lib/colport"):
            self.assertFalse((root / gone).exists() or (root / gone).is_symlink(), gone)
        self.assertTrue(newsrooms.is_dir())


class Container(ColportTest):
    def instructions(self):
        text = (SOURCE / "packaging/Containerfile").read_text()
        text = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")
        return [line.split(None, 1) for line in text.splitlines() if line.strip()]

    def test_it_is_small_unprivileged_and_watched(self):
        lines = self.instructions()
        words = [line[0] for line in lines]
        known = {"FROM", "COPY", "RUN", "USER", "VOLUME", "ENV", "EXPOSE", "STOPSIGNAL",
                 "HEALTHCHECK", "ENTRYPOINT"}
        self.assertLessEqual(set(words), known)
        self.assertEqual(words[0], "FROM")
        self.assertIn("bookworm-slim", lines[0][1])
        self.assertEqual((words.count("RUN"), words.count("COPY")), (1, 1))
        after_user = words[words.index("USER"):]
        self.assertNotIn("RUN", after_user)
        user = dict(lines)["USER"]
        self.assertRegex(user, r"^[1-9]\d*:[1-9]\d*$")
        for word in ("VOLUME", "HEALTHCHECK", "ENTRYPOINT"):
            self.assertIn(word, after_user)

    def test_its_commands_are_good_shell(self):
        need("shellcheck")
        script = self.work / "run.sh"
        script.write_text("#!/bin/sh\nset -e\n" + dict(self.instructions())["RUN"] + "\n")
        code, said = output("shellcheck", script)
        self.assertEqual((code, said), (0, ""))

    def test_its_health_check_tells(self):
        daemon = self.daemon("mirror").start()
        self.assertEqual(daemon.colport("health").stdout, "ok\n")
        daemon.stop()
        self.assertEqual(daemon.colport("health", ok=False).returncode, 1)


if __name__ == "__main__":
    main()
