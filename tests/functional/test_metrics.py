"""What a mirror tells those who look after it."""

import json
import os
import re
import shutil
import subprocess

from colport_harness import SOURCE, ColportTest, http, main, need

PROMETHEUS = SOURCE / "packaging" / "prometheus"


def promtool(*args, text=""):
    done = subprocess.run(["promtool", *map(str, args)], input=text, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class Metrics(ColportTest):
    def setUp(self):
        super().setUp()
        press = self.press()
        press.add({"title": "The secret title", "text": "The ferry is late."})
        press.release()
        self.seed, self.reader = self.seed_and_reader(press)
        self.reader.wait_complete(1)

    def page(self):
        status, headers, body = http(self.reader.page + "metrics")
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        return body.decode()

    def test_metrics_are_well_formed_and_tell_nothing_private(self):
        page = self.page()
        feed = self.reader.feed()["feed"]
        self.assertIn(f'colport_feed_state{{feed="{feed}",state="current"}} 1\n', page)
        self.assertIn(f'colport_feed_state{{feed="{feed}",state="forked"}} 0\n', page)
        self.assertIn(f'colport_feed_release{{feed="{feed}"}} 1\n', page)
        self.assertIn("colport_feeds 1\n", page)
        for private in ("secret", "Harbour", self.seed.address, "127.0.0.1"):
            self.assertNotIn(private, page)
        told = {}
        for line in page.splitlines():
            comment = re.fullmatch(r"# (HELP|TYPE) (\w+) (.+)", line)
            sample = re.fullmatch(r'(\w+)(\{\w+="\w+"(?:,\w+="\w+")*\})? -?[\d.e+-]+', line)
            self.assertTrue(comment or sample, line)
            name = comment.group(2) if comment else sample.group(1)
            told.setdefault(name, []).append(comment.group(1) if comment else "sample")
        for name, lines in told.items():
            self.assertEqual(lines[:2], ["HELP", "TYPE"], name)
            self.assertIn("sample", lines)
            kind = re.search(rf"^# TYPE {name} (\w+)", page, re.M).group(1)
            self.assertEqual(kind == "counter", name.endswith("_total"), name)

    def test_promtool_agrees(self):
        need("promtool")
        self.assertEqual(promtool("check", "metrics", text=self.page()), (0, ""))

    def test_alerts_are_of_metrics_that_there_are(self):
        names = set(re.findall(r"^# TYPE (\w+)", self.page(), re.M))
        rules = (PROMETHEUS / "colport.rules.yml").read_text()
        for used in re.findall(r"\b(colport_\w+|process_\w+)", rules):
            self.assertIn(used, names)
        dashboard = json.loads((SOURCE / "packaging/grafana/colport.json").read_text())
        used = set(re.findall(r"\b(colport_\w+|process_\w+)", json.dumps(dashboard)))
        self.assertGreater(len(used), 10)
        self.assertEqual(used - names, set())
        places = [tuple(panel["gridPos"].values()) for panel in dashboard["panels"]]
        self.assertEqual(len(places), len(set(places)))

    def test_promtool_takes_the_alerts(self):
        need("promtool")
        folder = self.work / "rules"
        shutil.copytree(PROMETHEUS, folder)
        shutil.copy(SOURCE / "tests/support/alert_rules_test.yml", folder)
        code, said = promtool("check", "rules", folder / "colport.rules.yml")
        self.assertEqual(code, 0, said)
        code, said = promtool("test", "rules", folder / "alert_rules_test.yml")
        self.assertEqual(code, 0, said)

    def test_healthz_follows_the_engine(self):
        status, _, body = http(self.reader.page + "healthz")
        self.assertEqual((status, body), (200, b"ok\n"))

    def test_status_has_it_all(self):
        status = self.reader.status()
        self.assertEqual(set(status["disk"]),
                         {"free", "reserve", "full", "held", "quota", "feed_quota"})
        self.assertGreater(status["disk"]["held"], 0)
        self.assertEqual(status["feeds"][0]["bytes_held"], status["disk"]["held"])

    def test_log_lines_are_one_event_each(self):
        lines = self.reader.log.read_text().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"^colportd: \S")
            self.assertNotIn("secret", line)

    def test_the_journal_gets_priorities_and_levels_hold(self):
        config = self.work / "c.conf"
        config.write_text("log-level = error\n")
        os.environ["JOURNAL_STREAM"] = "8:1"
        try:
            other = self.daemon("other").start("--config", config)
        except AssertionError as error:
            self.fail(error)
        finally:
            del os.environ["JOURNAL_STREAM"]
        self.assertRegex(other.log.read_text(), r"^<6>colportd: reading page at http")
        self.assertNotIn("stopping", other.log.read_text() if other.stop() == 0 else "stopping")


if __name__ == "__main__":
    main()
