#!/usr/bin/env python3
"""Every packet of one network device, written as a pcap file and read again.

    packet_capture.py DEVICE FILE

records until SIGTERM. It needs packet sockets and no other program.
"""

import collections
import ipaddress
import signal
import socket
import struct
import sys
import time

ALL_PROTOCOLS = 0x0003
IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806
PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmp6"}
NEIGHBOURS = {*range(130, 138), 143}  # ICMPv6 types that the kernel sends of its own accord

SO_RCVBUFFORCE = 33
PACKET_STATISTICS = 6
# Linux "cooked" frames, since their header tells sent from received.
COOKED = struct.Struct("!HHH8sH")
FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 113)
RECORD_HEADER = struct.Struct("<IIII")

# direction: "out" or "in". kind: "arp" (somebody is looked for: the target),
# "arp-reply", "neighbour" (IPv6 does the same), "tcp", "udp", "icmp", "icmp6",
# "igmp" or "other". Ports are 0 where there are none. opens: a TCP SYN.
Packet = collections.namedtuple("Packet", "direction ethertype kind source target source_port "
                                          "target_port payload opens")


class Capture:
    """A recording that goes on until stop()."""

    def __init__(self, process, path):
        self.process, self.path = process, path

    def packets(self):
        """What has been recorded so far."""
        data, at, out = self.path.read_bytes(), len(FILE_HEADER), []
        while at + RECORD_HEADER.size <= len(data):
            size = RECORD_HEADER.unpack_from(data, at)[2]
            at += RECORD_HEADER.size
            if at + size > len(data):
                break
            out.append(parse(data[at:at + size]))
            at += size
        return out

    def stop(self):
        """All of it, to the last packet."""
        self.process.terminate()
        if self.process.wait(20) != 0:
            raise AssertionError("the capture failed or lost packets")
        return self.packets()


def contacts(packets):
    """Addresses that the host sent something to, or looked for in order to."""
    return {packet.target for packet in packets
            if packet.direction == "out" and packet.kind not in ("neighbour", "arp-reply")}


def streams(packets):
    """The bytes of each TCP direction, by (source, port, target, port), in order of
    capture: a packet that was sent again stands twice."""
    out = collections.defaultdict(bytearray)
    for packet in packets:
        if packet.kind == "tcp":
            out[packet.source, packet.source_port, packet.target,
                packet.target_port] += packet.payload
    return out


def parse(record):
    packet_type, _, _, _, ethertype = COOKED.unpack_from(record)
    data = record[COOKED.size:]
    direction = "out" if packet_type == socket.PACKET_OUTGOING else "in"
    kind, source, target, ports, payload, opens = "other", "", "", (0, 0), data, False
    if ethertype == ARP and len(data) >= 28:
        kind = "arp" if data[7] == 1 else "arp-reply"
        source, target = str(ipaddress.ip_address(data[14:18])), str(
            ipaddress.ip_address(data[24:28]))
    elif ethertype == IPV4 and len(data) >= 20:
        kind = PROTOCOLS.get(data[9], "other")
        source, target = (str(ipaddress.ip_address(data[at:at + 4])) for at in (12, 16))
        payload = data[(data[0] & 15) * 4:int.from_bytes(data[2:4], "big")]
    elif ethertype == IPV6 and len(data) >= 40:
        number, payload = data[6], data[40:]
        if number == 0 and len(payload) >= 8:  # hop-by-hop options
            number, payload = payload[0], payload[8 * (payload[1] + 1):]
        kind = PROTOCOLS.get(number, "other")
        source, target = (str(ipaddress.ip_address(data[at:at + 16])) for at in (8, 24))
        if kind == "icmp6" and payload and payload[0] in NEIGHBOURS:
            kind = "neighbour"
    if kind in ("tcp", "udp") and len(payload) >= (20 if kind == "tcp" else 8):
        ports = struct.unpack_from("!HH", payload)
        opens = kind == "tcp" and payload[13] & 0x12 == 0x02
        payload = payload[(payload[12] >> 4) * 4 if kind == "tcp" else 8:]
    return Packet(direction, ethertype, kind, source, target, *ports, payload, opens)


def record(device, path):
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    tap.bind((device, ALL_PROTOCOLS))
    tap.settimeout(0.1)
    with open(path, "wb", buffering=0) as out:
        out.write(FILE_HEADER)
        print("ready", flush=True)
        while True:
            done = bool(stopping)
            try:
                data, (_, ethertype, packet_type, hardware, mac) = tap.recvfrom(1 << 18)
            except TimeoutError:
                if done:
                    break
                continue
            except OSError:  # unplugged
                continue
            head = COOKED.pack(packet_type, hardware, len(mac), mac, ethertype)
            now = time.time_ns() // 1000
            size = len(head) + len(data)
            out.write(RECORD_HEADER.pack(now // 1_000_000, now % 1_000_000, size, size) + head
                      + data)
    lost = struct.unpack("II", tap.getsockopt(263, PACKET_STATISTICS, 8))[1]  # SOL_PACKET
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2])
