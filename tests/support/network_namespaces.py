"""Hosts of our own: network namespaces joined by a bridge in a third one, the switch.

They need root and iproute2, blocks need nftables; where they cannot be made the
test skips. Nothing in them reaches beyond the bridge. What shapes and blocks a
host stands in the switch, so the host's own packets show what it tried to send.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from colport_harness import need
from lab_host import Host, ip
from packet_capture import Capture

# What block() takes: matches of nftables, tried on packets from and to the host.
EVERYTHING = ("",)
UDP = ("meta l4proto udp",)
UDP_BUT_LSD = ("udp dport != 6771",)


def addresses(*hosts):
    """For block(): all that goes to these hosts or comes from them."""
    those = ", ".join(getattr(host, "address", host) for host in hosts)
    return (f"ip daddr {{ {those} }}", f"ip saddr {{ {those} }}")


def all_but(*hosts):
    """For block(): whatever neither goes to these hosts nor comes from them."""
    those = ", ".join(host.address for host in hosts)
    return (f"ip daddr != {{ {those} }} ip saddr != {{ {those} }}",)


class Lab:
    """add_host("a") makes a host with the address 10.77.0.N on one Ethernet."""

    def __init__(self, test):
        if os.geteuid() != 0:
            raise unittest.SkipTest("network namespaces need root")
        self.prefix = f"colport-{os.getpid()}"
        self.hosts, self.processes, self.blocks = [], [], {}
        self.switch = Host(self, "switch", 0, "")
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="colport-lab-"))
        test.addCleanup(self.remove)
        remove_leftovers()
        try:
            ip("netns", "add", self.switch.namespace)
            # The switch has no word of its own on the wires.
            self.switch.run("sh", "-c", "cd /proc/sys/net/ipv6/conf/default || exit 0; "
                            "echo 1 >disable_ipv6")
            self.in_switch("link", "add", "bridge", "type", "bridge")
            self.in_switch("link", "set", "bridge", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", "") or error
            raise unittest.SkipTest(f"no network namespaces here: {reason}") from error

    def add_host(self, name, address=None, route=True, resolver=None):
        """Without a route it reaches its /24 alone; with one, whatever address
        another host has. `resolver` is where its programs ask for names."""
        number = len(self.hosts) + 1
        host = Host(self, name, number, address or f"10.77.0.{number}")
        if resolver:
            folder = pathlib.Path("/etc/netns") / host.namespace
            folder.mkdir(parents=True)
            (folder / "resolv.conf").write_text(
                f"nameserver {resolver}\noptions timeout:1 attempts:1\n")
        self.hosts.append(host)
        ip("netns", "add", host.namespace)
        self.in_switch("link", "add", "name", host.port, "type", "veth", "peer", "name",
                       "eth0", "netns", host.namespace)
        self.in_switch("link", "set", host.port, "master", "bridge", "up")
        for device in ("lo", "eth0"):
            ip("-n", host.namespace, "link", "set", device, "up")
        ip("-n", host.namespace, "addr", "add", f"{host.address}/24", "dev", "eth0")
        if route:
            ip("-n", host.namespace, "route", "add", "default", "dev", "eth0")
        return host

    def shape(self, host, delay_ms=0, loss_percent=0, rate_kbit=0):
        """Makes the host's cable so, in each direction; replaces an earlier shape."""
        if host.shaper is None:
            self.in_switch("link", "add", "name", host.wire, "type", "veth", "peer",
                           "name", host.inner)
            host.run_program("slow_wire.py", "whole-frames", "eth0")
            self.switch.run_program("slow_wire.py", "whole-frames", host.wire)
            self.in_switch("link", "set", host.port, "nomaster")
            self.in_switch("link", "set", host.wire, "master", "bridge", "up")
            self.in_switch("link", "set", host.inner, "up")
        else:
            host.shaper.terminate()
            host.shaper.wait(10)
        host.shaper = self.switch.start_program("slow_wire.py", host.port, host.inner, delay_ms,
                                                loss_percent, rate_kbit)

    def block(self, host, *matches):
        """Drops what matches, from and to the host, instead of what was dropped
        before; without a match, nothing."""
        self.blocks[host] = matches
        rules = [f"{side} {{ {host.port}, {host.wire} }} {match} drop"
                 for host, matches in self.blocks.items() for match in matches
                 for side in ("iifname", "oifname")]
        text = "\n".join(["table bridge lab", "delete table bridge lab", "table bridge lab {",
                          "chain lab {", "type filter hook forward priority 0;", *rules, "}", "}"])
        need("nft")
        try:
            self.switch.run("nft", "add table bridge lab")
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"no nftables here: {error.stderr}") from error
        self.switch.run("nft", text)

    def unplug(self, host):
        self.in_switch("link", "set", host.port, "down")

    def plug(self, host):
        self.in_switch("link", "set", host.port, "up")

    def capture(self, host):
        """Records what the host's eth0 sends and receives from now on."""
        path = self.work / f"{host.name}-{len(self.processes)}.pcap"
        process = host.start_program("packet_capture.py", "eth0", path)
        return Capture(process, path)

    def in_switch(self, *args):
        ip("-n", self.switch.namespace, *args)

    def remove(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for namespace in namespaces(f"{self.prefix}-"):
            remove_namespace(namespace)
        shutil.rmtree(self.work, ignore_errors=True)


def namespaces(beginning):
    lines = ip("netns", "list", check=False).stdout.split("\n")
    return [line.split()[0] for line in lines if line.startswith(beginning)]


def remove_namespace(name):
    ip("netns", "delete", name, check=False)
    shutil.rmtree(pathlib.Path("/etc/netns") / name, ignore_errors=True)


def remove_leftovers():
    """Of runs that were killed."""
    for name in namespaces("colport-"):
        owner = re.match(r"colport-(\d+)-", name)
        if owner and not pathlib.Path("/proc", owner[1]).exists():
            remove_namespace(name)
