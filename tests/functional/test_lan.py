"""Peers on one local network find each other with no address, tracker or DHT."""

from colport_harness import ColportTest, main
from network_namespaces import Network


class Lan(ColportTest):
    def test_local_service_discovery_finds_the_door(self):
        network = Network(self)
        press = self.press()
        press.add_samples()
        press.release()
        seed_host, seed_address = network.add_host("seed")
        reader_host, reader_address = network.add_host("reader")
        seed = self.daemon("seed", "--listen", f"{seed_address}:0", "--mode", "lan")
        seed.wrap = ["ip", "netns", "exec", seed_host]
        seed.lsd = True
        seed.start("--follow", press.public)
        reader = self.daemon("reader", "--listen", f"{reader_address}:0", "--mode", "lan")
        reader.wrap = ["ip", "netns", "exec", reader_host]
        reader.lsd = True
        reader.start("--follow", press.link())
        reader.wait_release(1)
        self.assertEqual(reader.json("latest")["total"], 12)


if __name__ == "__main__":
    main()
