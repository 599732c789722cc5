"""What leaves the machine in each mode, by the packets on its wire."""

import time

from colport_harness import main, wait_for, words
from lab_test import PORT, LabTest, SocksProxy
from nginx_mirror import NginxMirror
from packet_capture import contacts, streams

PROXY_PORT = 1080


class Modes(LabTest):
    def world(self):
        """A reader whose link names all that a link can name, most of it by name."""
        self.newsroom = self.sample_press()
        self.resolver = self.lab.add_host("resolver")
        self.proxy_host = self.lab.add_host("proxy")
        self.seed_host = self.lab.add_host("seed")
        self.mirror_host = self.lab.add_host("mirror")
        self.reader_host = self.lab.add_host("reader", resolver=self.resolver.address)
        self.proxy_url = f"socks5://{self.proxy_host.address}:{PROXY_PORT}"
        self.seed = self.seed_on(self.seed_host, self.newsroom)
        self.link = self.newsroom.link(
            self.seed.address, mirrors=["http://mirror.example:8080/"],
            trackers=["http://tracker.example:6969/announce",
                      "udp://tracker.example:6969/announce"])
        self.reader = self.daemon_on(self.reader_host, "--dht-router", "router.example:6881")
        self.reader.dht = self.reader.lsd = True

    def count_knocks(self, capture):
        """How often a connection to the proxy was tried."""
        return sum(packet.opens and packet.target == self.proxy_host.address
                   for packet in capture.packets())

    def started(self, packets):
        """Whom the host talked to, the ends of what it did before apart: the kernel
        closes connections and leaves multicast groups a little later."""
        return contacts(packet for packet in packets
                        if packet.opens or packet.payload and packet.kind != "igmp")

    def test_with_a_dead_proxy_not_one_packet_goes_elsewhere(self):
        self.world()
        reader = self.reader
        capture = self.lab.capture(self.reader_host)
        reader.start("--mode", "proxy", "--proxy", self.proxy_url, "--follow", self.link)
        wait_for("the proxy being tried", lambda: self.count_knocks(capture) >= 5)
        self.assertEqual(contacts(capture.stop()), {self.proxy_host.address})
        self.assertEqual(reader.feed()["seq"], 0)
        self.assertEqual(reader.status()["mode"], "proxy")

        with self.subTest("to offline and back"):
            reader.colport("mode", "offline")
            capture = self.lab.capture(self.reader_host)
            reader.colport("mode", "proxy", "--proxy", self.proxy_url)
            wait_for("the proxy being tried", lambda: self.count_knocks(capture) >= 3)
            self.assertEqual(contacts(capture.stop()), {self.proxy_host.address})

        with self.subTest("the open mode would have asked them all"):
            capture = self.lab.capture(self.reader_host)
            reader.colport("mode", "open")
            reader.wait_release(1)

            def names():
                return b"".join(packet.payload for packet in capture.packets()
                                if packet.target_port == 53)

            for name in (b"tracker", b"mirror", b"router"):
                wait_for(f"the question for {name}", lambda: name + b"\x07example" in names())
            self.assertLessEqual({self.seed_host.address, self.resolver.address,
                                  "239.192.152.143"}, contacts(capture.stop()))

        with self.subTest("from open to proxy"):
            reader.colport("mode", "proxy", "--proxy", self.proxy_url)
            capture = self.lab.capture(self.reader_host)
            wait_for("the proxy being tried", lambda: self.count_knocks(capture) >= 5)
            self.assertEqual(self.started(capture.stop()), {self.proxy_host.address})
            self.assertEqual(reader.status()["mode"], "proxy")

        with self.subTest("after a restart the mode is that of the command line"):
            self.assertEqual(reader.stop(), 0)
            capture = self.lab.capture(self.reader_host)
            reader.start("--mode", "proxy", "--proxy", self.proxy_url)
            wait_for("the proxy being tried", lambda: self.count_knocks(capture) >= 3)
            self.assertEqual(reader.stop(), 0)
            self.assertEqual(self.started(capture.stop()), {self.proxy_host.address})

    def test_doctor_keeps_to_the_proxy_too(self):
        self.world()
        self.reader.start("--mode", "proxy", "--proxy", self.proxy_url, "--follow", self.link)
        capture = self.lab.capture(self.reader_host)
        self.reader.colport("doctor", "--full", ok=None)
        wait_for("the proxy being tried", lambda: self.count_knocks(capture) >= 1)
        self.assertEqual(contacts(capture.stop()), {self.proxy_host.address})

    def test_all_arrives_through_a_proxy_that_lives(self):
        self.world()
        mirror = NginxMirror(self.mirror_host, self.newsroom.public)
        proxy = SocksProxy(self.proxy_host, "--name",
                           f"mirror.example={self.mirror_host.address}", port=PROXY_PORT)
        capture = self.lab.capture(self.reader_host)
        self.reader.start("--mode", "proxy", "--proxy", self.proxy_url, "--follow", self.link)
        self.reader.wait_release(1)
        wait_for("the mirror", lambda: self.reader.carrier("mirror")["state"] == "works")
        wait_for("the peer", lambda: self.reader.feed()["peers"] == 1)
        self.add_news(self.newsroom, "harbourmaster")
        self.reader.wait_release(2)
        self.assert_finds(self.reader, "harbourmaster")
        expected = {("name", "mirror.example", 8080), ("ipv4", self.seed_host.address, PORT)}
        wait_for("all to be asked through the proxy", lambda: expected <= {
            (r["type"], r["target"], r["port"]) for r in proxy.requests()})
        self.assertNotIn("tracker.example", {r["target"] for r in proxy.requests()})
        self.assertTrue(mirror.requests())
        self.assertEqual(contacts(capture.stop()), {self.proxy_host.address})

    def test_a_tracker_cannot_make_a_reader_behind_a_proxy_look_names_up(self):
        self.world()
        self.mirror_host.start_program("naming_tracker.py", f"{self.mirror_host.address}:6969",
                                       "unmask.example")
        SocksProxy(self.proxy_host, "--name", f"tracker.example={self.mirror_host.address}",
                   port=PROXY_PORT)
        capture = self.lab.capture(self.reader_host)
        self.reader.start("--mode", "proxy", "--proxy", self.proxy_url, "--follow", self.link)
        self.reader.wait_release(1)
        time.sleep(5)  # an answer of the tracker, and what it leads to
        self.assertEqual(contacts(capture.stop()), {self.proxy_host.address})

    def test_peers_alone_carry_through_a_proxy(self):
        self.world()
        SocksProxy(self.proxy_host, "--login", "a:b", port=PROXY_PORT)
        capture = self.lab.capture(self.reader_host)
        secret = self.work / "secret"
        secret.write_text("b\n")
        self.reader.start("--mode", "proxy", "--proxy",
                          f"socks5://a@{self.proxy_host.address}:{PROXY_PORT}",
                          "--proxy-password-file", secret,
                          "--follow", self.newsroom.link(self.seed.address))
        self.reader.wait_release(1)
        self.assert_finds(self.reader, "ferry")
        self.assertEqual(contacts(capture.stop()), {self.proxy_host.address})

    def test_lan_reaches_neighbours_and_nobody_beyond(self):
        press = self.sample_press()
        resolver = self.lab.add_host("resolver", address="198.51.100.53")
        far_host = self.lab.add_host("far", address="198.51.100.7")
        far = self.seed_on(far_host, press)
        seed = self.daemon_on(self.lab.add_host("seed"), "--mode", "lan")
        reader_host = self.lab.add_host("reader", resolver=resolver.address)
        reader = self.daemon_on(reader_host, "--dht-router", "router.example:6881")
        for daemon in (seed, reader):
            daemon.lsd = daemon.dht = True
        capture = self.lab.capture(reader_host)
        reader.start("--mode", "lan", "--follow",
                     press.link(far.address, mirrors=["http://mirror.example:8080/",
                                                      "http://198.51.100.7:8080/"],
                                trackers=["udp://tracker.example:6969"]))
        seed.start("--follow", press.public)
        reader.wait_release(1)
        self.add_news(press, "harbourmaster")
        reader.wait_release(2)
        self.assert_finds(reader, "harbourmaster")
        beyond = {address for address in contacts(capture.stop())
                  if not address.startswith("10.77.0.")}
        self.assertLessEqual(beyond, {"239.192.152.143", "224.0.0.22"})  # LSD and its IGMP
        # In the open it would have gone there.
        reader.colport("mode", "open")
        capture = self.lab.capture(reader_host)
        wait_for("the world", lambda: {far_host.address, resolver.address}
                 <= contacts(capture.packets()))

    def test_offline_sends_nothing(self):
        self.world()
        reader = self.reader
        capture = self.lab.capture(self.reader_host)
        reader.start("--mode", "offline", "--follow", self.link)
        time.sleep(6)  # three rounds of every carrier, were they on
        self.assertEqual(contacts(capture.stop()), set())
        self.assertEqual({c["state"] for c in reader.feed()["carriers"]}, {"off"})
        reader.colport("mode", "open")
        reader.wait_release(1)
        reader.colport("mode", "offline")
        capture = self.lab.capture(self.reader_host)
        self.add_news(self.newsroom, "harbourmaster")
        self.seed.wait_release(2)
        time.sleep(6)
        self.assertEqual(self.started(capture.stop()), set())
        self.assertEqual(reader.feed()["seq"], 1)
        self.assert_finds(reader, "ferry")

    def encrypted_pair(self, encryption):
        """A seed, and a reader that fetched from it; and what its packets gave away."""
        self.newsroom = self.press()
        self.newsroom.add(*({"text": words(600, n)} for n in range(10)),
                          {"title": "The lighthouse", "text": words(300, "light")})
        self.newsroom.release()
        self.bundle = self.newsroom.volume_files()[0].read_bytes()
        seed = self.daemon_on(self.lab.add_host("seed"), "--encryption", encryption)
        seed.start("--follow", self.newsroom.public)
        host = self.lab.add_host("reader")
        reader = self.daemon_on(host, "--encryption", encryption)
        capture = self.lab.capture(host)
        reader.start("--follow", self.newsroom.link(seed.address))
        reader.wait_release(1)
        self.assert_finds(reader, "lighthouse")
        return reader, host, self.recognised(capture)

    def recognised(self, capture):
        marks = {"protocol": b"BitTorrent protocol", "extension": b"colport_1",
                 "articles": self.bundle[1000:1032]}
        data = b"\n".join(streams(capture.stop()).values())
        return {name for name, mark in marks.items() if mark in data}

    def probe(self, daemon):
        """Asks for the articles as one who knows no encryption."""
        head = (self.newsroom.public / "head").read_bytes()
        at = head.index(b"2:ih20:") + len(b"2:ih20:")
        host = self.lab.add_host("probe")
        return host.run_program("plain_peer.py", daemon.address, head[at:at + 20].hex(),
                                len(self.bundle)).strip()

    def test_forced_encryption_leaves_nothing_to_recognise(self):
        reader, _, recognised = self.encrypted_pair("forced")
        self.assertEqual(recognised, set())
        self.assertEqual(self.probe(reader), "refused")

    def test_preferred_encryption_is_used_with_peers_that_can(self):
        reader, host, recognised = self.encrypted_pair("preferred")
        capture = self.lab.capture(host)
        self.assertEqual(self.probe(reader), "spoken")
        self.assertEqual(self.recognised(capture), {"protocol", "articles"})
        self.assertEqual(recognised, set())


if __name__ == "__main__":
    main()
