"""Stock tools agree with us: BitTorrent clients, minisign and zstd."""

import http.server
import socket
import subprocess
import threading

from colport_harness import ColportTest, free_port, main, need, wait_for, words


class StockClients(ColportTest):
    def setUp(self):
        super().setUp()
        self.newsroom = self.press()
        for batch in range(2):
            self.newsroom.add(*({"text": words(900, (batch, n))} for n in range(40)))
            self.newsroom.release()
        self.newsroom.add_samples()
        self.newsroom.release()
        self.volume = self.newsroom.public / "volumes" / "0001"
        self.torrent = self.newsroom.public / "volumes" / "0001.torrent"

    def expect_volume(self, process, folder, seconds=60):
        def complete():
            return all((folder / path.name).is_file()
                       and (folder / path.name).read_bytes() == path.read_bytes()
                       for path in self.volume.iterdir())
        try:
            wait_for("the stock client", complete, seconds)
        finally:
            process.terminate()
            process.wait(20)

    def torrent_with(self, tracker):
        """The torrent as published, with a tracker put in front."""
        announce = f"http://127.0.0.1:{tracker.port}/announce".encode()
        out = self.work / "with-tracker.torrent"
        out.write_bytes(b"d8:announce%d:%s" % (len(announce), announce)
                        + self.torrent.read_bytes()[1:])
        return out

    def test_aria2(self):
        need("aria2c")
        seed = self.daemon("seed").start("--follow", self.newsroom.public)
        seed.wait_release(3)
        tracker = self.start_tracker(seed.address)
        folder = self.work / "aria2"
        folder.mkdir()
        process = subprocess.Popen(
            ["aria2c", "--no-conf", "--enable-dht=false", "--enable-dht6=false",
             "--bt-enable-lpd=false", "--enable-peer-exchange=false", "--seed-time=0",
             f"--listen-port={free_port()}", "--dir", str(folder),
             str(self.torrent_with(tracker))],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.expect_volume(process, folder / "0001")

    def test_transmission(self):
        need("transmission-cli")
        folder = self.work / "transmission"
        config = self.work / "transmission-config"
        folder.mkdir()
        config.mkdir()
        (config / "settings.json").write_text(
            '{"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, '
            '"utp-enabled": false, "port-forwarding-enabled": false, '
            '"bind-address-ipv4": "127.0.0.1", "rpc-enabled": false}')
        port = free_port()
        process = subprocess.Popen(
            ["transmission-cli", "-g", str(config), "-w", str(folder), "-M", "-p", str(port),
             str(self.torrent)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("transmission to listen", lambda: self.listens(port))
        # Transmission never calls a loopback address: the seed calls it instead.
        self.daemon("seed", "--peer", f"127.0.0.1:{port}").start("--follow", self.newsroom.public)
        self.expect_volume(process, folder / "0001", seconds=90)

    def listens(self, port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def start_tracker(self, peer):
        """The smallest HTTP tracker: names one peer to everybody."""
        class Tracker(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host, port = peer.rsplit(":", 1)
                peers = socket.inet_aton(host) + int(port).to_bytes(2, "big")
                body = b"d8:intervali60e5:peers6:" + peers + b"e"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracker)
        server.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def test_minisign(self):
        need("minisign")
        key = next((self.newsroom.public / "signing").glob("*.pub"))
        subprocess.run(["minisign", "-V", "-q", "-p", key, "-m", self.torrent], check=True)
        tampered = self.work / "tampered.torrent"
        tampered.write_bytes(self.torrent.read_bytes()[:-2] + b"xe")
        done = subprocess.run(["minisign", "-V", "-q", "-p", key, "-m", tampered, "-x",
                               str(self.torrent) + ".minisig"], capture_output=True)
        self.assertNotEqual(done.returncode, 0)

    def test_zstd(self):
        need("zstd")
        bundles = sorted(self.volume.glob("*.zst"))
        self.assertGreaterEqual(len(bundles), 4)
        for bundle in bundles:
            subprocess.run(["zstd", "-q", "-t", bundle], check=True)
            out = subprocess.run(["zstd", "-q", "-dc", bundle], check=True, capture_output=True)
            self.assertGreater(len(out.stdout), 100)

    def test_zstd_with_the_feeds_dictionary(self):
        need("zstd")
        self.newsroom.add(*({"text": "Common words of every harbour article. " + words(300, n)}
                            for n in range(300)))
        self.newsroom.release()
        packed = next(self.volume.glob("*.dict.zst"))
        dictionary = self.work / "words.dict"
        subprocess.run(["zstd", "-q", "-d", packed, "-o", dictionary], check=True)
        bundle = sorted(self.volume.glob("*.articles.zst"))[-1]
        out = subprocess.run(["zstd", "-q", "-dc", "-D", dictionary, bundle], check=True,
                             capture_output=True)
        self.assertIn(b"Common words of every harbour article.", out.stdout)


if __name__ == "__main__":
    main()
