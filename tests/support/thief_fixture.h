#pragma once

#include "feed/roots.h"
#include "press/signing/signing.h"
#include "support/peer_fixture.h"

/// A newsroom whose key is in other hands, for tests of what peers make of it.
namespace colport::test {

inline void copy_folder(const fs::path& from, const fs::path& to) {
    fs::copy(from, to, fs::copy_options::recursive);
}

/// The newsroom as whoever took its laptop has it.
inline Newsroom twin_of(const Newsroom& newsroom, const fs::path& folder) {
    copy_folder(newsroom.workshop.root, folder / "twin");
    Newsroom out(folder / "other");
    out.workshop = Workshop{folder / "twin"};
    out.count = 7;
    out.now = newsroom.now;
    return out;
}

inline pb::Keyring keyring_of(const Newsroom& newsroom) {
    const auto records = newsroom.workshop.records();
    REQUIRE(records);
    return records->keyring.message();
}

/// The newsroom withdraws its key, and goes on with another.
inline void replace_key(Newsroom& newsroom) {
    KeyringChange change;
    change.withdraw.push_back({newsroom.signing().public_key(), start_of_time, "stolen"});
    const auto added = start_new_key(newsroom.workshop, Secret(0));
    REQUIRE(added);
    change.add.push_back(*added);
    const auto request = prepare_keyring(newsroom.workshop, change, newsroom.now);
    REQUIRE(request);
    const auto made = sign_request(*request, newsroom.root());
    REQUIRE(made);
    REQUIRE(finish_request(newsroom.workshop, made->file, newsroom.now));
}

/// A newsroom of one release, a thief who has all that it has, and a reader of nothing yet.
struct Robbed {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom{folder.path / "newsroom"};
    Newsroom thief = rob();
    TestPeer reader{folder.path / "reader", "reader:1", network};

    /// A daemon that seeds what one of them publishes, and whom the reader calls.
    std::unique_ptr<TestPeer> seed(const Newsroom& whose, const std::string& name = "seed") {
        auto out = std::make_unique<TestPeer>(folder.path / name, name + ":1", network);
        REQUIRE(out->peer->follow(whose.workshop.feed().root.string()));
        REQUIRE(out->reaches(whose.head().seq()));
        REQUIRE(reader.peer->follow(whose.link(name + ":1")));
        return out;
    }

private:
    Newsroom rob() {
        newsroom.release("First");
        return twin_of(newsroom, folder.path);
    }
};

inline std::set<std::string> titles(const TestPeer& peer) {
    auto reader = ArchiveReader::open(DataDirectory{peer.data}.archive());
    REQUIRE(reader);
    const auto page = reader->search({});
    REQUIRE(page);
    std::set<std::string> out;
    for (const auto& hit : page->hits) out.insert(hit.title);
    return out;
}

inline std::map<std::string, WithdrawnKey> marks(const TestPeer& peer) {
    auto reader = ArchiveReader::open(DataDirectory{peer.data}.archive());
    REQUIRE(reader);
    const auto page = reader->search({});
    REQUIRE(page);
    std::map<std::string, WithdrawnKey> out;
    for (const auto& hit : page->hits)
        if (hit.withdrawn) out[hit.title] = *hit.withdrawn;
    return out;
}

}  // namespace colport::test
