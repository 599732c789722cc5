#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>

#include "core/crypto.h"
#include "core/limits.h"
#include "feed/door.h"
#include "metainfo/info_dictionary.h"
#include "net/swarm.h"

using namespace colport;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Real sockets on loopback, and what the swarm reported so far.
class Node {
public:
    explicit Node(Reach reach = Reach::open, const std::string& listen = "127.0.0.1:0") {
        SwarmSettings settings;
        settings.listen = {listen};
        settings.reach = reach;
        settings.dht = false;
        settings.lsd = false;
        auto made = make_libtorrent_swarm(settings, [this](SwarmEvent event) {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
            changed_.notify_all();
            return true;
        });
        REQUIRE(made.ok());
        swarm = std::move(made).value();
        address = wait<Listening>().address;
    }
    ~Node() { swarm.reset(); }

    /// The first event of the kind that fits and was not returned before.
    template <class Event>
    std::optional<Event> find(std::chrono::milliseconds patience,
                              const std::function<bool(const Event&)>& fits = {}) {
        std::unique_lock lock(mutex_);
        std::optional<Event> out;
        changed_.wait_for(lock, patience, [&] {
            for (auto at = events_.begin(); at != events_.end(); ++at) {
                const auto* event = std::get_if<Event>(&*at);
                if (event == nullptr || (fits && !fits(*event))) continue;
                out = *event;
                events_.erase(at);
                return true;
            }
            return false;
        });
        return out;
    }

    template <class Event>
    Event wait(const std::function<bool(const Event&)>& fits = {}) {
        auto out = find<Event>(10s, fits);
        REQUIRE(out.has_value());
        return *out;
    }

    SwarmStats stats() {
        swarm->request_stats();
        return wait<SwarmStats>();
    }

    TorrentStats stats_of(const InfoHash& torrent) {
        for (const auto& one : stats().torrents)
            if (one.torrent == torrent) return one;
        FAIL("the torrent is not there");
        return {};
    }

    std::unique_ptr<Swarm> swarm;
    std::string address;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<SwarmEvent> events_;
};

struct Folder {
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "colport-net-XXXXXX";
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& content) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
}

const PublicKey test_feed = *PublicKey::from(std::string(32, 'k'));

/// A volume in `folder` and the releases of it.
struct Volume {
    explicit Volume(std::filesystem::path folder) : save_path(std::move(folder)) {
        info.feed = test_feed;
        info.volume = 1;
    }

    void release(const std::vector<std::size_t>& sizes) {
        for (const auto size : sizes) {
            const auto name = "bundle-" + std::to_string(1000 + info.files.size()) + ".zst";
            const auto content = random_bytes(size);
            write(save_path / "0001" / name, content);
            info.files.push_back({name, size, sha256(content)});
            info.pieces += hash_pieces(save_path / "0001" / name).value();
        }
        ++info.seq;
    }

    [[nodiscard]] TorrentRequest request(const std::filesystem::path& folder,
                                         std::size_t held) const {
        TorrentRequest out;
        out.info = encode(info);
        out.save_path = folder;
        out.have.assign(info.piece_count(), false);
        std::fill_n(out.have.begin(), held, true);
        return out;
    }
    [[nodiscard]] TorrentRequest request_all() const {
        return request(save_path, info.piece_count());
    }
    [[nodiscard]] InfoHash hash() const { return info_hash(encode(info)); }

    std::filesystem::path save_path;
    InfoDictionary info;
};

/// Every file of the volume must be on disk and whole the moment it is reported.
void expect_files(Node& node, const Volume& volume, const std::filesystem::path& folder,
                  std::size_t first = 0) {
    for (std::size_t i = first; i < volume.info.files.size(); ++i) {
        const auto done = node.wait<FileCompleted>();
        const auto found = std::find_if(volume.info.files.begin(), volume.info.files.end(),
                                        [&](const auto& file) { return file.name == done.name; });
        REQUIRE(found != volume.info.files.end());
        CHECK(done.torrent == volume.hash());
        CHECK(sha256(content_of(folder / "0001" / done.name)) == found->sha256);
    }
    CHECK_FALSE(node.find<FileCompleted>(0ms));
}

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

TEST_CASE("a volume travels whole, and each file is on disk when it is reported") {
    Folder source, target;
    Volume volume(source.path);
    volume.release({300'000, 1, limits::piece_length, 3'000'000, 77, 8'000'000, 5, 5, 5});
    Node publisher, reader;
    REQUIRE(publisher.swarm->add(volume.request_all()).ok());
    auto request = volume.request(target.path, 0);
    request.peers = {publisher.address};
    const auto start = Clock::now();
    REQUIRE(reader.swarm->add(request).ok());
    expect_files(reader, volume, target.path);
    WARN("11.5 MB in " << milliseconds_since(start) << " ms");
    const auto stats = reader.stats_of(volume.hash());
    CHECK(stats.pieces_have == stats.pieces_total);
    CHECK(stats.seeding);
}

TEST_CASE("a release brings what is new and touches nothing old") {
    Folder source, target;
    Volume volume(source.path);
    volume.release({2'000'000, 500'000});
    Node publisher, reader;
    REQUIRE(publisher.swarm->add(volume.request_all()).ok());
    auto request = volume.request(target.path, 0);
    request.peers = {publisher.address};
    REQUIRE(reader.swarm->add(request).ok());
    expect_files(reader, volume, target.path);
    const auto old_release = volume.hash();
    const auto old_pieces = volume.info.piece_count();
    const auto publisher_before = publisher.stats();
    const auto reader_before = reader.stats();

    const std::size_t new_size = 60'123;
    volume.release({new_size});
    REQUIRE(publisher.swarm->add(volume.request_all()).ok());
    auto next = volume.request(target.path, old_pieces);
    next.peers = {publisher.address};
    REQUIRE(reader.swarm->add(next).ok());
    expect_files(reader, volume, target.path, 2);

    const auto publisher_after = publisher.stats();
    const auto reader_after = reader.stats();
    const auto received = reader_after.bytes_received - reader_before.bytes_received;
    WARN("received " << received << " bytes for " << new_size << "; blocks read by publisher "
                     << publisher_after.blocks_read - publisher_before.blocks_read
                     << ", by reader " << reader_after.blocks_read - reader_before.blocks_read);
    CHECK(received <= static_cast<std::int64_t>(new_size + 32 * 1024));
    // libtorrent may read the one new piece back to hash it.
    CHECK(reader_after.blocks_hashed - reader_before.blocks_hashed <= 16);
    CHECK(reader_after.blocks_read - reader_before.blocks_read <= 16);
    CHECK(publisher_after.blocks_hashed == publisher_before.blocks_hashed);

    SECTION("and both releases go on being served from the same files") {
        Folder third;
        Node late;
        auto old = volume;
        old.info.files.pop_back();
        old.info.pieces.resize(20 * old_pieces);
        --old.info.seq;
        REQUIRE(old.hash() == old_release);
        auto wanted = old.request(third.path, 0);
        wanted.peers = {reader.address};
        REQUIRE(late.swarm->add(wanted).ok());
        expect_files(late, old, third.path);
        auto newest = volume.request(third.path, old_pieces);
        newest.peers = {reader.address};
        REQUIRE(late.swarm->add(newest).ok());
        expect_files(late, volume, third.path, 2);
    }
}

TEST_CASE("a file that was to be held and is gone is fetched and reported") {
    Folder source, target;
    Volume volume(source.path);
    volume.release({400'000, 10'000});
    std::filesystem::create_directories(target.path / "0001");
    const auto& kept = volume.info.files[0];
    std::filesystem::copy_file(source.path / "0001" / kept.name, target.path / "0001" / kept.name);
    Node publisher, reader;
    REQUIRE(publisher.swarm->add(volume.request_all()).ok());
    auto request = volume.request(target.path, volume.info.piece_count());
    request.peers = {publisher.address};
    REQUIRE(reader.swarm->add(request).ok());
    const auto& gone = volume.info.files[1].name;
    reader.wait<FileCompleted>([&](const auto& file) { return file.name == gone; });
    CHECK(content_of(target.path / "0001" / gone) == content_of(source.path / "0001" / gone));
}

TEST_CASE("what is held is served without reading or hashing it first") {
    Folder source;
    Volume volume(source.path);
    volume.release({5'000'000});
    Node node;
    REQUIRE(node.swarm->add(volume.request_all()).ok());
    const auto start = Clock::now();
    while (!node.stats_of(volume.hash()).seeding) REQUIRE(milliseconds_since(start) < 5000);
    const auto stats = node.stats();
    CHECK(stats.blocks_read == 0);
    CHECK(stats.blocks_hashed == 0);
}

TEST_CASE("info dictionaries that libtorrent must not see are refused") {
    Folder folder;
    Node node;
    TorrentRequest request;
    request.save_path = folder.path;
    const auto refused = [&](const std::string& info) {
        request.info = info;
        const auto status = node.swarm->add(request);
        return !status.ok() && status.error().code == Errc::corrupt;
    };
    const std::string pieces = "6:pieces20:" + std::string(20, 'x');
    const std::string sound = "d6:lengthi9e4:name1:a12:piece lengthi262144e" + pieces + "e";
    CHECK(refused("d6:lengthi9e12:meta versioni2e4:name1:a12:piece lengthi262144e" + pieces + "e"));
    CHECK(refused("d9:file treed1:ad0:d6:lengthi9eeee12:meta versioni2e4:name1:a"
                  "12:piece lengthi262144ee"));
    CHECK(refused(""));
    CHECK(refused("i1e"));
    CHECK(refused(sound + "4:evil3:abc"));
    CHECK(refused(sound.substr(0, sound.size() - 1)));
    CHECK(refused("d4:name" + std::string(200, 'l') + std::string(200, 'e') + "e"));
    CHECK(refused("d4:name1048576:" + std::string(limits::info_dictionary, 'a') + "e"));

    request.info = sound;
    REQUIRE(node.swarm->add(request).ok());
    const auto again = node.swarm->add(request);
    REQUIRE_FALSE(again.ok());
    CHECK(again.error().code == Errc::exists);
    node.swarm->remove(info_hash(sound));
    CHECK(node.swarm->add(request).ok());
}

TEST_CASE("addresses that cannot be used are refused") {
    for (const std::string address : {"", "127.0.0.1", "localhost:1", "::1:80", "1.2.3.4:65536",
                                      "127.0.0.1:x", "[127.0.0.1]:1", ":1"}) {
        SwarmSettings settings;
        settings.listen = {address};
        settings.dht = settings.lsd = false;
        const auto made = make_libtorrent_swarm(settings, [](SwarmEvent) { return true; });
        CAPTURE(address);
        REQUIRE_FALSE(made.ok());
        CHECK(made.error().code == Errc::invalid);
    }
}

TEST_CASE("a port that is taken is reported") {
    Node first;
    SwarmSettings settings;
    settings.listen = {first.address};
    settings.dht = settings.lsd = false;
    std::mutex mutex;
    std::condition_variable changed;
    std::string failed;
    const auto second = make_libtorrent_swarm(settings, [&](SwarmEvent event) {
        const std::lock_guard lock(mutex);
        if (const auto* it = std::get_if<ListenFailed>(&event)) failed = it->address;
        changed.notify_all();
        return true;
    });
    REQUIRE(second.ok());
    std::unique_lock lock(mutex);
    CHECK(changed.wait_for(lock, 5s, [&] { return failed == first.address; }));
}

TEST_CASE("offline, only loopback is listened on") {
    Node node(Reach::offline);
    CHECK(node.address.starts_with("127.0.0.1:"));
    SwarmSettings settings;
    settings.listen = {"0.0.0.0:0"};
    settings.reach = Reach::offline;
    std::mutex mutex;
    bool listened = false;
    const auto other = make_libtorrent_swarm(settings, [&](const SwarmEvent& event) {
        const std::lock_guard lock(mutex);
        listened = listened || std::holds_alternative<Listening>(event);
        return true;
    });
    REQUIRE(other.ok());
    std::this_thread::sleep_for(500ms);
    const std::lock_guard lock(mutex);
    CHECK_FALSE(listened);
}

namespace {

/// Answers the first announce and lets every later one, the goodbye, hang.
class SilentTracker {
public:
    SilentTracker() : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        REQUIRE(bind(descriptor_, reinterpret_cast<sockaddr*>(&here), size) == 0);
        REQUIRE(listen(descriptor_, 8) == 0);
        getsockname(descriptor_, reinterpret_cast<sockaddr*>(&here), &size);
        url = "http://127.0.0.1:" + std::to_string(ntohs(here.sin_port)) + "/announce";
        thread_ = std::thread([this] {
            const int client = accept(descriptor_, nullptr, nullptr);
            if (client < 0) return;
            char request[4096];
            (void)!read(client, request, sizeof request);
            const std::string answer =
                "HTTP/1.0 200 OK\r\n\r\nd8:intervali1800e5:peers0:e";
            (void)::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
            close(client);
        });
    }
    ~SilentTracker() {
        shutdown(descriptor_, SHUT_RDWR);
        thread_.join();
        close(descriptor_);
    }
    std::string url;

private:
    int descriptor_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("a swarm ends within two seconds, whatever it waits for") {
    Folder source;
    Volume volume(source.path);
    volume.release({1'000'000});
    Node node;
    auto request = volume.request_all();
    const SilentTracker tracker;
    request.trackers = {tracker.url, "udp://127.0.0.1:9/announce"};
    request.peers = {"127.0.0.1:9"};
    REQUIRE(node.swarm->add(request).ok());
    std::this_thread::sleep_for(300ms);
    const auto start = Clock::now();
    node.swarm.reset();
    const auto took = milliseconds_since(start);
    WARN("ended in " << took << " ms");
    CHECK(took < 2000);
}
