"""Bad input: one line that says what and what to do, exit 1, nothing changed on disk."""

import fcntl
import os
import pty
import socket
import sqlite3
import subprocess
import termios

from colport_harness import BIN, ColportTest, http, main, run, words


class BadInput(ColportTest):
    def snapshot(self):
        return {str(path.relative_to(self.work)): path.read_bytes() if path.is_file() else None
                for path in sorted(self.work.rglob("*"))}

    def refused(self, done, *parts, code=1):
        self.assertEqual(done.returncode, code, done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertIn("error: ", lines[0])
        self.assertLessEqual(len(lines), 2, done.stderr)
        if len(lines) == 2:
            self.assertTrue(lines[1].startswith("hint: "), lines[1])
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertEqual(done.stdout, "")

    def daemon_refused(self, *args, parts=()):
        before = self.snapshot()
        done = run("colportd", "--no-dht", "--no-lsd", *args, ok=False)
        self.refused(done, *parts)
        self.assertEqual(self.snapshot(), before)

    def here(self, name="data", port=0, http=0):
        return ("--data", self.work / name, "--listen", f"127.0.0.1:{port}", "--http",
                f"127.0.0.1:{http}")

    def test_unknown_links(self):
        for link, part in (("magnet:?xt=urn:btih:" + "0" * 40, "key"),
                           ("magnet:?xt=urn:btmh:1220" + "0" * 64, "door"),
                           ("magnet:?xt=urn:btih:" + "0" * 40 + "&xs=urn:btpk:" + "1" * 64,
                            "belong"),
                           ("http://example.org/", "neither")):
            with self.subTest(link):
                self.daemon_refused(*self.here(), "--follow", link, parts=(part,))
                before = self.snapshot()
                done = run("colport", "--data", self.work / "data", "follow", link, ok=False)
                self.refused(done, part)
                self.assertEqual(self.snapshot(), before)

    def test_a_directory_without_a_head(self):
        press = self.press()
        self.daemon_refused(*self.here(), "--follow", press.public, parts=("no head", "release"))
        empty = self.work / "empty"
        empty.mkdir()
        self.daemon_refused(*self.here(), "--follow", empty, parts=("feed.pub",))

    def test_a_page_too_large_for_memory(self):
        press = self.press()
        page = self.work / "page.html"
        page.write_text("<p>" + "a <b>b</b> " * 6_000_000)
        done = run("colport-press", "add", press.root, page, ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("page.html: took over 1024 MiB of memory, left out", done.stderr)

    def test_truncated_and_foreign_bundles(self):
        press = self.press()
        press.add({"text": words(50, 1)})
        press.release()
        bundle = press.volume_files()[0].read_bytes()
        for name, content in (("truncated.zst", bundle[:-30]), ("empty.zst", b""),
                              ("foreign.zst", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00" * 40),
                              ("text.zst", b"hello\n" * 100)):
            with self.subTest(name):
                path = self.work / name
                path.write_bytes(content)
                before = self.snapshot()
                self.refused(run("colport-press", "verify", path, ok=False), name, "bundle")
                self.assertEqual(self.snapshot(), before)

    def test_a_wrong_passphrase(self):
        good, bad = self.work / "good", self.work / "bad"
        good.write_text("correct horse battery staple\n")
        bad.write_text("wrong\n")
        root = self.work / "sealed"
        run("colport-press", "init", root, "--name", "Sealed", "--passphrase-file", good)
        article = self.work / "one.txt"
        article.write_text("A title\n\nA paragraph of text.\n")
        run("colport-press", "add", root, article)
        before = self.snapshot()
        self.refused(run("colport-press", "release", root, "--passphrase-file", bad, ok=False),
                     "wrong passphrase", "signing.key")
        self.assertEqual(self.snapshot(), before)
        run("colport-press", "release", root, "--passphrase-file", good)
        run("colport-press", "verify", root)

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.daemon_refused(*self.here(http=port), parts=(str(port), "in use"))
            self.daemon_refused(*self.here(port=port), parts=(str(port), "in use"))

    def test_addresses_that_are_none(self):
        for http in ("127.0.0.1:99999", "::1:80", "nowhere", "unix:", "unix:/nonexistent/socket"):
            with self.subTest(http):
                self.daemon_refused("--data", self.work / "data", "--listen", "127.0.0.1:0",
                                    "--http", http)
        self.daemon_refused("--data", self.work / ("d" * 120), "--listen", "127.0.0.1:0",
                            "--http", "127.0.0.1:0", parts=("too long",))

    def test_half_open_connections_do_not_keep_the_reader_out(self):
        daemon = self.daemon("data").start()
        host, port = daemon.page.split("/")[2].split(":")
        held = []
        for _ in range(200):
            held.append(socket.create_connection((host, int(port))))
            held[-1].sendall(b"GET / HTTP/1.1\r\n")
        self.assertEqual(http(daemon.page)[0], 200)
        for connection in held:
            connection.close()

    def test_output_that_cannot_be_written(self):
        press = self.press()
        with open("/dev/full", "w") as full:
            done = subprocess.run([BIN / "colport-press", "link", press.root], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot write", done.stderr)

    def test_a_passphrase_is_typed_unseen_and_the_terminal_comes_back(self):
        master, child = pty.openpty()
        process = subprocess.Popen(
            [BIN / "colport-press", "init", self.work / "typed", "--name", "Typed"],
            stdin=child, stdout=child, stderr=child, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        seen = b""
        for answer in (b"hidden words\n", b"hidden words\n"):
            while b": " not in seen.splitlines()[-1:][0] if seen else True:
                seen += os.read(master, 1024)
            os.write(master, answer)
            seen += os.read(master, 1024) + b"\n"
        self.assertEqual(process.wait(30), 0)
        self.assertTrue(termios.tcgetattr(child)[3] & termios.ECHO)
        self.assertNotIn(b"hidden", seen)

    def test_an_unwritable_data_directory(self):
        if os.geteuid() == 0:
            # Root may write anywhere: a file stands in the way instead.
            (self.work / "data").write_text("in the way")
        else:
            (self.work / "data").mkdir(mode=0o500)
        self.daemon_refused(*self.here(), parts=(str(self.work / "data"),))

    def test_a_second_daemon_on_the_same_data(self):
        first = self.daemon("data").start()
        done = run("colportd", "--no-dht", "--no-lsd", *self.here(), ok=False)
        self.refused(done, "another colportd", str(first.data))
        self.assertEqual(first.json("feeds"), [])

    def test_an_archive_of_a_newer_version(self):
        daemon = self.daemon("data").start()
        daemon.stop()
        archive = self.work / "data" / "archive.sqlite"
        database = sqlite3.connect(archive)
        database.execute("PRAGMA user_version = 999")
        database.close()
        before = archive.read_bytes()
        done = run("colportd", "--no-dht", "--no-lsd", *self.here(), ok=False)
        self.refused(done, "archive.sqlite", "newer")
        self.refused(run("colport", "--data", daemon.data, "latest", ok=False), "newer")
        self.assertEqual(archive.read_bytes(), before)

    def test_reading_where_nothing_is(self):
        self.refused(run("colport", "--data", self.work / "none", "latest", ok=False), "archive")
        self.assertFalse((self.work / "none").exists())
        daemon = self.daemon("data").start()
        for words_ in (("read", "0123456789abcdef"), ("unfollow", "nobody")):
            self.refused(daemon.colport(*words_, ok=False))

    def test_press_without_a_feed_and_init_over_something(self):
        self.refused(run("colport-press", "release", self.work / "none", ok=False), "no feed",
                     "init")
        press = self.press()
        before = self.snapshot()
        self.refused(run("colport-press", "init", press.root, "--name", "Other",
                         "--no-passphrase", ok=False), "not empty")
        self.refused(run("colport-press", "add", press.root, self.work / "missing", ok=False),
                     "missing")
        self.assertEqual(self.snapshot(), before)

    def test_a_signing_key_that_others_can_read(self):
        press = self.press()
        press.add({"text": "Some text."})
        (press.root / "private" / "keys" / "signing.key").chmod(0o644)
        self.refused(run("colport-press", "release", press.root, ok=False), "signing.key", "chmod")

    def test_wrong_usage_is_2(self):
        for program, args in (("colport", ()), ("colport", ("serach",)), ("colport", ("read",)),
                              ("colport-press", ("release",)),
                              ("colport-press", ("init", self.work / "x")),
                              ("colportd", ("--mode", "stealth")), ("colportd", ("--no-such",))):
            with self.subTest((program, args)):
                done = run(program, *args, ok=False)
                self.refused(done, code=2)
        config = self.work / "config"
        config.write_text("no-such-option = 1\n")
        self.refused(run("colportd", "--config", config, *self.here(), ok=False), code=2)

    def test_help_and_version_are_0(self):
        for program in ("colport", "colportd", "colport-press"):
            self.assertIn("Example", run(program, "--help").stdout)
            self.assertIn(program, run(program, "--version").stdout)


if __name__ == "__main__":
    main()
