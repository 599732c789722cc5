"""A tracker that answers with a peer by name: whoever looks the name up is seen.

    naming_tracker.py IP:PORT NAME
"""

import http.server
import sys

address, name = sys.argv[1:]
host, port = address.rsplit(":", 1)
peer = b"d2:ip%d:%s7:peer id20:%s4:porti7001ee" % (len(name), name.encode(), b"x" * 20)
ANSWER = b"d8:intervali60e5:peersl" + peer + b"ee"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)
        print("asked", flush=True)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
print("ready", flush=True)
server.serve_forever()
