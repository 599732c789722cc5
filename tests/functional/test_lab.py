"""The laboratory itself: what it shapes, blocks, records and serves is so."""

import subprocess
import sys

from colport_harness import main, wait_for
from lab_test import HostileWeb, LabTest, SocksProxy
from network_namespaces import EVERYTHING, UDP, UDP_BUT_LSD, addresses
from nginx_mirror import NginxMirror
from packet_capture import contacts, streams

ECHO = """
import socket, sys
with socket.create_server((sys.argv[1], 9000)) as server:
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((sys.argv[1], 9000))
    print("ready", flush=True)
    import threading
    def answer():
        while True:
            data, who = datagrams.recvfrom(2048)
            datagrams.sendto(data, who)
    threading.Thread(target=answer, daemon=True).start()
    while True:
        peer, _ = server.accept()
        with peer:
            data = b""
            while more := peer.recv(65536):
                data += more
            peer.sendall(data)
"""
# Sends datagrams and prints how many came back.
PING = """
import socket, sys
address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.5)
back = set()
for first in range(0, count, 50):
    some = range(first, min(first + 50, count))
    for n in some:
        s.sendto(b"ping %d" % n, (address, port))
    try:
        for n in some:
            back.add(s.recv(100))
    except TimeoutError:
        pass
print(len(back))
"""
# Sends bytes, reads them back, prints the seconds that it took.
TALK = """
import socket, sys, time
begin = time.monotonic()
s = socket.create_connection((sys.argv[1], 9000), 60)
sent = sys.argv[3].encode() * int(sys.argv[2])
s.sendall(sent)
s.shutdown(socket.SHUT_WR)
back = b""
while more := s.recv(65536):
    back += more
assert back == sent
print(time.monotonic() - begin)
"""


class TestLab(LabTest):
    def setUp(self):
        super().setUp()
        self.one, self.two = self.lab.add_host("one"), self.lab.add_host("two")
        self.two.start(sys.executable, "-c", ECHO, self.two.address)
        wait_for("the echo", lambda: self.one.reaches(self.two.address, 9000))

    def pings(self, count=1):
        return int(self.one.run(sys.executable, "-c", PING, self.two.address, 9000, count))

    def talk(self, count, word="x"):
        return float(self.one.run(sys.executable, "-c", TALK, self.two.address, count, word))

    def test_a_shaped_cable_is_late_and_slow_both_ways(self):
        self.assertLess(self.talk(10), 0.3)
        self.lab.shape(self.one, delay_ms=200)
        self.assertGreater(self.talk(10), 0.8)  # a handshake, and the bytes there and back
        self.lab.shape(self.one, rate_kbit=512)
        took = self.talk(64 * 1024)
        self.assertGreater(took, 1.9)
        self.assertLess(took, 15)

    def test_a_lossy_cable_loses(self):
        self.lab.shape(self.one, loss_percent=20)
        back = self.pings(500)
        self.assertGreater(back, 250)  # 320 are expected, both ways being lossy
        self.assertLess(back, 390)
        self.talk(20_000)
        self.lab.shape(self.one)
        self.assertEqual(self.pings(100), 100)

    def test_blocks_take_what_they_name(self):
        self.lab.block(self.one, *UDP)
        self.assertEqual(self.pings(), 0)
        self.assertTrue(self.one.reaches(self.two.address, 9000))
        self.lab.block(self.one, *UDP_BUT_LSD)
        self.assertEqual(self.pings(), 0)
        self.lab.block(self.one, *addresses(self.two))
        self.assertFalse(self.one.reaches(self.two.address, 9000))
        self.lab.block(self.one, *addresses("10.77.0.99"))
        self.assertEqual(self.pings(), 1)
        self.lab.block(self.one, *EVERYTHING)
        self.assertFalse(self.one.reaches(self.two.address, 9000))
        self.lab.shape(self.one, delay_ms=1)
        self.assertFalse(self.one.reaches(self.two.address, 9000))
        self.lab.block(self.one)
        self.assertTrue(self.one.reaches(self.two.address, 9000))
        self.lab.unplug(self.one)
        self.assertFalse(self.one.reaches(self.two.address, 9000))
        self.lab.plug(self.one)
        self.assertTrue(self.one.reaches(self.two.address, 9000, seconds=5))

    def test_a_host_without_a_route_reaches_its_neighbours_only(self):
        far = self.lab.add_host("far", address="198.51.100.7")
        HostileWeb(far, self.work)
        self.assertTrue(self.one.reaches(far.address, 8081))
        lone = self.lab.add_host("lone", route=False)
        self.assertFalse(lone.reaches(far.address, 8081))
        self.assertTrue(lone.reaches(self.two.address, 9000))

    def test_a_capture_tells_who_was_spoken_to(self):
        capture = self.lab.capture(self.one)
        self.talk(100, "secret")
        self.pings(3)
        self.assertFalse(self.one.reaches("10.77.0.99", 80))
        packets = capture.stop()
        there = b"".join(data for key, data in streams(packets).items()
                         if key[2] == self.two.address)
        self.assertIn(b"secretsecret", there)
        sent = [p for p in packets if p.kind == "udp" and p.target_port == 9000]
        self.assertEqual([(p.direction, p.source, p.target) for p in sent],
                         [("out", self.one.address, self.two.address)] * 3)
        self.assertEqual([p.payload for p in sent], [b"ping 0", b"ping 1", b"ping 2"])
        # Nobody answers there: the question who it is was all that could be sent.
        self.assertEqual(contacts(packets), {self.two.address, "10.77.0.99"})

    def test_names_are_asked_of_the_resolver_that_is_given(self):
        asker = self.lab.add_host("asker", resolver=self.two.address)
        capture = self.lab.capture(asker)
        subprocess.run([*asker.enter, "getent", "hosts", "example.invalid"], timeout=60)
        questions = [p for p in capture.stop() if p.target_port == 53]
        self.assertTrue(questions)
        self.assertEqual({p.target for p in questions}, {self.two.address})
        self.assertIn(b"\x07example\x07invalid", questions[0].payload)

    def test_the_proxy_connects_by_address_and_by_name_with_a_login(self):
        folder = self.work / "web"
        folder.mkdir()
        (folder / "page").write_text("hello")
        three = self.lab.add_host("three")
        mirror = NginxMirror(three, folder)
        proxy = SocksProxy(self.two, "--login", "reader:secret", "--name",
                           f"mirror.example={three.address}")

        def curl(login, url):
            done = subprocess.run([*self.one.enter, "curl", "-s", "-m", "10", "--proxy",
                                   f"socks5h://{login}@{proxy.address}", url],
                                  capture_output=True, text=True)
            return done.stdout

        capture = self.lab.capture(self.one)
        self.assertEqual(curl("reader:secret", mirror.url + "page"), "hello")
        self.assertEqual(curl("reader:secret", "http://mirror.example:8080/page"), "hello")
        self.assertEqual(curl("reader:secret", "http://other.example:8080/page"), "")
        self.assertEqual(curl("reader:wrong", mirror.url + "page"), "")
        self.assertEqual(contacts(capture.stop()), {self.two.address})
        self.assertEqual([(r["type"], r["target"], r["reply"]) for r in proxy.requests()[:3]],
                         [("ipv4", three.address, 0), ("name", "mirror.example", 0),
                          ("name", "other.example", 4)])
        self.assertEqual(len(proxy.requests()), 4)
        self.assertEqual([r["status"] for r in mirror.requests()], [200, 200])

    def test_the_hostile_server_behaves_as_chosen(self):
        folder, other = self.work / "web", self.work / "other"
        for place, text in ((folder, "the right one"), (other, "an old one...")):
            place.mkdir()
            (place / "file").write_text(text)
            (place / "head").write_text("head of " + text)

        expected = {"truncated": (18, "the ri"), "html": (0, "<!DOCTYPE"), "error": (0, ""),
                    "missing": (0, ""), "wrong": (0, "!=0"), "slow": (28, "the"),
                    "hang": (28, ""), "endless": (28, "0123456789abcdef"),
                    "redirect": (0, ""), "replaced": (0, "an old one")}
        for n, (behaviour, (code, beginning)) in enumerate(expected.items()):
            with self.subTest(behaviour):
                web = HostileWeb(self.two, folder, behaviour, "--where", "/file", "--other",
                                 other if behaviour == "replaced" else "http://10.77.0.1/",
                                 port=8100 + n)
                done = subprocess.run([*self.one.enter, "curl", "-sN", "-m", "2",
                                       web.url + "file"], capture_output=True)
                self.assertEqual(done.returncode, code)
                self.assertTrue(done.stdout.startswith(beginning.encode()), done.stdout[:80])
                right = self.one.run("curl", "-s", "-r", "5-", web.url + "head")
                self.assertEqual(right, "of the right one")
                self.assertEqual(web.requests()[-1]["status"], 206)


if __name__ == "__main__":
    main()
