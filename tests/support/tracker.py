"""A BitTorrent tracker for peers on one machine (BEP 3, 23): everybody sees everybody."""

import http.server
import socket
import threading
import urllib.parse


class Tracker:
    """Remembers who announced which torrent until stop(). `address` is everybody's."""

    def __init__(self, address="127.0.0.1", interval=5):
        self.address = address
        self.interval = interval
        self.swarms = {}
        self.announces = 0
        self.lock = threading.Lock()
        tracker = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = tracker.answer(urllib.parse.urlsplit(self.path).query)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    pass  # a client that says goodbye does not wait for the answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/announce"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, query):
        # The hash is bytes, so it is not decoded as text.
        fields = {}
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            fields[name] = urllib.parse.unquote_to_bytes(value)
        try:
            torrent, port = fields["info_hash"], int(fields["port"])
        except (KeyError, ValueError):
            return b"d14:failure reason11:bad requeste"
        with self.lock:
            self.announces += 1
            swarm = self.swarms.setdefault(torrent, set())
            # Seeds wait to be called: two that call each other at once hang up on both.
            found = set() if fields.get("left") == b"0" else swarm
            others = b"".join(socket.inet_aton(self.address) + p.to_bytes(2, "big")
                              for p in found if p != port)
            if fields.get("event") == b"stopped":
                swarm.discard(port)
            else:
                swarm.add(port)
        return (b"d8:intervali%de12:min intervali%de5:peers%d:" %
                (self.interval, self.interval, len(others)) + others + b"e")

    def with_announce(self, torrent):
        """The bytes of a .torrent with this tracker alone; its info dictionary untouched."""
        info = torrent[torrent.index(b"4:infod") + len(b"4:info"):]
        announce = self.url.encode()
        # Whatever stands behind the dictionary goes.
        return b"d8:announce%d:%s4:info" % (len(announce), announce) + info[:end_of(info)] + b"e"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def end_of(text, at=0):
    """Where the bencoded value ends that begins at `at`."""
    if text[at:at + 1] == b"i":
        return text.index(b"e", at) + 1
    if text[at:at + 1] in (b"d", b"l"):
        at += 1
        while text[at:at + 1] != b"e":
            at = end_of(text, at)
        return at + 1
    colon = text.index(b":", at)
    return colon + 1 + int(text[at:colon])
