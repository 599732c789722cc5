#include <catch2/catch.hpp>

#include "core/message.h"
#include "peer/exchange.h"
#include "support/silent_swarm.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;

namespace {

/// Whom an Exchange asked for which keyring.
struct Asked final : test::SilentSwarm {
    std::vector<std::pair<PeerNumber, std::string>> questions;

    void send(PeerNumber peer, std::string message) override {
        pb::Gossip gossip;
        REQUIRE(gossip.ParseFromString(message));
        questions.emplace_back(peer, gossip.get().subject().sha256());
    }
};

}  // namespace

TEST_CASE("who announces the head of a question is asked first, and who was fooled not again",
          "[trust][peer]") {
    Asked swarm;
    Exchange exchange(swarm);
    const auto root = test_key("root"), key = test_key("first"), other = test_key("second");
    const auto feed = root.public_key();
    const auto head = signed_head(head_message(feed, 5), key);
    const auto announce = [&](PeerNumber peer, const std::string& file) {
        pb::Announce said;
        said.set_head(file);
        exchange.announced(peer, said);
    };
    for (PeerNumber peer : {1, 2}) exchange.joined(peer, "192.0.2." + std::to_string(peer) + ":1", 0);
    announce(1, signed_head(head_message(feed, 5), other));
    announce(2, head);
    pb::Subject subject;
    subject.set_kind(pb::Subject::LISTING);
    subject.set_volume(1);
    subject.set_seq(5);
    exchange.want(subject, 0, head);
    const auto asked = [&] {
        std::vector<PeerNumber> out;
        for (const auto& question : swarm.questions) out.push_back(question.first);
        return out;
    };
    REQUIRE(asked() == std::vector<PeerNumber>{2});
    pb::Part nothing;
    *nothing.mutable_subject() = subject;
    REQUIRE_FALSE(must(exchange.take(2, nothing, 0)));
    REQUIRE(asked() == std::vector<PeerNumber>{2, 1});
    auto wrong = nothing;
    wrong.set_total(1);
    wrong.set_data("x");
    const auto received = must(exchange.take(1, wrong, 0));
    REQUIRE(received);
    exchange.ask_others(1, *received, 0);
    CHECK(asked() == std::vector<PeerNumber>{2, 1, 2});
    exchange.tick(100);
    exchange.tick(200);
    exchange.tick(300);
    auto questions = asked();
    CHECK(std::count(questions.begin(), questions.end(), 1) == 1);
    CHECK(std::count(questions.begin(), questions.end(), 2) > 2);
    announce(1, head);
    exchange.tick(400);
    exchange.left(2, 400);
    CHECK(asked().back() == 1);
    // What came another way is not asked for any more.
    swarm.questions.clear();
    exchange.give_up(subject);
    exchange.joined(3, "192.0.2.3:1", 500);
    exchange.tick(600);
    CHECK(asked().empty());
}

TEST_CASE("attack keyrings that nobody has: who announces them does not keep the true one away",
          "[trust][peer]") {
    Asked swarm;
    Exchange exchange(swarm);
    const auto announce = [&](PeerNumber peer, char first, std::int64_t now) {
        pb::Announce said;
        said.set_keyring_sha256(std::string(32, first));
        exchange.announced(peer, said);
        pb::Subject subject;
        subject.set_kind(pb::Subject::KEYRING);
        subject.set_sha256(said.keyring_sha256());
        exchange.want(subject, now);
    };
    const auto is_asked = [&](char first) {
        return std::any_of(swarm.questions.begin(), swarm.questions.end(), [&](const auto& asked) {
            return asked.second == std::string(32, first);
        });
    };
    SECTION("from one host, which has one question open") {
        for (PeerNumber peer = 1; peer <= 4; ++peer) {
            exchange.joined(peer, "192.0.2.1:" + std::to_string(peer), 0);
            announce(peer, static_cast<char>(peer), 0);
        }
        CHECK(swarm.questions.size() == 1);
        exchange.joined(5, "192.0.2.5:1", 0);
        announce(5, 'k', 0);
        CHECK(is_asked('k'));
    }
    SECTION("from many hosts, which keep silent or announce another at once") {
        for (PeerNumber peer = 1; peer <= 4; ++peer) {
            exchange.joined(peer, "192.0.2." + std::to_string(peer) + ":1", 0);
            announce(peer, static_cast<char>(peer), 0);
        }
        exchange.joined(5, "192.0.2.5:1", 0);
        announce(5, 'k', 0);
        CHECK_FALSE(is_asked('k'));
        announce(1, 9, 1);
        CHECK(is_asked('k'));
    }
}
