#!/usr/bin/env python3
"""A cable that is slow, late and lossy: carries frames between two devices.

    slow_wire.py ONE OTHER DELAY_MS LOSS_PERCENT RATE_KBIT     (rate 0: no limit)
    slow_wire.py whole-frames DEVICE

It needs nothing of the kernel but packet sockets: many kernels come without
netem. What waits for longer than two seconds of the rate is dropped. The devices
that send into the cable must send frames as they are on a real one, neither
several in one nor without checksums: that is what whole-frames is for.
"""

import collections
import ctypes
import fcntl
import random
import select
import socket
import struct
import sys
import time

ALL_PROTOCOLS = 0x0003
LONGEST_QUEUE = 2.0  # seconds
SIOCETHTOOL = 0x8946
CHECKSUMS, SEGMENTS, BATCHES = 0x17, 0x1F, 0x24  # ETHTOOL_STXCSUM, _STSO, _SGSO


def whole_frames(device):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for feature in (CHECKSUMS, SEGMENTS, BATCHES):
            value = bytearray(struct.pack("II", feature, 0))
            buffer = (ctypes.c_char * len(value)).from_buffer(value)
            request = struct.pack("16sP", device.encode(), ctypes.addressof(buffer))
            fcntl.ioctl(any_socket, SIOCETHTOOL, request)


class Direction:
    def __init__(self, source, target, delay, loss, rate, seed):
        self.source, self.target = source, target
        self.delay, self.loss, self.rate = delay, loss, rate
        self.chance = random.Random(seed)
        self.free_at = 0.0   # when the cable has sent all that was given to it
        self.queue = collections.deque()

    def take(self):
        try:
            frame, (_, _, packet_type, *_) = self.source.recvfrom(65536)
        except OSError:  # unplugged
            return
        if packet_type == socket.PACKET_OUTGOING or self.chance.random() < self.loss:
            return
        now = time.monotonic()
        start = max(now, self.free_at)
        if start - now > LONGEST_QUEUE:
            return
        self.free_at = start + (len(frame) / self.rate if self.rate else 0)
        self.queue.append((self.free_at + self.delay, frame))

    def give(self):
        """Sends what is due; returns when the next frame is."""
        while self.queue and self.queue[0][0] <= time.monotonic():
            try:
                self.target.send(self.queue.popleft()[1])
            except OSError:  # unplugged
                pass
        return self.queue[0][0] if self.queue else float("inf")


def carry(one, other, delay_ms, loss_percent, rate_kbit):
    ends = []
    for device in (one, other):
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
        end.bind((device, ALL_PROTOCOLS))
        ends.append(end)
    shape = (delay_ms / 1000, loss_percent / 100, rate_kbit * 1000 / 8)
    directions = {ends[0]: Direction(ends[0], ends[1], *shape, seed=1),
                  ends[1]: Direction(ends[1], ends[0], *shape, seed=2)}
    print("ready", flush=True)
    while True:
        due = min(direction.give() for direction in directions.values())
        wait = min(max(due - time.monotonic(), 0), 1)
        for end in select.select(ends, [], [], wait)[0]:
            directions[end].take()


if __name__ == "__main__":
    if sys.argv[1] == "whole-frames":
        whole_frames(sys.argv[2])
    else:
        carry(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:6]))
