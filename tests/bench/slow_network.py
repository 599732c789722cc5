"""Hosts of our own with long lines between them: network namespaces on a slow switch.

Each host has one device, a tunnel whose other end is the switch, a process that
hands every packet on after a while. That needs root, iproute2 and /dev/net/tun;
a kernel with netem would do it too, but many have none.
"""

import collections
import fcntl
import heapq
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
TUN, NO_PACKET_INFORMATION, VNET_HEADER = 0x0001, 0x1000, 0x4000
CHECKSUMS, SEGMENTS = 0x01, 0x02
# The header in front of a packet, by which one of 64 KiB stands for many of 1,500
# bytes: the switch has a fortieth of the work, and the hosts' TCP sees no difference.
HEADER = 10


def ip(*words, check=True):
    subprocess.run(["ip", *map(str, words)], check=check, capture_output=True)


class SlowNetwork:
    """add() makes a host. `delay` in seconds from any to any; `rate` in bytes a second
    is what each can send, None for no bound. start() once all are there."""

    def __init__(self, delay, rate=None):
        self.delay, self.rate = delay, rate
        self.prefix = f"colport-slow-{os.getpid()}"
        self.hosts, self.tunnels = [], {}
        self.switch = None

    def add(self):
        """The new host's namespace and its address."""
        number = len(self.hosts) + 1
        host, address = f"{self.prefix}-{number}", f"10.78.0.{number}"
        device = f"slow{os.getpid()}-{number}"[-15:]
        ip("netns", "add", host)
        self.hosts.append(host)
        tunnel = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        self.tunnels[address] = tunnel
        fcntl.ioctl(tunnel, TUNSETIFF, struct.pack(
            "16sH22x", device.encode(), TUN | NO_PACKET_INFORMATION | VNET_HEADER))
        fcntl.ioctl(tunnel, TUNSETOFFLOAD, CHECKSUMS | SEGMENTS)
        ip("link", "set", device, "netns", host)
        ip("-n", host, "addr", "add", f"{address}/24", "dev", device)
        for name in ("lo", device):
            ip("-n", host, "link", "set", name, "up")
        return host, address

    def start(self):
        self.switch = subprocess.Popen(
            [sys.executable, __file__, str(self.delay), str(self.rate or 0),
             *(f"{address}={tunnel}" for address, tunnel in self.tunnels.items())],
            pass_fds=list(self.tunnels.values()))
        for tunnel in self.tunnels.values():
            os.close(tunnel)

    def remove(self):
        if self.switch:
            self.switch.kill()
            self.switch.wait()
        for host in self.hosts:
            ip("netns", "delete", host, check=False)


def switch(delay, rate, tunnels):
    """Moves packets between the tunnels, keyed by address as four bytes, for ever."""
    poll = select.epoll()
    for tunnel in tunnels.values():
        poll.register(tunnel, select.EPOLLIN)
    waiting, order = [], 0
    free_at = collections.defaultdict(float)
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for source, _ in poll.poll(pause):
            # Bounded, so that what is due leaves in time.
            for _ in range(16):
                try:
                    packet = os.read(source, 70_000)
                except BlockingIOError:
                    break
                target = tunnels.get(packet[HEADER + 16:HEADER + 20])
                if target is None or packet[HEADER] >> 4 != 4:
                    continue
                due = time.monotonic()
                if rate:
                    due = free_at[source] = max(due, free_at[source]) + len(packet) / rate
                order += 1
                heapq.heappush(waiting, (due + delay, order, target, packet))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, target, packet = heapq.heappop(waiting)
            try:
                os.write(target, packet)
            except OSError:
                pass  # lost, as packets are


if __name__ == "__main__":
    switch(float(sys.argv[1]), float(sys.argv[2]),
           {bytes(map(int, address.split("."))): int(tunnel)
            for address, tunnel in (word.split("=") for word in sys.argv[3:])})
