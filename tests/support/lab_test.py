"""Tests whose daemons stand in a lab of their own."""

import json

from colport_harness import ColportTest, words
from network_namespaces import Lab

PORT = 7001  # every daemon's: each host has its own ports
# Mirrors and the DHT are asked often, so that a test sees it happen.
OFTEN = ("--poll", "2")


class LabTest(ColportTest):
    def setUp(self):
        self.lab = Lab(self)  # first, so that it is removed last
        super().setUp()

    def daemon_on(self, host, *options):
        """Not started yet."""
        daemon = self.daemon(host.name, "--listen", f"{host.address}:{PORT}", *OFTEN, *options)
        daemon.wrap = host.enter
        return daemon

    def seed_on(self, host, press, *options):
        return self.daemon_on(host, *options).start("--follow", press.public)

    def sample_press(self):
        """A newsroom with the sample articles released: 12, among them one of a ferry."""
        press = self.press()
        press.add_samples()
        press.release()
        return press

    def add_news(self, press, word):
        press.add({"title": f"News of the {word}", "text": words(300, word)})
        press.release()

    def assert_finds(self, daemon, word):
        """The end of every journey: a reader finds the article and reads it."""
        hits = daemon.json("search", word)["hits"]
        self.assertTrue(hits, word)
        self.assertIn(word, json.dumps(daemon.json("read", hits[0]["id"])).lower())


class SocksProxy:
    """tests/support/socks_proxy.py on a host, until the lab ends."""

    def __init__(self, host, *options, port=1080):
        self.address = f"{host.address}:{port}"
        self.log = host.lab.work / f"socks-{host.name}.jsonl"
        host.start_program("socks_proxy.py", self.address, self.log, *options)

    def requests(self):
        return json_lines(self.log)


class HostileWeb:
    """tests/support/hostile_web.py on a host, until the lab ends."""

    def __init__(self, host, folder, *behaviour, port=8081):
        self.url = f"http://{host.address}:{port}/"
        self.log = host.lab.work / f"web-{host.name}-{port}.jsonl"
        host.start_program("hostile_web.py", f"{host.address}:{port}", folder, self.log,
                           *behaviour)

    def requests(self):
        return json_lines(self.log)


def json_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]
