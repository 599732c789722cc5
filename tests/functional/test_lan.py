"""Peers on one local network find each other with no address, tracker or DHT."""

from colport_harness import main
from lab_test import LabTest


class Lan(LabTest):
    def test_local_service_discovery_finds_the_door(self):
        press = self.press()
        press.add_samples()
        press.release()
        seed = self.daemon_on(self.lab.add_host("seed"), "--mode", "lan")
        reader = self.daemon_on(self.lab.add_host("reader"), "--mode", "lan")
        for daemon in (seed, reader):
            daemon.lsd = True
        seed.start("--follow", press.public)
        reader.start("--follow", press.link())
        reader.wait_release(1)
        self.assertEqual(reader.json("latest")["total"], 12)


if __name__ == "__main__":
    main()
