#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <thread>

#include "core/crypto.h"
#include "core/limits.h"
#include "metainfo/info_dictionary.h"
#include "support/swarm_node.h"

using namespace colport;
using namespace colport::test;

namespace {

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

}  // namespace

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

TEST_CASE("a release that one peer alone has goes to few at a time, and to all in the end") {
    constexpr std::size_t count = 6;
    Folder source;
    Volume volume(source.path);
    volume.release({60'000'000});
    Node publisher;
    REQUIRE(publisher.swarm->add(volume.request_all()).ok());
    publisher.wait_until_seeding(volume.hash());
    std::array<Folder, count> folders;
    std::array<Node, count> readers;
    for (std::size_t i = 0; i < count; ++i) {
        auto request = volume.request(folders.at(i).path, 0);
        request.peers = {publisher.address};
        REQUIRE(readers.at(i).swarm->add(request).ok());
    }
    const auto start = Clock::now();
    const auto whole = [](Node& reader) { return reader.find<FileCompleted>(1ms).has_value(); };
    while (std::none_of(readers.begin(), readers.end(), whole))
        REQUIRE(milliseconds_since(start) < 30'000);
    int waiting = 0;
    for (auto& reader : readers) {
        const auto stats = reader.stats_of(volume.hash());
        waiting += stats.pieces_have < stats.pieces_total / 2 ? 1 : 0;
    }
    CHECK(waiting >= 2);
    for (auto& reader : readers)
        while (reader.stats_of(volume.hash()).pieces_have < static_cast<int>(volume.info.piece_count()))
            REQUIRE(milliseconds_since(start) < 60'000);
}

TEST_CASE("peers that want nothing more of a volume do not call each other again and again") {
    Folder source, one, other;
    Volume volume(source.path);
    volume.release({300'000, 700'000});
    // All of it, or the first file only: then nobody of the two is a seed.
    const auto wanted = GENERATE(Urgency::now, Urgency::never);
    Node publisher, here, there;
    REQUIRE(publisher.swarm->add(volume.request_all()).ok());
    for (auto* node : {&here, &there}) {
        auto request = volume.request(node == &here ? one.path : other.path, 0);
        request.files = {Urgency::now, wanted};
        request.peers = {publisher.address, (node == &here ? there : here).address};
        REQUIRE(node->swarm->add(request).ok());
    }
    for (auto* node : {&here, &there}) node->wait<FileCompleted>();
    const auto sent = [&] { return here.stats().bytes_sent + there.stats().bytes_sent; };
    // Sooner or later nobody says anything for four seconds.
    std::int64_t before = 0;
    for (int tries = 0; tries < 4 && before != sent(); ++tries) {
        before = sent();
        std::this_thread::sleep_for(4s);
    }
    CHECK(before > 0);
    CHECK(sent() == before);
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
    node.wait_until_seeding(volume.hash());
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
