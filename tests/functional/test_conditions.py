"""Networks as readers have them: whatever still carries brings the release."""

import threading
import time

from colport_harness import main, wait_for, words
from lab_test import PORT, LabTest, SocksProxy
from network_namespaces import EVERYTHING, UDP, UDP_BUT_LSD, all_but
from nginx_mirror import NginxMirror
from packet_capture import contacts


class Conditions(LabTest):
    def test_without_the_dht_a_known_peer_is_enough(self):
        press = self.sample_press()
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        router = self.dht_node("router")
        self.lab.block(reader_host, *UDP_BUT_LSD)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host, "--dht-router", router.address)
        reader.dht = True
        reader.start("--follow", press.link(seed.address))
        reader.wait_release(1)
        self.assert_finds(reader, "ferry")
        self.assertNotEqual(reader.carrier("dht")["state"], "works")
        self.assertEqual(reader.carrier("door")["state"], "works")

    def test_without_any_udp_a_release_and_its_update_arrive(self):
        press = self.sample_press()
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        self.lab.block(seed_host, *UDP)
        self.lab.block(reader_host, *UDP)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host)
        reader.dht = reader.lsd = True
        reader.start("--follow", press.link(seed.address))
        reader.wait_release(1)
        self.add_news(press, "harbourmaster")
        reader.wait_release(2)
        self.assert_finds(reader, "harbourmaster")

    def test_with_only_the_local_network_left_neighbours_are_enough(self):
        press = self.sample_press()
        seed = self.daemon_on(self.lab.add_host("seed", route=False))
        reader = self.daemon_on(self.lab.add_host("reader", route=False))
        for daemon in (seed, reader):
            daemon.dht = daemon.lsd = True
        seed.start("--follow", press.public)
        # What the link names lies beyond the cut.
        reader.start("--follow", press.link("198.51.100.7:7001",
                                            mirrors=["http://198.51.100.8/"],
                                            trackers=["http://198.51.100.9/announce"]))
        reader.wait_release(1)
        self.assert_finds(reader, "ferry")
        wait_for("the mirror to be given up",
                 lambda: reader.carrier("mirror")["state"] == "fails", 60)

    def test_when_the_publisher_is_gone_a_follower_hands_the_release_on(self):
        press = self.sample_press()
        seed_host = self.lab.add_host("seed")
        seed = self.seed_on(seed_host, press)
        link = press.link(seed.address)
        first = self.daemon_on(self.lab.add_host("first"))
        third = self.daemon_on(self.lab.add_host("third"))
        for daemon in (first, third):
            daemon.lsd = True
        first.start("--follow", link)
        first.wait_release(1)
        self.lab.block(seed_host, *EVERYTHING)
        third.start("--follow", link)
        third.wait_release(1)
        self.assert_finds(third, "ferry")

    def test_a_bundle_half_fetched_goes_on_where_it_was(self):
        press = self.press()
        press.add(*({"text": words(2500, n)} for n in range(400)))
        press.release()
        size = sum(f.stat().st_size for f in press.volume_files())
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        self.lab.shape(reader_host, rate_kbit=4000)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host).start("--follow", press.link(seed.address))

        def received():
            return reader.status()["payload_received"]
        with self.subTest("after a kill"):
            wait_for("a third", lambda: received() > size / 3)
            reader.kill()
            reader.start()
            wait_for("the rest", lambda: received() > size / 6)
            before_release = received()
        with self.subTest("when the next release comes in between"):
            self.add_news(press, "harbourmaster")
            reader.wait_release(2)
            reader.wait_complete(2)
            self.assert_finds(reader, "harbourmaster")
            self.assertGreater(received(), before_release)
            self.assertLess(received(), 0.9 * size)

    def test_a_fifth_of_the_packets_lost_and_300_ms_late(self):
        press = self.sample_press()
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        self.lab.shape(reader_host, delay_ms=300, loss_percent=20)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host, "--pictures", "never")
        begin = time.monotonic()
        reader.start("--follow", press.link(seed.address))
        reader.wait_release(1, seconds=180)
        print(f"20% lost, 300 ms late: release after {time.monotonic() - begin:.1f} s")
        self.assert_finds(reader, "ferry")

    def test_on_64_kbit_progress_is_shown(self):
        press = self.press()
        press.add(*({"text": words(2000, n)} for n in range(10)),
                  {"title": "The lighthouse", "text": words(50, "light")})
        press.release()
        size = sum(path.stat().st_size for path in press.volume_files())
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        self.lab.shape(reader_host, rate_kbit=64)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host)
        begin = time.monotonic()
        reader.start("--follow", press.link(seed.address))
        fetching = wait_for("some of it", lambda: (now := reader.feed()["fetching"])
                            and 0 < now["bytes_left"] < now["bytes_total"] and now)
        self.assertEqual(fetching["files_left"], 1)
        self.assertLessEqual(fetching["bytes_total"], size)
        reader.wait_release(1, seconds=120)
        took = time.monotonic() - begin
        print(f"64 kbit/s: {size} bytes after {took:.1f} s, "
              f"{size * 8 / 64000:.1f} s at the full rate")
        self.assertIsNone(reader.feed()["fetching"])
        self.assert_finds(reader, "lighthouse")

    def test_a_mirror_behind_a_proxy_is_enough_and_nobody_else_is_asked(self):
        press = self.sample_press()
        reader_host, proxy_host = self.lab.add_host("reader"), self.lab.add_host("proxy")
        mirror_host = self.lab.add_host("mirror")
        mirror = NginxMirror(mirror_host, press.public)
        proxy = SocksProxy(proxy_host, "--login", "reader:secret")
        self.lab.block(reader_host, *all_but(proxy_host))
        self.assertFalse(reader_host.reaches(mirror_host.address, 8080))
        capture = self.lab.capture(reader_host)
        reader = self.daemon_on(reader_host, "--mode", "proxy", "--proxy",
                                f"socks5://reader:secret@{proxy.address}")
        reader.start("--follow", press.link(mirrors=[mirror.url]))
        reader.wait_release(1)
        self.add_news(press, "harbourmaster")
        reader.wait_release(2)
        self.assert_finds(reader, "harbourmaster")
        self.assertEqual(contacts(capture.stop()), {proxy_host.address})
        self.assertEqual(reader.carrier("mirror", mirror.url)["state"], "works")

    def test_after_a_first_run_the_dht_is_entered_without_its_routers(self):
        press = self.sample_press()
        router = self.dht_node("router")
        for name in ("one", "two", "three"):
            self.dht_node(name, router)
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        seed = self.daemon_on(seed_host, "--dht-router", router.address)
        reader = self.daemon_on(reader_host, "--dht-router", router.address)
        for daemon in (seed, reader):
            daemon.dht = True
        seed.start("--follow", press.public)
        wait_for("the seed in the DHT", lambda: seed.carrier("dht")["state"] == "works", 60)
        reader.start("--follow", press.link())
        reader.wait_release(1, seconds=90)
        self.assertEqual(reader.stop(), 0)
        self.lab.block(router.host, *EVERYTHING)
        self.add_news(press, "harbourmaster")
        # Only the DHT can say where the seed is now.
        self.assertEqual(seed.stop(), 0)
        seed.options[1] = f"{seed_host.address}:{PORT + 1}"
        seed.start()
        seed.wait_release(2)
        wait_for("the seed in the DHT", lambda: seed.carrier("dht")["state"] == "works", 60)
        reader.start()
        reader.wait_release(2, seconds=120)
        self.assert_finds(reader, "harbourmaster")

    def test_a_network_that_comes_and_goes_every_10_s(self):
        press = self.press()
        press.add(*({"text": words(2000, n)} for n in range(20)),
                  {"title": "The lighthouse", "text": words(50, "light")})
        press.release()
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        self.lab.shape(reader_host, rate_kbit=96)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host)
        over = threading.Event()
        flaps = []

        def flap():
            while not over.wait(10):
                (self.lab.plug if len(flaps) % 2 else self.lab.unplug)(reader_host)
                flaps.append(time.monotonic())

        thread = threading.Thread(target=flap)
        begin = time.monotonic()
        thread.start()
        try:
            reader.start("--follow", press.link(seed.address))
            reader.wait_release(1, seconds=200)
        finally:
            over.set()
            thread.join()
        print(f"flapping: {time.monotonic() - begin:.1f} s, {len(flaps)} changes")
        self.assertGreaterEqual(len(flaps), 2)
        self.assert_finds(reader, "lighthouse")

    def test_who_is_cut_off_is_told_so_and_can_still_search(self):
        press = self.sample_press()
        seed_host, reader_host = self.lab.add_host("seed"), self.lab.add_host("reader")
        mirror = NginxMirror(seed_host, press.public)
        seed = self.seed_on(seed_host, press)
        reader = self.daemon_on(reader_host)
        reader.start("--follow", press.link(seed.address, mirrors=[mirror.url]))
        reader.wait_release(1)
        self.assertFalse(reader.feed()["cut_off"])
        self.lab.block(reader_host, *EVERYTHING)
        begin = time.monotonic()
        wait_for("the truth", lambda: reader.feed()["cut_off"], 105)
        print(f"cut off: known after {time.monotonic() - begin:.1f} s")
        self.assert_finds(reader, "ferry")
        self.assertIn(reader.feed()["state"], ("current", "stale"))
        self.lab.block(reader_host)
        self.add_news(press, "harbourmaster")
        reader.wait_release(2, seconds=90)
        self.assertFalse(reader.feed()["cut_off"])

    def dht_node(self, name, router=None):
        """A daemon that follows nothing and is a node of a DHT of our own."""
        host = self.lab.add_host(name)
        # Without a router it would ask the public ones: it names itself.
        entry = router.address if router else f"{host.address}:{PORT}"
        node = self.daemon_on(host, "--dht-router", entry)
        node.dht, node.host = True, host
        return node.start()


if __name__ == "__main__":
    main()
