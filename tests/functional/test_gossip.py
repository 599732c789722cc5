"""Followers hand a release on, each to the next, with no other carrier."""

import time

from colport_harness import main, wait_for
from lab_test import LabTest
from network_namespaces import all_but

FOLLOWERS = 8


class Gossip(LabTest):
    def test_a_release_travels_along_a_line_of_followers(self):
        press = self.sample_press()
        hosts = [self.lab.add_host(f"host{n}") for n in range(FOLLOWERS + 1)]
        for n, host in enumerate(hosts):
            neighbours = hosts[max(n - 1, 0):n] + hosts[n + 1:n + 2]
            self.lab.block(host, *all_but(*neighbours))
        self.assertFalse(hosts[2].reaches(hosts[0].address, 7001))
        seed = self.seed_on(hosts[0], press)
        line = [seed]
        for host in hosts[1:]:
            follower = self.daemon_on(host)
            line.append(follower.start("--follow", press.link(line[-1].address)))
        for follower in line[1:]:
            follower.wait_release(1)
        begin = time.monotonic()
        self.add_news(press, "harbourmaster")
        released = time.monotonic()
        times = []
        for daemon in line:
            wait_for(f"release 2 at {daemon.data.name}", lambda: daemon.feed()["seq"] >= 2, 60)
            times.append(time.monotonic() - released)
        self.assert_finds(line[-1], "harbourmaster")
        hops = [later - earlier for earlier, later in zip(times, times[1:])]
        print(f"release made in {released - begin:.2f} s; taken up by the seed after "
              f"{times[0]:.2f} s; hops: " + ", ".join(f"{hop:.2f}" for hop in hops) + " s")
        # A hop takes a fraction of a second; one that waits for a second try takes five.
        self.assertLess(times[-1] - times[0], 2 * FOLLOWERS)
        for n, daemon in enumerate(line):
            self.assertLessEqual(daemon.feed()["peers"], 1 if n in (0, FOLLOWERS) else 2)


if __name__ == "__main__":
    main()
