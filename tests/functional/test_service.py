"""The daemon as a service: readiness, watchdog, reload, and what it may do."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

from colport_harness import BIN, SOURCE, ColportTest, main, need, wait_for

UNITS = SOURCE / "packaging" / "systemd"


class Units(ColportTest):
    def test_the_system_unit_exposes_little(self):
        need("systemd-analyze")
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                               UNITS / "colportd.service"], capture_output=True, text=True)
        level = re.search(r"exposure level for colportd.service: ([\d.]+)", done.stdout)
        self.assertLessEqual(float(level.group(1)), 1.5, done.stdout)

    def test_units_are_understood(self):
        need("systemd-analyze")
        for unit in sorted(UNITS.glob("*.service")):
            copy = self.work / unit.name
            copy.write_text(unit.read_text().replace("/usr/bin/", f"{BIN}/"))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy],
                                  capture_output=True, text=True)
            own = [line for line in done.stderr.splitlines() if unit.name in line]
            self.assertEqual(own, [])


class Service(ColportTest):
    def setUp(self):
        super().setUp()
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notify.close)
        self.notify.bind(str(self.work / "notify"))
        self.notify.settimeout(20)
        self.environment = {"NOTIFY_SOCKET": str(self.work / "notify")}

    def told(self, what):
        """Waits for a message that begins so."""
        while True:
            message = self.notify.recv(4096).decode()
            if message.startswith(what):
                return message

    def start(self, daemon, **environment):
        os.environ.update(self.environment, **environment)
        try:
            return daemon.start()
        finally:
            for name in (*self.environment, *environment):
                del os.environ[name]

    def test_it_tells_when_it_is_ready_reloads_and_stops(self):
        daemon = self.daemon("reader")
        self.start(daemon)
        self.assertIn("reading page at http://127.0.0.1", self.told("READY=1"))
        os.kill(daemon.process.pid, signal.SIGHUP)
        self.told("RELOADING=1")
        self.told("READY=1")
        self.assertEqual(daemon.stop(), 0)
        self.told("STOPPING=1")

    def test_the_watchdog_is_fed_while_the_engine_lives(self):
        daemon = self.daemon("reader")
        self.start(daemon, WATCHDOG_USEC="1500000")
        for _ in range(3):
            self.told("WATCHDOG=1")
        # What stops the engine stops the food.
        os.kill(daemon.process.pid, signal.SIGSTOP)
        self.notify.settimeout(3)
        with self.assertRaises(TimeoutError):
            while True:
                self.notify.recv(4096)
        os.kill(daemon.process.pid, signal.SIGCONT)
        self.notify.settimeout(20)
        self.told("WATCHDOG=1")

    def test_every_thread_has_given_up_system_calls(self):
        daemon = self.daemon("reader").start()
        tasks = list(pathlib.Path(f"/proc/{daemon.process.pid}/task").iterdir())
        self.assertGreater(len(tasks), 3)
        for task in tasks:
            status = (task / "status").read_text()
            self.assertRegex(status, r"\nSeccomp:\t2\n")
            self.assertRegex(status, r"\nNoNewPrivs:\t1\n")

    def test_a_reload_drops_no_peer(self):
        press = self.press()
        press.add({"text": "The ferry is late."})
        press.release()
        seed = self.daemon("seed").start("--follow", press.public)
        config = self.work / "reader.conf"
        config.write_text(f"follow = {press.link(seed.address)}\npictures = always\n")
        reader = self.daemon("reader").start("--config", config)
        reader.wait_complete(1)
        pid = reader.process.pid

        def hang_up():
            mark = len(reader.log.read_text())
            os.kill(pid, signal.SIGHUP)
            return wait_for("the reload", lambda: re.search(
                "colportd: (reloaded|error:.*)", reader.log.read_text()[mark:])).group(1)

        other = self.press("other")
        other.add({"text": "Another feed."})
        other.release()
        config.write_text(config.read_text().replace("always", "never") +
                          f"monthly-budget = 5G\nlimits-at = 0-24=1M/2M\npoll = 60\n"
                          f"follow = {other.public}\n")
        connections = self.connections(pid)
        self.assertTrue(connections)
        self.assertEqual(hang_up(), "reloaded")
        status = reader.status()
        self.assertEqual(status["pictures"], "never")
        self.assertEqual(status["budget"]["limit"], 5 << 30)
        self.assertEqual(len(status["feeds"]), 2)
        self.assertIn("poll changes at the next start", reader.log.read_text())
        self.assertLessEqual(connections, self.connections(pid))

        config.write_text("pictures = always\nhistroy = 3\n")
        self.assertIn("histroy", hang_up())
        self.assertEqual(reader.status()["pictures"], "never")
        self.assertLessEqual(connections, self.connections(pid))

    def test_a_mode_that_was_chosen_outlives_a_reload(self):
        config = self.work / "reader.conf"
        config.write_text("mode = lan\n")
        reader = self.daemon("reader").start("--config", config)
        reader.colport("mode", "offline")
        os.kill(reader.process.pid, signal.SIGHUP)
        wait_for("the reload", lambda: "reloaded" in reader.log.read_text())
        self.assertEqual(reader.status()["mode"], "offline")
        config.write_text("mode = open\n")
        os.kill(reader.process.pid, signal.SIGHUP)
        wait_for("the mode", lambda: reader.status()["mode"] == "open")

    @staticmethod
    def connections(pid):
        """Peers' connections of a process, by inode."""
        inodes = set()
        for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            try:
                found = re.match(r"socket:\[(\d+)\]", os.readlink(entry))
            except OSError:
                continue
            if found:
                inodes.add(found.group(1))
        lines = pathlib.Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
        return {line.split()[9] for line in lines if line.split()[3] == "01"} & inodes


class FullDisk(ColportTest):
    def test_it_stops_fetching_keeps_serving_and_recovers(self):
        disk = self.work / "disk"
        disk.mkdir()
        if os.geteuid() != 0 or subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk]).returncode != 0:
            self.skipTest("a small disk needs root, to mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        press = self.press()
        press.add({"text": "The first article is small."})
        press.release()
        seed = self.daemon("seed").start("--follow", press.public)
        reader = self.daemon("disk/data", "--disk-reserve", "16M")
        reader.log = self.work / "reader.log"
        reader.start("--follow", press.link(seed.address))
        reader.wait_complete(1)

        # Somebody else fills the disk.
        (disk / "ballast").write_bytes(b"x" * (34 << 20))
        wait_for("the full disk", lambda: reader.status()["disk"]["full"])
        press.add({"text": "The second comes while the disk is full."})
        press.release()
        wait_for("the news of it", lambda: reader.feed()["seen_seq"] == 2)
        time.sleep(3)
        self.assertEqual(reader.feed()["seq"], 1)
        self.assertIn("full", reader.colport("status").stdout)
        # What it has it gives.
        late = self.daemon("late").start("--follow", press.link(reader.address))
        seed.stop()
        wait_for("the first release", lambda: late.feed()["seen_seq"] >= 1)
        self.assertEqual(reader.json("search", "small")["total"], 1)

        (disk / "ballast").unlink()
        seed.start("--follow", press.public)
        reader.colport("follow", press.link(seed.address))
        reader.wait_complete(2)
        self.assertFalse(reader.status()["disk"]["full"])


if __name__ == "__main__":
    main()
