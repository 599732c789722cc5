#!/usr/bin/env python3
"""A SOCKS5 proxy (RFC 1928, 1929) that knows only the names it is told.

    socks_proxy.py IP:PORT LOG [--login USER:PASSWORD] [--name NAME=ADDRESS]...

It has CONNECT and nothing else: who asks for UDP is refused. Each request is a
line of JSON in LOG: from, command, type ("ipv4", "name", "ipv6"), target, port,
login and reply (0: connected).
"""

import argparse
import ipaddress
import json
import socket
import socketserver
import struct
import threading

GENERAL, HOST_UNREACHABLE, REFUSED, NO_COMMAND, NO_TYPE = 1, 4, 5, 7, 8
TYPES = {1: "ipv4", 3: "name", 4: "ipv6"}


class Refusal(Exception):
    pass


class Proxy(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address, log, login, names):
        super().__init__(address, Client)
        self.log, self.login, self.names = open(log, "w", buffering=1), login, names
        self.lock = threading.Lock()

    def note(self, **entry):
        with self.lock:
            self.log.write(json.dumps(entry) + "\n")


class Client(socketserver.BaseRequestHandler):
    def take(self, count):
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise Refusal("the client hung up")
            data += more
        return data

    def take_short(self):
        return self.take(self.take(1)[0])

    def handle(self):
        try:
            login = self.greet()
            _, command, _, kind = self.take(4)
            target = self.read_target(kind)
            port, = struct.unpack("!H", self.take(2))
        except (Refusal, OSError):
            return
        reply, remote = self.connect(command, kind, target, port)
        self.server.note(**{"from": self.client_address[0], "command": command,
                            "type": TYPES.get(kind, str(kind)), "target": target, "port": port,
                            "login": login, "reply": reply})
        try:
            self.request.sendall(struct.pack("!BBBBIH", 5, reply, 0, 1, 0, 0))
            if remote is not None:
                exchange(self.request, remote)
        except OSError:
            pass

    def greet(self):
        """The login that was given, or None."""
        version, count = self.take(2)
        methods = self.take(count)
        wanted = 2 if self.server.login else 0
        if version != 5 or wanted not in methods:
            self.request.sendall(b"\x05\xff")
            raise Refusal("no common method")
        self.request.sendall(bytes([5, wanted]))
        if wanted == 0:
            return None
        self.take(1)
        login = f"{self.take_short().decode()}:{self.take_short().decode()}"
        right = login == self.server.login
        self.request.sendall(b"\x01\x00" if right else b"\x01\x01")
        if not right:
            self.server.note(**{"from": self.client_address[0], "login": login, "reply": -1})
            raise Refusal("wrong login")
        return login

    def read_target(self, kind):
        if kind == 1:
            return socket.inet_ntop(socket.AF_INET, self.take(4))
        if kind == 4:
            return socket.inet_ntop(socket.AF_INET6, self.take(16))
        return self.take_short().decode("ascii", "replace")

    def connect(self, command, kind, target, port):
        if command != 1:
            return NO_COMMAND, None
        if kind not in TYPES:
            return NO_TYPE, None
        address = self.server.names.get(target, target)
        if not is_address(address):
            return HOST_UNREACHABLE, None
        try:
            return 0, socket.create_connection((address, port), timeout=10)
        except ConnectionRefusedError:
            return REFUSED, None
        except OSError:
            return HOST_UNREACHABLE, None


def is_address(text):
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def exchange(one, other):
    """Carries bytes both ways until both sides have ended."""
    one.settimeout(None)
    other.settimeout(None)
    back = threading.Thread(target=pour, args=(other, one), daemon=True)
    back.start()
    pour(one, other)
    back.join()
    other.close()


def pour(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("listen")
    options.add_argument("log")
    options.add_argument("--login")
    options.add_argument("--name", action="append", default=[])
    given = options.parse_args()
    host, port = given.listen.rsplit(":", 1)
    names = dict(name.split("=", 1) for name in given.name)
    with Proxy((host, int(port)), given.log, given.login, names) as proxy:
        print("ready", flush=True)
        proxy.serve_forever()


if __name__ == "__main__":
    main()
