#!/usr/bin/env python3
"""A peer that speaks BitTorrent in the clear, as a censor's probe does.

    plain_peer.py IP:PORT INFO_HASH [SIZE]

Prints "refused" when the other side answers nothing, else "spoken"; with SIZE it
also fetches so many bytes from the beginning of the torrent.
"""

import socket
import struct
import sys

BLOCK = 16 * 1024
UNCHOKE, PIECE = 1, 7
INTERESTED = struct.pack("!IB", 1, 2)
EXTENSIONS = b"\x00\x00\x00\x00\x00\x10\x00\x00"  # that of BEP 10

NO_EXTENSIONS = b"d1:mdee"


def exactly(peer, count):
    data = b""
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            raise ConnectionError("the peer hung up")
        data += more
    return data


def message(peer):
    length = int.from_bytes(exactly(peer, 4), "big")
    return exactly(peer, length)


def wait_for(peer, kind):
    while not (body := message(peer)) or body[0] != kind:
        pass
    return body


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as peer:
        handshake = b"\x13BitTorrent protocol" + EXTENSIONS + bytes.fromhex(sys.argv[2])
        peer.sendall(handshake + b"-XX0001-abcdefghijkl")
        try:
            exactly(peer, 68)
        except OSError:
            return print("refused")
        # The handshake of BEP 10 names what the other side speaks.
        peer.sendall(struct.pack("!IBB", 2 + len(NO_EXTENSIONS), 20, 0) + NO_EXTENSIONS)
        if len(sys.argv) > 3:
            fetch(peer, int(sys.argv[3]))
        else:
            message(peer)
        print("spoken")


def fetch(peer, size):
    peer.sendall(INTERESTED)
    wait_for(peer, UNCHOKE)
    for at in range(0, size, BLOCK):
        peer.sendall(struct.pack("!IBIII", 13, 6, 0, at, min(BLOCK, size - at)))
        wait_for(peer, PIECE)


if __name__ == "__main__":
    main()
