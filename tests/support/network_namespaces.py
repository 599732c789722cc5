"""Hosts of our own: network namespaces joined by a bridge in a third one.

They need root and iproute2; where they cannot be made the test skips. Nothing in
them reaches beyond the bridge.
"""

import os
import subprocess
import unittest


def ip(*args, check=True):
    return subprocess.run(["ip", *map(str, args)], check=check, capture_output=True, text=True)


class Network:
    """add_host("a") makes a host with the address 10.77.0.N on one Ethernet."""

    def __init__(self, test):
        self.prefix = f"colport-{os.getpid()}"
        self.switch = f"{self.prefix}-switch"
        self.hosts = []
        if os.geteuid() != 0:
            raise unittest.SkipTest("network namespaces need root")
        try:
            ip("netns", "add", self.switch)
        except (OSError, subprocess.CalledProcessError) as error:
            raise unittest.SkipTest(f"no network namespaces here: {error}") from error
        test.addCleanup(self.remove)
        self.inside(self.switch, "ip", "link", "add", "bridge", "type", "bridge")
        self.inside(self.switch, "ip", "link", "set", "bridge", "up")

    def add_host(self, name):
        """The new host's namespace and its address."""
        number = len(self.hosts) + 1
        host = f"{self.prefix}-{name}"
        port = f"port{number}"
        address = f"10.77.0.{number}"
        ip("netns", "add", host)
        self.hosts.append(host)
        ip("-n", self.switch, "link", "add", port, "type", "veth", "peer", "name", "eth0",
           "netns", host)
        ip("-n", self.switch, "link", "set", port, "master", "bridge")
        ip("-n", self.switch, "link", "set", port, "up")
        for device in ("lo", "eth0"):
            ip("-n", host, "link", "set", device, "up")
        ip("-n", host, "addr", "add", f"{address}/24", "dev", "eth0")
        ip("-n", host, "route", "add", "default", "dev", "eth0")
        return host, address

    @staticmethod
    def inside(namespace, *command):
        return subprocess.run(["ip", "netns", "exec", namespace, *command], check=True,
                              capture_output=True, text=True)

    def remove(self):
        for namespace in (*self.hosts, self.switch):
            ip("netns", "delete", namespace, check=False)
