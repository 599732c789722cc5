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
