#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/bencode.hpp>
#include <libtorrent/entry.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "core/crypto.h"
#include "core/limits.h"
#include "metainfo/info_dictionary.h"
#include "support/swarm_node.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::test;

namespace {

const auto patience = 60s;

SwarmSettings dht_settings(const std::string& router = {}, std::vector<std::string> nodes = {}) {
    SwarmSettings out;
    out.listen = {"127.0.0.1:0"};
    out.lsd = false;
    if (!router.empty()) out.dht_routers = {router};
    out.dht_nodes = std::move(nodes);
    return out;
}

/// A member of a private DHT that waits as long as a loaded machine needs.
class Member : public Node {
public:
    using Node::Node;

    ItemLookedUp look_up(const MutableItem& item) {
        swarm->find_item(item.key, item.salt);
        return await<ItemLookedUp>();
    }
    ItemPut put(const MutableItem& item) {
        swarm->put_item(item);
        return await<ItemPut>();
    }
    template <class Event>
    Event await() {
        return wait<Event>({}, patience);
    }
    /// Items reported so far and not returned before.
    std::vector<MutableItem> found() {
        std::vector<MutableItem> out;
        while (const auto event = find<ItemFound>(0ms)) out.push_back(event->item);
        return out;
    }
    std::vector<std::string> dht_nodes() {
        swarm->request_dht_nodes();
        return await<DhtNodes>().addresses;
    }
};

/// A DHT on loopback whose members know enough of each other.
struct PrivateDht {
    explicit PrivateDht(std::size_t size) {
        while (members.size() < size) members.push_back(join());
        const auto start = Clock::now();
        for (auto& member : members)
            while (member->stats().dht_nodes < 8) {
                REQUIRE(milliseconds_since(start) < 60'000);
                std::this_thread::sleep_for(20ms);
            }
    }
    // One after the other their goodbyes would take long.
    ~PrivateDht() {
        std::vector<std::jthread> goodbyes;
        for (auto& member : members)
            goodbyes.emplace_back([member = std::move(member)]() mutable { member.reset(); });
    }
    [[nodiscard]] std::unique_ptr<Member> join() const {
        const auto router = members.empty() ? std::string() : members.front()->address;
        return std::make_unique<Member>(dht_settings(router));
    }
    Member& operator[](std::size_t index) { return *members.at(index); }

    std::vector<std::unique_ptr<Member>> members;
};

struct Signer {
    SigningKey key = support::test_key("gazette signing");
    std::string salt = "colport" + std::string(32, 'f');

    [[nodiscard]] MutableItem item(std::uint64_t seq, const std::string& text) const {
        return with_value(seq, "d1:h" + std::to_string(text.size()) + ":" + text + "e");
    }
    [[nodiscard]] MutableItem with_value(std::uint64_t seq, const std::string& value) const {
        return {key.public_key(), salt, seq,
                key.sign(mutable_item::signed_buffer(salt, seq, value)), value};
    }
};

using Items = std::vector<MutableItem>;

}  // namespace

TEST_CASE("an item in the DHT is found, kept and replaced without its key", "[dht]") {
    PrivateDht dht(20);
    const Signer gazette;
    const auto seventh = gazette.item(7, "seven");

    const auto put = dht[3].put(seventh);
    CHECK(put.key == seventh.key);
    CHECK(put.salt == seventh.salt);
    CHECK(put.seq == 7);
    CHECK(put.nodes >= 4);
    CHECK(dht[11].look_up(seventh).found);
    CHECK(dht[11].found() == Items{seventh});

    SECTION("whoever found it can put it again, and a newcomer finds it") {
        CHECK(dht[11].put(seventh).nodes >= 4);
        CHECK(dht[11].found().empty());
        const auto newcomer = dht.join();
        CHECK(newcomer->look_up(seventh).found);
        CHECK(newcomer->found() == Items{seventh});
    }
    SECTION("an older one does not come back, and who tried learns of the newer") {
        const auto rollback = dht[5].put(gazette.item(6, "six"));
        CHECK(rollback.seq == 6);
        CHECK(rollback.nodes == 0);
        CHECK(dht[5].found() == Items{seventh});
        CHECK(dht[9].look_up(seventh).found);
        CHECK(dht[9].found() == Items{seventh});
    }
    SECTION("a newer one takes its place") {
        const auto eighth = gazette.item(8, "eight");
        CHECK(dht[5].put(eighth).nodes >= 4);
        CHECK(dht[5].found().empty());
        CHECK(dht[9].look_up(seventh).found);
        CHECK(dht[9].found().back() == eighth);
    }
    SECTION("another value at the same seq is reported to who puts one") {
        dht[5].put(gazette.item(7, "another seven"));
        CHECK(dht[5].found() == Items{seventh});
    }
    SECTION("an item of another salt is another item") {
        auto other = seventh;
        other.salt = "colport keyring";
        const auto looked_up = dht[9].look_up(other);
        CHECK(looked_up.key == other.key);
        CHECK(looked_up.salt == other.salt);
        CHECK_FALSE(looked_up.found);
        CHECK(dht[9].found().empty());
    }
    SECTION("the nodes known are enough to enter by, without a router") {
        const auto nodes = dht[11].dht_nodes();
        CHECK(nodes.size() >= 8);
        Member later(dht_settings({}, nodes));
        CHECK(later.look_up(seventh).found);
        CHECK(later.found() == Items{seventh});
    }
    SECTION("many lookups and puts at once are all answered") {
        constexpr int count = 40;
        Signer other;
        for (int i = 0; i < count; ++i) {
            other.salt = "salt " + std::to_string(i);
            dht[7].swarm->put_item(other.item(1, "one"));
            dht[7].swarm->find_item(seventh.key, seventh.salt);
        }
        for (int i = 0; i < count; ++i) {
            CHECK(dht[7].await<ItemPut>().nodes >= 1);
            CHECK(dht[7].await<ItemLookedUp>().found);
        }
    }
}

namespace {

/// A DHT node of its own make that says that it stands where the item lies.
class LyingNode {
public:
    using Answer = std::function<void(lt::entry::dictionary_type& reply)>;

    explicit LyingNode(const InfoHash& target)
        : target_(target), socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof own;
        auto* raw = reinterpret_cast<sockaddr*>(&own);
        REQUIRE(bind(socket_, raw, size) == 0);
        REQUIRE(getsockname(socket_, raw, &size) == 0);
        const timeval soon{0, 50'000};
        REQUIRE(setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
        address = "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
        thread_ = std::jthread([this](const std::stop_token& stop) {
            while (!stop.stop_requested()) serve();
        });
    }
    ~LyingNode() {
        thread_ = {};
        close(socket_);
    }

    /// What it says of the item from now on.
    void tell(Answer answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
        lies_ = 0;
    }
    /// How often it was asked for the item since.
    int lies() {
        const std::lock_guard lock(mutex_);
        return lies_;
    }

    std::string address;

private:
    void serve() {
        std::array<char, 4096> buffer{};
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        auto* raw = reinterpret_cast<sockaddr*>(&peer);
        const auto got = recvfrom(socket_, buffer.data(), buffer.size(), 0, raw, &size);
        if (got <= 0) return;
        lt::error_code error;
        const auto query = lt::bdecode({buffer.data(), got}, error);
        if (error || query.dict_find_string_value("y") != "q") return;
        lt::entry::dictionary_type reply;
        reply["id"] = target_.str();
        reply["nodes"] = std::string();
        reply["token"] = std::string("good");
        const auto arguments = query.dict_find_dict("a");
        const bool asked = query.dict_find_string_value("q") == "get" && arguments &&
                           std::string(arguments.dict_find_string_value("target")) == target_.view();
        const std::lock_guard lock(mutex_);
        if (asked) {
            answer_(reply);
            ++lies_;
        }
        lt::entry out;
        out["t"] = std::string(query.dict_find_string_value("t"));
        out["y"] = "r";
        out["r"] = reply;
        std::string bytes;
        lt::bencode(std::back_inserter(bytes), out);
        sendto(socket_, bytes.data(), bytes.size(), 0, raw, size);
    }

    const InfoHash target_;
    const int socket_;
    std::mutex mutex_;
    Answer answer_ = [](auto&) {};
    int lies_ = 0;
    std::jthread thread_;
};

LyingNode::Answer answer_with(const MutableItem& item) {
    return [item](lt::entry::dictionary_type& reply) {
        reply["k"] = item.key.str();
        reply["sig"] = item.signature.str();
        reply["seq"] = static_cast<std::int64_t>(item.seq);
        reply["v"] = lt::entry::preformatted_type(item.value.begin(), item.value.end());
    };
}

}  // namespace

TEST_CASE("what a DHT node makes up never arrives, and what it hides is found", "[dht]") {
    PrivateDht dht(20);
    const Signer gazette;
    const auto truth = gazette.item(7, "seven");
    REQUIRE(dht[3].put(truth).nodes >= 4);
    LyingNode liar(info_hash(truth.key.str() + truth.salt));
    Member reader(dht_settings(dht[0].address, {liar.address}));

    auto wrong_signature = gazette.item(99, "ninety-nine");
    wrong_signature.signature.bytes[7] ^= 1;
    auto wrong_value = gazette.item(99, "ninety-nine");
    wrong_value.value = gazette.item(99, "ninety-ninf").value;
    auto wrong_seq = truth;
    wrong_seq.seq = 99;
    Signer stranger;
    stranger.key = support::test_key("stranger");
    const std::map<std::string, LyingNode::Answer> lies{
        {"a wrong signature", answer_with(wrong_signature)},
        {"a wrong value", answer_with(wrong_value)},
        {"a wrong seq", answer_with(wrong_seq)},
        {"another's key", answer_with(stranger.item(99, "ninety-nine"))},
        {"nothing", [](auto&) {}},
        {"no value", [&](auto& reply) {
             answer_with(truth)(reply);
             reply.erase("v");
         }},
    };
    for (const auto& [lie, answer] : lies) {
        CAPTURE(lie);
        liar.tell(answer);
        CHECK(reader.look_up(truth).found);
        CHECK(liar.lies() > 0);
        CHECK(reader.found() == Items{truth});
        // Who puts asks before, too.
        CHECK(reader.put(truth).nodes >= 4);
        CHECK(reader.found().empty());
    }

    // These the key itself signed. They may hide the truth, as its newer items may.
    const std::map<std::string, MutableItem> misshapen{
        {"a value over 1,000 bytes", gazette.item(99, std::string(1000, 'x'))},
        {"keys out of order", gazette.with_value(99, "d1:bi1e1:ai1ee")},
        {"a seq below zero", gazette.with_value(UINT64_MAX, "i1e")},
    };
    for (const auto& [lie, item] : misshapen) {
        CAPTURE(lie);
        liar.tell(answer_with(item));
        const bool found = reader.look_up(truth).found;
        CHECK(liar.lies() > 0);
        CHECK(reader.found() == (found ? Items{truth} : Items{}));
    }

    // An old one is genuine: it may arrive, but the newest arrives after it.
    liar.tell(answer_with(gazette.item(3, "three")));
    CHECK(reader.look_up(truth).found);
    CHECK(liar.lies() > 0);
    CHECK(reader.found().back() == truth);
}

TEST_CASE("an item that no DHT node would store is not put", "[dht]") {
    Member alone(dht_settings());
    const Signer gazette;
    const auto good = gazette.item(7, "seven");
    const auto expect_refused = [&](const MutableItem& item) {
        const auto answer = alone.put(item);
        CHECK(answer.key == item.key);
        CHECK(answer.salt == item.salt);
        CHECK(answer.seq == item.seq);
        CHECK(answer.nodes == 0);
    };
    auto long_salt = good;
    long_salt.salt = std::string(65, 's');
    expect_refused(long_salt);
    auto forged = good;
    forged.signature.bytes[3] ^= 1;
    expect_refused(forged);
    expect_refused(gazette.with_value(7, "1000:" + std::string(1000, 'x')));
    expect_refused(gazette.with_value(7, "d1:bi1e1:ai1ee"));
    expect_refused(gazette.with_value(7, "i07e"));
    expect_refused(gazette.with_value(7, "i7ex"));
    expect_refused(gazette.with_value(7, ""));
    expect_refused(gazette.with_value(std::uint64_t{1} << 63, "i7e"));
}

TEST_CASE("without a DHT items are neither found nor put, and known nodes are kept", "[dht]") {
    auto settings = dht_settings({}, {"127.0.0.1:1", "damaged"});
    settings.reach = GENERATE(Reach::open, Reach::lan, Reach::offline);
    settings.dht = settings.reach != Reach::open;
    Member node(settings);
    const auto item = Signer().item(7, "seven");
    const auto start = Clock::now();
    CHECK_FALSE(node.look_up(item).found);
    CHECK(node.put(item).nodes == 0);
    CHECK(node.dht_nodes() == settings.dht_nodes);
    CHECK(node.stats().dht_nodes == 0);
    CHECK(milliseconds_since(start) < 20'000);
}
