"""All DHT nodes that a reader can reach belong to whoever wants her to read old news."""

from colport_harness import ColportTest, main, wait_for, words
from lying_dht import LyingDht, head_item


class Eclipse(ColportTest):
    def test_gossip_brings_what_the_dht_hides(self):
        press = self.press()
        press.add_samples()
        press.release()
        dht = LyingDht(head_item((press.public / "head").read_bytes()))
        self.addCleanup(dht.stop)
        press.add({"text": words(300, "second")})
        press.release()

        seed = self.daemon("seed").start("--follow", press.public)
        reader = self.daemon("reader", "--dht-router", dht.router)
        reader.dht = True
        reader.start("--follow", press.link(seed.address))
        reader.wait_release(2)
        wait_for("the old head from the DHT", lambda: reader.carrier("dht")["state"] == "works")
        self.assertGreater(dht.asked, 0)
        press.add({"text": words(300, "third")})
        press.release()
        reader.wait_release(3)
        self.assertEqual(reader.feed()["problem"], "")

        # Alone with the liar she keeps what she has.
        seed.stop()
        reader.stop()
        asked = dht.asked
        reader.start()
        wait_for("the old head again", lambda: dht.asked > asked
                 and reader.carrier("dht")["state"] == "works")
        self.assertEqual(reader.feed()["seq"], 3)


if __name__ == "__main__":
    main()
