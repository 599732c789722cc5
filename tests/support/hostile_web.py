#!/usr/bin/env python3
"""A web server for a feed directory that misbehaves by choice.

    hostile_web.py IP:PORT DIRECTORY LOG [BEHAVIOUR [--where REGEX] [--other WHAT]]

Where the path does not match the expression, and without a behaviour, it serves
the directory as it should, ranges and conditional requests included. Each request
is a line of JSON in LOG: path, range, status.

    truncated   says the whole length, sends half and hangs up
    endless     sends bytes until the client has had enough
    html        answers everything with 200 and a page
    wrong       the right length, other bytes
    error       500
    missing     404
    slow        the right bytes, four a second
    hang        nothing at all
    redirect    302 to the address OTHER + path
    replaced    what lies at the same path in the directory OTHER
"""

import argparse
import email.utils
import http.server
import json
import pathlib
import re
import socketserver
import threading
import time

PAGE = b"<!DOCTYPE html><title>Access denied</title><p>This page is not available.</p>"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, given):
        super().__init__(address, Handler)
        self.folder, self.other = pathlib.Path(given.folder), given.other
        self.behaviour, self.where = given.behaviour, re.compile(given.where)
        self.log, self.lock = open(given.log, "w", buffering=1), threading.Lock()

    server_bind = socketserver.TCPServer.server_bind  # HTTPServer's asks for its own name


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        behaviour = self.server.behaviour
        if behaviour and self.server.where.search(self.path):
            getattr(self, behaviour)()
        else:
            self.serve(self.server.folder)

    do_HEAD = do_GET

    def file_in(self, folder):
        path = pathlib.Path(folder) / self.path.split("?")[0].lstrip("/")
        return path if ".." not in path.parts and path.is_file() else None

    def serve(self, folder):
        file = self.file_in(folder)
        if file is None:
            return self.missing()
        modified = email.utils.formatdate(file.stat().st_mtime, usegmt=True)
        if self.headers.get("If-Modified-Since") == modified:
            return self.begin(304, 0)
        data, status, extra = file.read_bytes(), 200, {"Last-Modified": modified}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            first, size = int(wanted[1]), len(data)
            last = min(int(wanted[2] or size - 1), size - 1)
            data, status = data[first:last + 1], 206
            extra["Content-Range"] = f"bytes {first}-{last}/{size}"
        self.begin(status, len(data), **extra)
        self.send(data)

    def begin(self, status, length, **headers):
        with self.server.lock:
            self.server.log.write(json.dumps({"path": self.path, "status": status,
                                              "range": self.headers.get("Range")}) + "\n")
        self.send_response(status)
        if length is None:
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, data):
        if self.command != "HEAD":
            self.wfile.write(data)

    def content(self):
        file = self.file_in(self.server.folder)
        return file.read_bytes() if file else PAGE

    def truncated(self):
        data = self.content()
        self.begin(200, len(data))
        self.send(data[:len(data) // 2])
        self.close_connection = True

    def endless(self):
        self.begin(200, None)
        while self.command != "HEAD":
            self.send(b"0123456789abcdef" * 1024)

    def html(self):
        self.begin(200, len(PAGE), **{"Content-Type": "text/html"})
        self.send(PAGE)

    def wrong(self):
        data = bytes(byte ^ 0x55 for byte in self.content())
        self.begin(200, len(data))
        self.send(data)

    def error(self):
        self.begin(500, 0)

    def missing(self):
        self.begin(404, 0)

    def slow(self):
        data = self.content()
        self.begin(200, len(data))
        for at in range(len(data)):
            self.send(data[at:at + 1])
            self.wfile.flush()
            time.sleep(0.25)

    def hang(self):
        time.sleep(3600)

    def redirect(self):
        self.begin(302, 0, Location=self.server.other.rstrip("/") + self.path)

    def replaced(self):
        self.serve(self.server.other)

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:  # the client has had enough
            pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("listen")
    options.add_argument("folder")
    options.add_argument("log")
    options.add_argument("behaviour", nargs="?", choices=[
        "truncated", "endless", "html", "wrong", "error", "missing", "slow", "hang",
        "redirect", "replaced"])
    options.add_argument("--where", default="")
    options.add_argument("--other", default="")
    given = options.parse_args()
    host, port = given.listen.rsplit(":", 1)
    with Server((host, int(port)), given) as server:
        print("ready", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
