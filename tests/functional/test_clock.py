"""A clock that is set while daemons run."""

import struct
import subprocess
import time

from colport_harness import SOURCE, ColportTest, free_port, main, need

DAY = 86400


class Clock(ColportTest):
    def setUp(self):
        super().setUp()
        need("cc")
        self.library = self.work / "moved_clock.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", self.library,
                        SOURCE / "tests/support/moved_clock.c"], check=True)

    def moved(self, daemon, days):
        """A daemon whose clock set() moves."""
        clock = self.work / f"{daemon.data.name}.clock"
        clock.write_bytes(struct.pack("=q", days * DAY))
        daemon.wrap = ["env", f"LD_PRELOAD={self.library}", f"MOVED_CLOCK={clock}"]

        def set_clock(days):
            with open(clock, "r+b") as file:
                file.write(struct.pack("=q", days * DAY))
        return set_clock

    def pair(self, press):
        """A seed and a reader of it, each with what moves its clock; nine days ahead."""
        # On ports of their own, as a daemon has it: who listens elsewhere is not found.
        seed, reader = (self.daemon(name, "--listen", f"127.0.0.1:{free_port()}")
                        for name in ("seed", "reader"))
        set_seed, set_reader = self.moved(seed, 9), self.moved(reader, 9)
        seed.start("--follow", press.public)
        reader.start("--follow", press.link(seed.address))
        reader.wait_complete(1)
        return seed, reader, set_seed, set_reader

    def test_a_clock_that_was_elsewhere_for_a_moment_stops_nobody(self):
        press = self.press()
        press.add({"text": "One."})
        press.release()
        seed, reader, _, set_reader = self.pair(press)
        set_reader(3)
        time.sleep(0.6)   # some ticks of libtorrent, and at most one look at the clock
        set_reader(9)
        seed.stop()
        seed.start()
        press.add({"text": "Two."})
        press.release()
        reader.wait_complete(2, 30)

    def test_a_clock_that_is_set_back_stops_neither_the_seed_nor_the_reader(self):
        press = self.press()
        press.add({"text": "One."})
        press.release()
        _, reader, set_seed, set_reader = self.pair(press)
        set_seed(3)
        set_reader(3)
        press.add({"text": "Two."})
        press.release()
        reader.wait_complete(2, 30)
        set_seed(9)
        set_reader(9)
        press.add({"text": "Three."})
        press.release()
        reader.wait_complete(3, 30)


if __name__ == "__main__":
    main()
