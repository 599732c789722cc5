"""Feeds by list, from a file and from a web server."""

import functools
import http.server
import threading

from colport_harness import ColportTest, main, run, wait_for


class FollowLists(ColportTest):
    def feeds(self, daemon):
        return sorted(feed["name"] for feed in daemon.status()["feeds"])

    def newsrooms(self, count):
        seed = self.daemon("seed").start()
        links = []
        for number in range(count):
            press = self.press(f"news-{number}")
            press.add({"text": f"Article of newsroom {number}."})
            press.release()
            seed.colport("follow", press.public)
            links.append(press.link(seed.address))
        return links

    def test_a_file_is_kept_in_step_with(self):
        links = self.newsrooms(3)
        listed = self.work / "list"
        listed.write_text("# ours\n" + "\n".join(links[:2]) + "\n")
        mirror = self.daemon("mirror").start()
        mirror.colport("follow", "--list", listed)
        wait_for("two feeds", lambda: len(mirror.status()["feeds"]) == 2)
        wait_for("their articles", lambda: mirror.json("latest")["total"] == 2)
        mirror.stop()
        listed.write_text("\n".join(links[1:]) + "\n")
        mirror.start()
        wait_for("the new list", lambda: links[0] not in str(mirror.json("feeds")) and
                 mirror.json("latest")["total"] == 2 and len(mirror.status()["feeds"]) == 2)
        wait_for("its articles", lambda: "newsroom 2" in mirror.colport("latest").stdout or
                 mirror.json("search", "newsroom 2")["total"] == 1)
        listed.write_text("nonsense\n")
        wait_for("the complaint", lambda: "not a subscription link" in mirror.log.read_text())
        self.assertEqual(len(mirror.status()["feeds"]), 2)
        mirror.colport("unfollow", "--list", listed)
        self.assertEqual(len(mirror.status()["feeds"]), 2)

    def test_a_web_address_by_the_configuration(self):
        links = self.newsrooms(1)
        site = self.work / "site"
        site.mkdir()
        (site / "list.txt").write_text(links[0] + "\n")

        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=site))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        config = self.work / "mirror.conf"
        config.write_text(f"follow-list = http://127.0.0.1:{server.server_address[1]}/list.txt\n")
        mirror = self.daemon("mirror").start("--config", config)
        wait_for("the feed", lambda: mirror.json("latest")["total"] == 1)

    def test_wrong_usage_is_2(self):
        for words in (("follow",), ("follow", "x", "--list", "y"), ("unfollow",)):
            self.assertEqual(run("colport", "--data", self.work / "none", *words, ok=False).returncode,
                             2)
        done = run("colport", "--data", self.work / "none", "follow", "--list", "x", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("hint: colportd --follow-list", done.stderr)


if __name__ == "__main__":
    main()
