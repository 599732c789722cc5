"""Two peers: everything arrives over BitTorrent, and updates cost what is new."""

import re
import socket
import threading
import time
import unittest

from colport_harness import ColportTest, free_port, http, main, run, wait_for, words

BLOCK = 16 * 1024
PIECE = 256 * 1024


class Sync(ColportTest):
    def test_a_reader_follows_by_link_and_has_it_all(self):
        press = self.press()
        press.add_samples()
        release = press.release()
        self.assertEqual(release["articles"], 12)
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)

        feeds = reader.json("feeds")
        self.assertEqual((feeds[0]["name"], feeds[0]["seq"], feeds[0]["articles"]),
                         ("The Harbour Gazette", 1, 12))
        own = reader.data / "feeds" / feeds[0]["feed"]
        self.assert_same_tree(press.public / "volumes" / "0001", own / "volumes" / "0001")
        run("colport-press", "verify", press.public)

        hits = reader.json("search", "ferry")["hits"]
        self.assertTrue(hits)
        article = reader.json("read", hits[0]["id"][:12])
        self.assertIn("ferry", article["text"].lower())
        status, headers, body = http(reader.page)
        self.assertEqual(status, 200)
        self.assertIn(b"The Harbour Gazette", body)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(http(reader.page, Host="evil.example")[0], 421)

        # Reading goes on when no daemon runs.
        self.assertEqual(reader.stop(), 0)
        self.assertEqual(reader.json("search", "ferry")["hits"][0]["id"], hits[0]["id"])
        self.assertEqual(reader.json("read", hits[0]["id"])["title"], article["title"])
        self.assertEqual(reader.json("latest")["total"], 12)
        self.assertEqual(seed.stop(), 0)

    def test_a_peer_that_was_away_long_is_found_again(self):
        press = self.press()
        press.add_samples()
        press.release()
        address = f"127.0.0.1:{free_port()}"
        reader = self.daemon("reader").start("--follow", press.link(address))
        time.sleep(12)  # several refused connections
        self.daemon("seed", "--listen", address).start("--follow", press.public)
        reader.wait_release(1, seconds=70)

    def test_who_hangs_up_is_called_less_and_less(self):
        press = self.press()
        press.add_samples()
        press.release()
        calls = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            def hang_up():
                while True:
                    try:
                        caller, _ = server.accept()
                    except OSError:
                        return
                    calls.append(time.monotonic())
                    time.sleep(0.05)
                    caller.close()
            thread = threading.Thread(target=hang_up)
            thread.start()
            begun = time.monotonic()
            address = "%s:%s" % server.getsockname()
            self.daemon("seed", "--peer", address).start("--follow", press.public)
            time.sleep(22)
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
        calls = [round(at - begun, 1) for at in calls]
        self.assertLessEqual(2, len(calls))
        self.assertLess(len(calls), 20, calls)
        late = [at for at in calls if at > 10]
        self.assertLess(len(late), 6, calls)
        # At the door and in the volume, but not at once.
        self.assertTrue(late and all(b - a > 0.5 for a, b in zip(late, late[1:])), calls)

    def test_readers_who_have_each_other_still_look_for_the_publisher(self):
        press = self.press()
        press.add_samples()
        press.release()
        address = f"127.0.0.1:{free_port()}"
        seed = self.daemon("seed", "--listen", address).start("--follow", press.public)
        one = self.daemon("one").start("--follow", press.link(address))
        other = self.daemon("other").start("--follow", press.link(address, one.address))
        for reader in (one, other):
            reader.wait_release(1)
        wait_for("the readers to meet", lambda: other.feed()["peers"] == 2)
        seed.stop()
        time.sleep(12)
        press.add({"text": words(300, "tide")})
        press.release()
        self.daemon("new-seed", "--listen", address).start("--follow", press.public)
        for reader in (one, other):
            reader.wait_release(2, seconds=70)

    def test_pictures_are_served_from_the_bundles(self):
        press = self.press()
        press.add_samples()
        press.release()
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        found = []
        for hit in reader.json("latest", "--limit", "50")["hits"]:
            page = http(reader.page + "article/" + hit["id"])[2].decode()
            found += re.findall(r'src="(/picture/[0-9a-f]{64})"', page)
        self.assertEqual(len(set(found)), 2)
        for path in found:
            status, headers, body = http(reader.page.rstrip("/") + path)
            self.assertEqual(status, 200)
            self.assertEqual(headers["Content-Type"], "image/webp")
            self.assertGreater(len(body), 1000)

    def test_a_second_release_costs_what_is_new(self):
        press = self.press()
        press.add(*({"text": words(700, n)} for n in range(400)))
        press.release()
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        time.sleep(2.5)  # counters are taken once a second
        before, seed_before = reader.status(), seed.status()

        old = {path.name for path in press.volume_files()}
        press.add({"title": "The second tide", "text": words(300, "new")})
        press.release()
        begin = time.monotonic()
        reader.wait_release(2, seconds=5)
        took = time.monotonic() - begin
        time.sleep(2.5)
        after, seed_after = reader.status(), seed.status()

        new = [path for path in press.volume_files() if path.name not in old]
        self.assertEqual(len(new), 1)
        size = new[0].stat().st_size
        received = after["bytes_received"] - before["bytes_received"]
        print(f"one-article release: bundle {size} bytes, received {received} bytes, "
              f"{took:.2f} s")
        self.assertLessEqual(received, size + 32 * 1024)
        new_blocks = PIECE // BLOCK
        self.assertLessEqual(after["blocks_read"] - before["blocks_read"], new_blocks)
        self.assertLessEqual(seed_after["blocks_read"] - seed_before["blocks_read"], new_blocks)
        feed = after["feeds"][0]
        self.assertEqual(feed["pieces_have"], feed["pieces_total"])
        self.assertEqual(reader.json("search", "tide")["total"], 1)

    def test_a_peer_that_was_off_catches_up(self):
        press = self.press()
        press.add({"title": "First", "text": words(200, 1)})
        press.release()
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        reader.stop()
        for title in ("Second", "Third"):
            press.add({"title": title, "text": words(200, title)})
            press.release()
        seed.wait_release(3)
        reader.start()
        reader.wait_release(3)
        self.assertEqual(reader.json("latest")["total"], 3)

    def test_a_restart_takes_up_without_checking_again(self):
        press = self.press()
        press.add(*({"text": words(700, n)} for n in range(200)))
        press.release()
        address = f"127.0.0.1:{free_port()}"
        seed = self.daemon("seed", "--listen", address).start("--follow", press.public)
        reader = self.daemon("reader").start("--follow", press.link(address))
        reader.wait_release(1)
        for daemon in (seed, reader):
            self.assertEqual(daemon.stop(), 0)
        seed.start()
        reader.start()
        wait_for("the peers to meet", lambda: reader.feed()["peers"] > 0)
        time.sleep(2.5)
        for daemon in (seed, reader):
            status = daemon.status()
            self.assertEqual(status["blocks_read"], 0)
            self.assertEqual(status["payload_received"], 0)
            self.assertEqual(status["feeds"][0]["state"], "current")
            self.assertEqual(status["feeds"][0]["pieces_have"],
                             status["feeds"][0]["pieces_total"])

    def test_sealed_volumes_arrive_too(self):
        press = self.press()
        for n in range(3):
            press.add(*({"text": words(500, (n, m))} for m in range(20)))
            release = press.release("--volume-size", "20000")
        self.assertEqual(release["volume"], 3)
        run("colport-press", "verify", press.public)
        seed, reader = self.seed_and_reader(press)
        reader.wait_complete(3)
        self.assertEqual(reader.json("latest")["total"], 60)
        own = reader.data / "feeds" / reader.feed()["feed"]
        for number in (1, 2, 3):
            self.assert_same_tree(press.public / "volumes" / f"{number:04}",
                                  own / "volumes" / f"{number:04}")
        run("colport-press", "verify", press.public)

    def test_a_third_peer_fetches_from_the_second(self):
        press = self.press()
        press.add_samples()
        press.release()
        seed, reader = self.seed_and_reader(press)
        reader.wait_release(1)
        seed.stop()
        third = self.daemon("third").start("--follow", press.link(reader.address))
        third.wait_release(1)
        self.assertEqual(third.json("latest")["total"], 12)

    def test_follow_and_unfollow_with_a_running_daemon(self):
        press = self.press()
        press.add_samples()
        press.release()
        seed = self.daemon("seed").start("--follow", press.public)
        reader = self.daemon("reader").start()
        self.assertEqual(reader.json("feeds"), [])
        reader.colport("follow", press.link(seed.address))
        reader.wait_release(1)
        reader.colport("unfollow", "The Harbour Gazette")
        self.assertEqual(reader.json("feeds"), [])
        self.assertEqual(reader.json("latest")["total"], 0)

    def test_follow_without_a_daemon_is_remembered(self):
        press = self.press()
        press.add_samples()
        press.release()
        seed = self.daemon("seed").start("--follow", press.public)
        reader = self.daemon("reader")
        reader.colport("follow", press.link(seed.address))
        reader.start()
        reader.wait_release(1)


if __name__ == "__main__":
    main()
