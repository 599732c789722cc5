"""A DHT that is one liar: many nodes, and all answer what their owner wants."""

import os
import re
import socket
import struct
import threading


def string(data):
    return b"%d:%s" % (len(data), data)


def member(message, key, after=0):
    """The string under a key of one of the small messages that DHT nodes send."""
    at = message.find(string(key), after)
    found = re.compile(rb"(\d+):").match(message, at + len(string(key))) if at >= 0 else None
    return found and message[found.end():found.end() + int(found.group(1))]


def head_item(head_file):
    """The item that carries a head, one of the first 127."""
    fields = re.fullmatch(rb"\x0a\x20(.{32})\x10(.)\x1a\x40(.{64})\x22..?(d.*e)", head_file,
                          re.DOTALL)
    key, seq, signature, value = fields.groups()
    return {b"k": string(key), b"seq": b"i%de" % seq[0], b"sig": string(signature), b"v": value}


def keyring_item(keyring_file, feed, version):
    """The item that carries the keyring of a feed whose own key alone signs."""
    rest, mark, signature = keyring_file[:-66], keyring_file[-66:-64], keyring_file[-64:]
    assert mark == b"\x2a\x40", "the keyring has no item"
    return {b"k": string(feed), b"seq": b"i%de" % version, b"sig": string(signature),
            b"v": b"d1:k" + string(rest) + b"e"}


class LyingDht:
    """Nodes on loopback that know of nobody else, store nothing, and answer every
    question for an item with this one."""

    def __init__(self, item, nodes=12):
        self.item = item
        self.asked = 0
        self.ended = False
        self.sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(nodes)]
        for one in self.sockets:
            one.bind(("127.0.0.1", 0))
        self.ids = [os.urandom(20) for _ in range(nodes)]
        self.compact = b"".join(
            node_id + struct.pack(">4sH", socket.inet_aton("127.0.0.1"), one.getsockname()[1])
            for node_id, one in zip(self.ids, self.sockets))
        self.router = "127.0.0.1:%d" % self.sockets[0].getsockname()[1]
        for node_id, one in zip(self.ids, self.sockets):
            threading.Thread(target=self.serve, args=(node_id, one), daemon=True).start()

    def serve(self, node_id, one):
        one.settimeout(0.2)
        with one:
            while not self.ended:
                try:
                    message, address = one.recvfrom(4096)
                except TimeoutError:
                    continue
                query = member(message, b"q", message.find(b"e1:q"))
                if not query:
                    continue
                reply = {b"id": string(node_id), b"token": string(b"token"),
                         b"nodes": string(self.compact[:8 * 26])}
                if query == b"get":
                    self.asked += 1
                    reply.update(self.item)
                body = b"".join(string(key) + reply[key] for key in sorted(reply))
                one.sendto(b"d1:rd%se1:t%s1:y1:re" % (body, string(member(message, b"t"))), address)

    def stop(self):
        self.ended = True
