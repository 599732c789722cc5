#include <catch2/catch.hpp>

#include "cli/press/request_text.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/verify.h"
#include "press/signing/signing.h"
#include "signing.pb.h"
#include "support/must.h"
#include "support/peer_fixture.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::test;

namespace {

/// A newsroom whose root key is at hand, and what its readers hold.
struct Keys {
    Folder folder;
    Newsroom newsroom{folder.path / "newsroom"};
    const Workshop& workshop = newsroom.workshop;

    Keys() { newsroom.release("First"); }
    SignedRecords records() const { return must(workshop.records()); }
    PublicKey in_use() const { return newsroom.signing().public_key(); }
    /// Puts a new key in the place of the one in use.
    RequestSummary rotate(std::int64_t since = 0, const std::string& reason = "replaced") {
        KeyringChange change;
        change.withdraw.push_back({in_use(), since, reason});
        change.add.push_back(must(start_new_key(workshop, Secret(0))));
        const auto request = must(prepare_keyring(workshop, change, newsroom.now));
        const auto made = must(sign_request(request, newsroom.root()));
        return must(finish_request(workshop, made.file, newsroom.now));
    }
    void sign_anew() {
        must(release_drafts(workshop, newsroom.signing(), {.drafts = false}, newsroom.now));
    }
    std::string prepared(const std::string& title) {
        const auto state = records();
        const auto published = must(read_catalogue(workshop.feed(), state));
        Imported imported;
        imported.articles.push_back({title, {}});
        auto& article = imported.articles.back().article;
        article.set_title(title);
        article.set_published(newsroom.now);
        must(add_drafts(workshop, state.feed, published, std::move(imported)));
        return must(prepare_release(workshop, {}, newsroom.now)).request;
    }
    Verification verify() const { return verify_directory(workshop.feed().root, newsroom.now); }
    template <class T>
    static Errc code_of(const Result<T>& result) {
        REQUIRE_FALSE(result);
        return result.error().code;
    }
};

}  // namespace

TEST_CASE_METHOD(Keys, "a key is replaced: the feed goes on with the new one", "[trust][press]") {
    const auto old = in_use();
    const auto summary = rotate();
    CHECK(summary.version == 2);
    CHECK(summary.changes.size() == 3);
    CHECK(in_use() != old);
    CHECK(records().keyring.is_revoked(old));
    CHECK(records().keyring.message().least_seq() == 1);
    CHECK(records().keyring.item().has_value());
    // A stranger refuses the head of the old key; the newsroom goes on from it.
    CHECK_FALSE(verify().errors.empty());
    sign_anew();
    CHECK(records().head->seq() == 2);
    CHECK(records().head->signer == in_use());
    CHECK(verify().errors.empty());
    CHECK(verify().articles == 1);
    const auto again = must(release_drafts(workshop, newsroom.signing(), {}, newsroom.now));
    CHECK(again.releases == 0);
    newsroom.release("Second");
    CHECK(verify().articles == 2);
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Keys, "a request of several dictionaries is not signed", "[trust][press]") {
    pb::SigningRequest request;
    REQUIRE(request.ParseFromString(prepared("Second")));
    auto& release = *request.mutable_release();
    const auto one = support::test_dictionary(records().feed, 4096);
    SECTION("both new") {
        for (const auto& content : {one, one + "x"}) {
            auto* file = release.add_files();
            file->set_kind(static_cast<std::uint32_t>(FileKind::dictionary));
            file->set_content(content);
        }
    }
    SECTION("one held, one new") {
        release.add_dictionaries(one);
        auto* file = release.add_files();
        file->set_kind(static_cast<std::uint32_t>(FileKind::dictionary));
        file->set_content(one + "x");
    }
    CHECK(code_of(sign_request(encode_message(request), newsroom.signing())) == Errc::corrupt);
}

TEST_CASE_METHOD(Keys, "a rotation that was killed before the new key was taken into use goes on",
                 "[trust][press]") {
    const auto file = must(read_file(workshop.signing_key(), 4096));
    rotate();
    const auto fresh = newsroom.signing();
    // As a kill between the two leaves it.
    must(write_file(workshop.keys() / "signing.next.key",
                    key_file::seal(fresh, "signing", Secret(0)), 0600));
    must(write_file(workshop.keys() / "signing.next.pub",
                    minisign::public_key_file(fresh.public_key())));
    must(write_file(workshop.signing_key(), file, 0600));
    must(adopt_new_key(workshop));
    CHECK(in_use() == fresh.public_key());
    CHECK_FALSE(fs::exists(workshop.keys() / "signing.next.pub"));
    sign_anew();
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Keys, "no kill leaves a public key that the feed never had, or hides one it has",
                 "[trust][press]") {
    const auto feed = workshop.feed();
    const auto old = in_use();
    must(start_new_key(workshop, Secret(0)));
    CHECK(verify().errors.empty());
    rotate();
    const auto fresh = in_use();
    CHECK(fresh != old);
    // As a kill right after the keyring was written leaves it.
    fs::remove(feed.signing_key(fresh));
    must(adopt_new_key(workshop));
    CHECK(fs::exists(feed.signing_key(fresh)));
    sign_anew();
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Keys, "a new key that waits for its keyring is not taken into use", "[trust][press]") {
    const auto old = in_use();
    const auto waiting = must(start_new_key(workshop, Secret(0)));
    must(adopt_new_key(workshop));
    CHECK(in_use() == old);
    newsroom.release("Second");
    CHECK(waiting != old);
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Keys, "a keyring changes only as it can", "[trust][press]") {
    const auto state = records();
    const auto change = [&](const KeyringChange& wanted) {
        return next_keyring(state.keyring, wanted, 1, newsroom.now);
    };
    CHECK(code_of(change({})) == Errc::invalid);
    CHECK(code_of(change({.withdraw = {{in_use(), 0, ""}}})) == Errc::invalid);
    CHECK(code_of(change({.add = {in_use()}})) == Errc::invalid);
    CHECK(code_of(change({.add = {state.feed}})) == Errc::invalid);
    CHECK(code_of(change({.withdraw = {{state.feed, 0, ""}}})) == Errc::invalid);
    CHECK(change({.add = {SigningKey::generate().public_key()}}));
    CHECK(code_of(install_keyring(workshop, state.keyring.file())) == Errc::stale);
}

TEST_CASE_METHOD(Keys, "root keys are appointed by those who govern the feed, and by nobody else",
                 "[trust][press]") {
    const auto a = SigningKey::generate(), b = SigningKey::generate(), c = SigningKey::generate(),
               d = SigningKey::generate();
    const auto root = newsroom.root();
    const auto asked = [&](std::vector<const SigningKey*> keys, bool by_feed_key = false) {
        RootsChange roots{{{}, 2}, by_feed_key};
        for (const auto* key : keys) roots.roots.keys.push_back(key->public_key());
        return must(prepare_keyring(workshop, {.roots = roots}, newsroom.now));
    };
    const auto signed_by = [&](std::string request, std::vector<const SigningKey*> keys) {
        for (const auto* key : keys) request = must(sign_request(request, *key)).file;
        return request;
    };
    const auto finish = [&](const std::string& request) {
        return finish_request(workshop, request, newsroom.now);
    };
    const auto first = asked({&a, &b, &c});
    CHECK(code_of(finish(signed_by(first, {&a, &b}))) == Errc::forged);
    CHECK(code_of(finish(signed_by(first, {&root, &a}))) == Errc::forged);
    must(finish(signed_by(first, {&a, &root, &b})));
    CHECK(records().keyring.roots().version() == 1);

    const auto second = asked({&a, &b, &d});
    CHECK(must(read_request(second)).appointing_left == 2);
    CHECK(code_of(sign_request(second, root)) == Errc::denied);
    CHECK(code_of(finish(signed_by(second, {&a, &d}))) == Errc::forged);
    // Chen may vote on it, and not sign what comes of it.
    const auto voted = must(sign_request(signed_by(second, {&a, &d}), c));
    CHECK(voted.summary.is_signed());
    CHECK(code_of(sign_request(voted.file, c)) == Errc::denied);
    must(finish(voted.file));
    CHECK(records().keyring.roots().version() == 2);
    CHECK(records().keyring.roots().first_version() == 1);
    CHECK(code_of(sign_request(must(prepare_keyring(
                                   workshop, {.add = {SigningKey::generate().public_key()}},
                                   newsroom.now)),
                               c)) == Errc::denied);

    const auto renewed = asked({&c, &d}, true);
    CHECK(code_of(finish(signed_by(renewed, {&c, &d}))) == Errc::forged);
    must(finish(signed_by(renewed, {&c, &d, &root})));
    CHECK(records().keyring.roots().first_version() == 3);
    CHECK(verify().errors.empty());
    CHECK(code_of(next_keyring(records().keyring,
                               {.roots = RootsChange{{{c.public_key(), d.public_key()}, 2}}}, 1,
                               newsroom.now)) == Errc::invalid);
}

TEST_CASE_METHOD(Keys, "attack a request on an older keyring: what was revoked since stays revoked",
                 "[trust][press]") {
    const auto stolen = in_use();
    const auto before = records().keyring;
    rotate(newsroom.now, "stolen");
    // All that the thief changes is the number, which is above that of the true one.
    auto wanted = before.message();
    wanted.set_version(3);
    pb::SigningRequest request;
    request.set_format(1);
    request.set_keyring(before.file());
    request.set_next_keyring(draft_keyring(wanted, before, std::nullopt));
    CHECK(code_of(read_request(encode_message(request))) == Errc::stale);
    CHECK(code_of(sign_request(encode_message(request), newsroom.root())) == Errc::stale);
    // On the keyring in force the key comes back only where the signer can see it.
    request.set_keyring(records().keyring.file());
    request.set_next_keyring(draft_keyring(wanted, records().keyring, std::nullopt));
    const auto summary = must(read_request(encode_message(request)));
    CHECK(std::any_of(summary.changes.begin(), summary.changes.end(), [&](const auto& line) {
        return line.find("may sign AGAIN") != std::string::npos &&
               line.find(stolen.hex().substr(0, 16)) != std::string::npos;
    }));
}

TEST_CASE_METHOD(Keys, "attack a request that leaves out root keys in force", "[trust][press]") {
    const auto a = SigningKey::generate(), b = SigningKey::generate();
    const auto root = newsroom.root();
    const auto appoint = [&](const SigningKey& key, std::vector<const SigningKey*> by) {
        auto request = must(prepare_keyring(
            workshop, {.roots = RootsChange{{{key.public_key()}, 1}}}, newsroom.now));
        for (const auto* signer : by) request = must(sign_request(request, *signer)).file;
        must(finish_request(workshop, request, newsroom.now));
    };
    const auto plain = records().keyring;
    appoint(a, {&root, &a});
    const auto first = records().keyring;
    appoint(b, {&a, &b});
    const auto now = records().keyring;
    const auto asked = [&](const Keyring& as_if) {
        auto wanted = now.message();
        wanted.set_version(now.version() + 1);
        pb::SigningRequest request;
        request.set_format(1);
        request.set_keyring(now.file());
        request.set_next_keyring(draft_keyring(wanted, as_if, std::nullopt));
        return read_request(encode_message(request));
    };
    CHECK(asked(now));
    CHECK(code_of(asked(first)) == Errc::forged);
    CHECK(code_of(asked(plain)) == Errc::forged);
}

TEST_CASE_METHOD(Keys, "a signer is shown all that a keyring changes", "[trust][press]") {
    const auto old = in_use();
    rotate(newsroom.now - 1000, "stolen");
    const auto state = records();
    const auto lines = [&](const auto& change) {
        auto wanted = state.keyring.message();
        wanted.set_version(3);
        change(wanted);
        const auto draft =
            must(read_unsigned_keyring(draft_keyring(wanted, state.keyring, std::nullopt)));
        std::string out;
        for (const auto& line : changes_between(state.keyring, draft)) out += line + "\n";
        return out;
    };
    CHECK(lines([](auto&) {}).find("nothing but its number") == 0);
    CHECK(lines([](auto& odd) { odd.mutable_revoked(0)->clear_since(); })
              .find("never in other hands") != std::string::npos);
    CHECK(lines([](auto& odd) { odd.mutable_revoked(0)->set_reason("other"); })
              .find("other") != std::string::npos);
    // Left among those that sign, the key comes back as soon as nobody revokes it.
    CHECK(lines([&](auto& odd) { odd.add_signing()->set_key(old.str()); })
              .find("both") != std::string::npos);
    SECTION("also what it does not know: that it refuses") {
        auto wanted = state.keyring.message();
        wanted.set_version(3);
        auto bytes = encode_message(wanted);
        bytes += std::string("\xa0\x06\x01", 3);   // field 100
        pb::Keyring odd;
        REQUIRE(odd.ParseFromString(bytes));
        pb::SigningRequest request;
        request.set_format(1);
        request.set_keyring(state.keyring.file());
        request.set_next_keyring(draft_keyring(odd, state.keyring, std::nullopt));
        CHECK(code_of(sign_request(encode_message(request), newsroom.root())) ==
              Errc::unsupported);
    }
}

TEST_CASE_METHOD(Keys, "a raid on the root keys brings no old release back", "[trust][press]") {
    newsroom.release("Second");
    const auto fresh = SigningKey::generate();
    const RootsChange roots{{{fresh.public_key()}, 1}, true};
    const auto next = must(next_keyring(records().keyring, {.roots = roots}, 2, newsroom.now));
    CHECK(next.least_seq() == 2);
}

TEST_CASE_METHOD(Keys, "a keyring keeps room to revoke a key", "[trust][press]") {
    CHECK(code_of(next_keyring(records().keyring,
                               {.add = {SigningKey::generate().public_key()},
                                .withdraw = {{in_use(), 1, std::string(401, 'x')}}},
                               1, newsroom.now)) == Errc::invalid);
    const auto asked = [&] {
        KeyringChange change;
        for (int i = 0; i < 50; ++i) change.add.push_back(SigningKey::generate().public_key());
        return prepare_keyring(workshop, change, newsroom.now);
    };
    auto request = asked();
    for (; request; request = asked())
        must(finish_request(workshop, must(sign_request(*request, newsroom.root())).file,
                            newsroom.now));
    CHECK(request.error().code == Errc::too_large);
    rotate(newsroom.now, std::string(400, 'x'));
    CHECK(records().keyring.file().size() > 12 * limits::kib);
}

TEST_CASE_METHOD(Keys, "a release under way is finished although a key was changed meanwhile",
                 "[trust][press]") {
    const auto request = prepared("Second");
    must(prepare_keyring(workshop, {.add = {SigningKey::generate().public_key()}}, newsroom.now));
    const auto made = must(sign_request(request, newsroom.signing()));
    CHECK(must(finish_request(workshop, made.file, newsroom.now)).seq == 2);
    // What is signed at once takes no note, and asks for none.
    const auto keyring = must(prepare_keyring(
        workshop, {.add = {SigningKey::generate().public_key()}}, newsroom.now, false));
    const auto file = must(sign_request(keyring, newsroom.root())).file;
    CHECK(code_of(finish_request(workshop, file, newsroom.now)) == Errc::invalid);
    CHECK(must(finish_at_once(workshop, file)).version == 2);
}

TEST_CASE_METHOD(Keys, "a release is signed where there is no network", "[trust][press]") {
    const auto request = prepared("Second");
    const auto head = records().head->file;
    const auto summary = must(read_request(request));
    CHECK(summary.is_release);
    CHECK(summary.seq == 2);
    CHECK(summary.name == "Newsroom");
    REQUIRE(summary.articles.size() == 1);
    CHECK(summary.articles[0].title == "Second");
    CHECK(records().head->file == head);
    CHECK(code_of(finish_request(workshop, request, newsroom.now)) == Errc::invalid);

    const auto key = newsroom.signing();
    const auto made = must(sign_request(request, key));
    CHECK(made.summary.fingerprint == summary.fingerprint);
    SECTION("and published as if it had been signed here") {
        const auto done = must(finish_request(workshop, made.file, newsroom.now));
        CHECK(done.articles.size() == 1);
        CHECK(verify().errors.empty());
        CHECK(verify().articles == 2);
        CHECK(must(list_drafts(workshop, must(read_catalogue(workshop.feed(), records()))))
                  .articles.empty());
        // Twice is once too often.
        CHECK(code_of(finish_request(workshop, made.file, newsroom.now)) == Errc::invalid);
    }
    SECTION("by none but a key that speaks for the feed") {
        CHECK(code_of(sign_request(request, SigningKey::generate())) == Errc::denied);
        CHECK(code_of(sign_request(request, newsroom.root())) == Errc::denied);
    }
    SECTION("and not when the feed has moved on") {
        must(release_drafts(workshop, key, {}, newsroom.now + 1));
        must(note_prepared(workshop, request));
        CHECK(code_of(finish_request(workshop, made.file, newsroom.now)) == Errc::stale);
    }
    SECTION("nor when another request was prepared since") {
        const auto other = prepared("Third");
        CHECK(code_of(finish_request(workshop, made.file, newsroom.now)) == Errc::invalid);
        const auto both = must(sign_request(other, key));
        CHECK(must(finish_request(workshop, both.file, newsroom.now)).articles.size() == 2);
        CHECK(verify().errors.empty());
    }
}

TEST_CASE_METHOD(Keys, "attack a request changed on its way: neither side is deceived", "[trust][press]") {
    const auto request = prepared("Second");
    const auto key = newsroom.signing();
    pb::SigningRequest parts;
    REQUIRE(parts.ParseFromString(request));
    const auto refused = [&](const auto& change) {
        auto odd = parts;
        change(odd);
        const auto bytes = encode_message(odd);
        return !read_request(bytes) && !sign_request(bytes, key);
    };
    CHECK_FALSE(refused([](auto&) {}));
    SECTION("the signer refuses what does not fit together") {
        CHECK(refused([](auto& odd) { odd.mutable_release()->mutable_info()->back() ^= 1; }));
        CHECK(refused([](auto& odd) { odd.mutable_release()->mutable_head()->at(60) ^= 1; }));
        CHECK(refused([](auto& odd) { odd.mutable_keyring()->at(60) ^= 1; }));
        CHECK(refused([](auto& odd) { odd.mutable_release()->clear_head(); }));
        CHECK(refused([](auto& odd) { odd.mutable_release()->set_time(0); }));
        CHECK(refused([](auto& odd) { odd.mutable_release()->mutable_files(0)->set_kind(2); }));
        CHECK(refused([](auto& odd) { odd.mutable_release()->mutable_files(0)->set_kind(9); }));
        // Another time than its bundles say.
        CHECK(refused([&](auto& odd) { odd.mutable_release()->set_time(newsroom.now + 1); }));
        // The bundle as a whole: no byte of it can change and still be read.
        const auto size = parts.release().files(0).content().size();
        for (std::size_t at = 0; at < size - 96; ++at)
            if (!refused([&](auto& odd) {
                    odd.mutable_release()->mutable_files(0)->mutable_content()->at(at) ^= 1;
                }))
                FAIL(at);
    }
    SECTION("the publisher takes only the answer to what it asked") {
        const auto made = must(sign_request(request, key)).file;
        REQUIRE(parts.ParseFromString(made));
        const auto answer = [&](const auto& change) {
            auto odd = parts;
            change(odd);
            return !finish_request(workshop, encode_message(odd), newsroom.now);
        };
        const auto stranger = SigningKey::generate();
        CHECK(answer([](auto& odd) { odd.mutable_release()->set_fresh_for(1); }));
        CHECK(answer([](auto& odd) { odd.mutable_answer()->mutable_bundles(0)->back() ^= 1; }));
        CHECK(answer([](auto& odd) { odd.mutable_answer()->mutable_torrent_signatures(0)->at(60) ^= 1; }));
        CHECK(answer([&](auto& odd) {
            odd.mutable_answer()->set_signer(stranger.public_key().str());
        }));
        CHECK(answer([&](auto& odd) { odd.mutable_answer()->set_head(records().head->file); }));
        CHECK(answer([](auto& odd) { odd.mutable_answer()->clear_bundles(); }));
        CHECK(records().head->seq() == 1);
        CHECK(verify().errors.empty());
        CHECK(must(finish_request(workshop, made, newsroom.now)).seq == 2);
    }
}

TEST_CASE_METHOD(Keys, "attack a request made anew on its way: the same titles over other texts",
                 "[trust][press]") {
    fs::copy(workshop.root, folder.path / "twin", fs::copy_options::recursive);
    const auto prepared_with = [&](const Workshop& where, const std::string& text) {
        Imported imported;
        imported.articles.push_back({"second", {}});
        auto& article = imported.articles.back().article;
        article.set_title("Second");
        article.set_published(newsroom.now);
        article.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        const auto published = must(read_catalogue(where.feed(), must(where.records())));
        must(add_drafts(where, must(where.records()).feed, published, std::move(imported)));
        return must(prepare_release(where, {}, newsroom.now)).request;
    };
    const auto meant = must(read_request(prepared_with(workshop, "What the newsroom wrote.")));
    const auto file = prepared_with({folder.path / "twin"}, "What the courier wrote.");
    const auto brought = must(read_request(file));
    // Nothing else tells it, and it would be signed.
    CHECK(cli::text_of(brought) == cli::text_of(meant));
    must(sign_request(file, newsroom.signing()));
    CHECK(cli::check_words(brought) != cli::check_words(meant));
    CHECK(cli::are_check_words(meant, cli::check_words(meant)));
    auto spoken = cli::check_words(meant);
    for (auto& letter : spoken) letter = letter == '-' ? ' ' : static_cast<char>(std::toupper(letter));
    CHECK(cli::are_check_words(meant, spoken));
    CHECK_FALSE(cli::are_check_words(brought, spoken));
    CHECK_FALSE(cli::are_check_words(brought, ""));
    CHECK_FALSE(cli::are_check_words(meant, spoken.substr(0, 5)));
}

TEST_CASE_METHOD(Keys, "a key that was withdrawn can be said to have been lost earlier, never later",
                 "[trust][press]") {
    const auto lost = in_use();
    const auto noticed = newsroom.now;
    rotate(GENERATE(std::int64_t{0}, std::int64_t{1'780'000'500}));
    newsroom.release("Second");
    const auto before = records().keyring;
    const auto say = [&](std::int64_t since, const std::string& reason) -> Status {
        const auto request =
            COLPORT_TRY(prepare_keyring(workshop, {.withdraw = {{lost, since, reason}}}, noticed));
        COLPORT_TRY(finish_request(workshop, COLPORT_TRY(sign_request(request, newsroom.root())).file,
                                   noticed));
        return done();
    };
    must(say(1'780'000'400, "the laptop was taken"));
    const auto after = records().keyring;
    CHECK(after.version() == before.version() + 1);
    REQUIRE(after.message().revoked_size() == 1);
    CHECK(after.message().revoked(0).since() == 1'780'000'400);
    CHECK(after.message().revoked(0).reason() == "the laptop was taken");
    // It says nothing of releases that came since.
    CHECK(after.message().least_seq() == before.message().least_seq());
    CHECK(after.message().signing_size() == 1);
    CHECK(code_of(say(1'780'000'400, "")) == Errc::invalid);
    CHECK(code_of(say(1'780'000'600, "")) == Errc::invalid);
    CHECK(code_of(say(0, "")) == Errc::invalid);
    must(say(1'780'000'300, ""));
    CHECK(records().keyring.message().revoked(0).reason() == "the laptop was taken");
    CHECK(verify().errors.empty());
}

TEST_CASE_METHOD(Keys, "a signer signs one release of a number", "[trust][press]") {
    const auto first = must(read_request(prepared("Second")));
    must(remember_signed(folder.path, first));
    must(remember_signed(folder.path, first));
    const auto other = must(read_request(prepared("Third")));
    CHECK(other.seq == first.seq);
    CHECK(code_of(remember_signed(folder.path, other)) == Errc::forked);
    auto next = other;
    ++next.seq;
    must(remember_signed(folder.path, next));
    CHECK(code_of(remember_signed(folder.path, first)) == Errc::forked);
}

TEST_CASE_METHOD(ReadFeed, "attack stolen key: what a thief published goes when the newsroom is back",
                 "[trust][peer]") {
    // The thief has the laptop: the key, and the newsroom as it was.
    fs::copy(newsroom.workshop.root, folder.path / "twin", fs::copy_options::recursive);
    Newsroom thief(folder.path / "other");
    thief.workshop = Workshop{folder.path / "twin"};
    thief.count = 0;                       // takes the place of the first article
    thief.release("Forged first");
    thief.count = 7;
    thief.release("Forged other", 1);      // in a volume of its own
    TestPeer fence(folder.path / "fence", "fence:1", network);
    REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(reader.peer->follow(newsroom.link("fence:1")));
    REQUIRE(reader.reaches(3));
    REQUIRE(reader.articles() == 2);

    KeyringChange change;
    change.withdraw.push_back({newsroom.signing().public_key(), newsroom.now, "stolen"});
    change.add.push_back(must(start_new_key(newsroom.workshop, Secret(0))));
    const auto request = must(prepare_keyring(newsroom.workshop, change, newsroom.now));
    const auto made = must(sign_request(request, newsroom.root()));
    must(finish_request(newsroom.workshop, made.file, newsroom.now));
    CHECK(reader.comes_true(
        [&] { return reader.feed().problem.find("withdrawn") != std::string::npos; }));
    newsroom.release("Second");
    REQUIRE(reader.comes_true([&] { return reader.feed().seq == 2 && reader.feed().complete; }, 20));
    CHECK(reader.articles() == 2);
    CHECK(reader.feed().problem.empty());
    auto archive = must(ArchiveReader::open(DataDirectory{reader.data}.archive()));
    CHECK(must(archive.search({.words = "forged"})).total == 0);
    CHECK(must(archive.search({.words = "first"})).total == 1);
    // The thief's later heads are told to nobody and taken by nobody.
    thief.release("Forged again");
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    CHECK(reader.feed().seq == 2);
    CHECK(reader.feed().state == FeedState::current);
}

TEST_CASE_METHOD(ReadFeed, "attack a thief redacts what he likes: it comes back with the newsroom",
                 "[trust][peer]") {
    fs::copy(newsroom.workshop.root, folder.path / "twin", fs::copy_options::recursive);
    Newsroom thief(folder.path / "other");
    thief.workshop = Workshop{folder.path / "twin"};
    thief.redact(newsroom.id(1));
    TestPeer fence(folder.path / "fence", "fence:1", network);
    REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(reader.peer->follow(newsroom.link("fence:1")));
    REQUIRE(reader.reaches(2));
    REQUIRE(reader.comes_true([&] { return reader.articles() == 0; }));

    KeyringChange change;
    change.withdraw.push_back({newsroom.signing().public_key(), newsroom.now, "stolen"});
    change.add.push_back(must(start_new_key(newsroom.workshop, Secret(0))));
    const auto request = must(prepare_keyring(newsroom.workshop, change, newsroom.now));
    const auto made = must(sign_request(request, newsroom.root()));
    must(finish_request(newsroom.workshop, made.file, newsroom.now));
    newsroom.release("Second");
    CHECK(reader.comes_true([&] { return reader.articles() == 2; }, 20));
    CHECK(reader.comes_true([&] { return reader.feed().problem.empty(); }));
}

TEST_CASE("a newcomer who finds the newest release nowhere gets an older one meanwhile",
          "[trust][peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First");
    newsroom.release("Second");
    fs::copy(newsroom.workshop.root, folder.path / "older", fs::copy_options::recursive);
    newsroom.release("Third", 1);
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow((folder.path / "older" / "public").string()));
    REQUIRE(seed.reaches(2));
    PeerSettings settings;
    settings.patience = 1;
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    // She has heard of the third, whose files nobody has: its records alone, by hand.
    const auto only_records = folder.path / "records";
    fs::create_directories(only_records);
    for (const char* name : {"feed.pub", "keyring", "head", "shelf"})
        fs::copy(newsroom.workshop.feed().root / name, only_records / name);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.peer->import(only_records));
    CHECK(reader.comes_true([&] { return reader.feed().seen_seq == 3; }));
    CHECK(reader.comes_true([&] { return reader.feed().seq == 2; }, 20));
    CHECK(reader.articles() == 2);
    CHECK(reader.feed().state == FeedState::fetching);

    // And goes on to the newest when somebody has it.
    TestPeer full(folder.path / "full", "full:1", network);
    REQUIRE(full.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(full.reaches(3));
    REQUIRE(reader.peer->follow(newsroom.link("full:1")));
    CHECK(reader.reaches(3));
    CHECK(reader.articles() == 3);
}
