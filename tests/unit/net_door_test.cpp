#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "core/crypto.h"
#include "core/limits.h"
#include "feed/door.h"
#include "support/swarm_node.h"

using namespace colport;
using namespace colport::test;

namespace {

struct DoorPair {
    DoorPair() {
        const auto door = door_of(test_feed);
        hash = door.info_hash;
        write(folder.path / door_file_name, door.content);
        request.info = door.info;
        request.save_path = folder.path;
        request.have = {true};
        request.door = true;
        REQUIRE(here.swarm->add(request).ok());
        REQUIRE(there.swarm->add(request).ok());
        here.wait_until_seeding(hash);
        there.wait_until_seeding(hash);
    }

    /// The numbers under which the two know each other.
    std::pair<PeerNumber, PeerNumber> meet() {
        there.swarm->connect(hash, here.address);
        const auto seen_here = here.wait<PeerJoined>();
        const auto seen_there = there.wait<PeerJoined>();
        CHECK(seen_here.door == hash);
        CHECK(seen_here.address == there.address);
        CHECK(seen_there.address == here.address);
        return {seen_here.peer, seen_there.peer};
    }

    /// As if the other daemon had been started anew on its port.
    void call_again() {
        there.swarm->remove(hash);
        REQUIRE(there.swarm->add(request).ok());
        there.swarm->connect(hash, here.address);
    }

    Folder folder;
    TorrentRequest request;
    InfoHash hash;
    Node here;
    Node there;
};

/// A TCP connection of bytes that no libtorrent would send.
class Socket {
public:
    explicit Socket(const std::string& address) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(static_cast<std::uint16_t>(
            std::stoi(address.substr(address.rfind(':') + 1))));
        REQUIRE(::connect(descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { close(descriptor_); }

    void send(const std::string& bytes) const {
        (void)::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    /// Shakes hands at a door, as a peer that listens on `port`.
    void open_door(const InfoHash& door, int port) const {
        send("\x13" "BitTorrent protocol" + std::string("\0\0\0\0\0\x10\0\0", 8) + door.str() +
             "-XX0001-" + random_bytes(6).substr(0, 6) + "abcdef");
        extended(0, "d1:md9:colport_1i7ee1:pi" + std::to_string(port) + "ee");
    }
    static std::string frame(std::size_t claimed, int id, const std::string& body) {
        const auto length = htonl(static_cast<std::uint32_t>(claimed + 2));
        return std::string(reinterpret_cast<const char*>(&length), 4) + '\x14' +
               static_cast<char>(id) + body;
    }
    void extended(int id, const std::string& body) const { send(frame(body.size(), id, body)); }

private:
    int descriptor_;
};
// The number that our side gives messages of the extension in its handshake.
constexpr int door_message = 42;

double round_trip(DoorPair& doors, PeerNumber to_there, PeerNumber to_here) {
    const auto start = Clock::now();
    doors.here.swarm->send(to_there, "ping");
    CHECK(doors.there.wait<PeerMessage>().message == "ping");
    doors.there.swarm->send(to_here, "pong");
    CHECK(doors.here.wait<PeerMessage>().message == "pong");
    return milliseconds_since(start);
}

}  // namespace

TEST_CASE("A door that hung up calls again when it is told to") {
    DoorPair doors;
    doors.meet();
    doors.there.swarm->hang_up(doors.hash);
    doors.here.wait<PeerLeft>();
    doors.there.wait<PeerLeft>();
    CHECK(!doors.there.find<PeerJoined>(2500ms));
    doors.meet();
}

TEST_CASE("peers that call each other at once stay together") {
    Node here, there;
    Folder folder;
    std::vector<InfoHash> hashes;
    for (int n = 0; n < 12; ++n) {
        const auto door = door_of(*PublicKey::from(sha256(std::to_string(n)).view()));
        TorrentRequest request;
        request.info = door.info;
        request.save_path = folder.path / std::to_string(n);
        write(request.save_path / door_file_name, door.content);
        request.have = {true};
        request.door = true;
        hashes.push_back(door.info_hash);
        for (auto* node : {&here, &there}) REQUIRE(node->swarm->add(request).ok());
    }
    for (auto* node : {&here, &there})
        for (const auto& hash : hashes) node->wait_until_seeding(hash);
    for (const auto& hash : hashes) {
        here.swarm->connect(hash, there.address);
        there.swarm->connect(hash, here.address);
    }
    std::this_thread::sleep_for(2s);
    for (auto* node : {&here, &there}) {
        std::map<InfoHash, int> together;
        while (const auto joined = node->find<PeerJoined>(0ms)) ++together[joined->door];
        while (const auto left = node->find<PeerLeft>(0ms)) --together[left->door];
        for (const auto& hash : hashes) CHECK(together[hash] == 1);
    }
    // Not by calling each other again and again.
    for (auto* node : {&here, &there}) CHECK_FALSE(node->find<PeerLeft>(1500ms));
}

TEST_CASE("peers at a door exchange messages both ways") {
    DoorPair doors;
    const auto start = Clock::now();
    const auto [to_there, to_here] = doors.meet();
    const auto met = milliseconds_since(start);
    std::vector<double> times;
    for (int i = 0; i < 20; ++i) times.push_back(round_trip(doors, to_there, to_here));
    std::sort(times.begin(), times.end());
    WARN("met after " << met << " ms; round trip median " << times[10] << " ms, slowest "
                      << times.back() << " ms");

    SECTION("the largest message arrives whole, in order with the others") {
        const auto large = random_bytes(limits::gossip_message);
        doors.here.swarm->send(to_there, large);
        doors.here.swarm->send(to_there, "");
        CHECK(doors.there.wait<PeerMessage>().message == large);
        CHECK(doors.there.wait<PeerMessage>().message.empty());
    }
    SECTION("seeds stay connected") {
        CHECK_FALSE(doors.here.find<PeerLeft>(3s));
        round_trip(doors, to_there, to_here);
    }
    SECTION("who goes away has left, once") {
        doors.there.swarm.reset();
        CHECK(doors.here.wait<PeerLeft>().peer == to_there);
        CHECK_FALSE(doors.here.find<PeerLeft>(300ms));
        doors.here.swarm->send(to_there, "nobody");
    }
    SECTION("who is banned has left and is refused when it calls again") {
        doors.here.swarm->ban(to_there, "lied");
        CHECK(doors.here.wait<PeerLeft>().peer == to_there);
        doors.call_again();
        CHECK_FALSE(doors.here.find<PeerJoined>(1500ms));
    }
    SECTION("who went away without a ban may come back") {
        doors.call_again();
        CHECK(doors.here.wait<PeerJoined>().peer != to_there);
    }
}

TEST_CASE("a peer that floods a door is cut off") {
    DoorPair doors;
    const auto [to_there, to_here] = doors.meet();
    for (int i = 0; i < 150; ++i) doors.there.swarm->send(to_here, "again");
    CHECK_FALSE(doors.here.find<PeerLeft>(500ms));
    int arrived = 0;
    while (doors.here.find<PeerMessage>(0ms)) ++arrived;
    CHECK(arrived >= 60);
    CHECK(arrived < 150);

    for (int i = 0; i < 300; ++i) doors.there.swarm->send(to_here, "and again");
    CHECK(doors.here.wait<PeerLeft>().peer == to_there);
}

TEST_CASE("hostile bytes at a door") {
    DoorPair doors;
    const Socket peer(doors.here.address);
    peer.open_door(doors.hash, 7777);
    const auto joined = doors.here.wait<PeerJoined>();
    CHECK(joined.address == "127.0.0.1:7777");

    SECTION("a message is delivered once, when it is complete") {
        const auto bytes = Socket::frame(10, door_message, "0123456789");
        peer.send(bytes.substr(0, 9));
        CHECK_FALSE(doors.here.find<PeerMessage>(200ms));
        peer.send(bytes.substr(9));
        CHECK(doors.here.wait<PeerMessage>().message == "0123456789");
        CHECK_FALSE(doors.here.find<PeerMessage>(0ms));
    }
    SECTION("a message over the limit bans before it is complete") {
        peer.send(Socket::frame(limits::gossip_message + 1, door_message, "begins"));
        CHECK(doors.here.wait<PeerLeft>().peer == joined.peer);
        CHECK_FALSE(doors.here.find<PeerMessage>(0ms));
        const Socket again(doors.here.address);
        again.open_door(doors.hash, 7777);
        CHECK_FALSE(doors.here.find<PeerJoined>(500ms));
        const Socket other(doors.here.address);
        other.open_door(doors.hash, 7778);
        CHECK(doors.here.wait<PeerJoined>().address == "127.0.0.1:7778");
    }
    SECTION("a second handshake changes nothing") {
        peer.extended(0, "d1:md9:colport_1i0ee1:pi1ee");
        peer.extended(0, "d1:m4:what1:pi99999999ee");
        peer.extended(door_message, "still here");
        CHECK(doors.here.wait<PeerMessage>().message == "still here");
        CHECK_FALSE(doors.here.find<PeerJoined>(0ms));
    }
    SECTION("answers that nobody reads do not pile up") {
        for (int i = 0; i < 2000; ++i)
            doors.here.swarm->send(joined.peer, std::string(limits::gossip_message, 'x'));
        peer.extended(door_message, "alive");
        CHECK(doors.here.wait<PeerMessage>().message == "alive");
    }
}

TEST_CASE("a peer without the extension is no peer of the door") {
    DoorPair doors;
    Node stock;
    auto plain = doors.request;
    plain.door = false;
    REQUIRE(stock.swarm->add(plain).ok());
    stock.swarm->connect(doors.hash, doors.here.address);
    CHECK_FALSE(doors.here.find<PeerJoined>(1500ms));
    CHECK_FALSE(doors.here.find<PeerLeft>(0ms));
}
