// Runs every test vector in proto/vectors, as any other implementation would.

#include <catch2/catch.hpp>
#include <zstd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "core/key_file.h"
#include "core/limits.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/bundle.h"
#include "feed/files.h"
#include "feed/link.h"
#include "feed/listing.h"
#include "feed/record.h"
#include "feed/shelf.h"
#include "feed/verify.h"
#include "gossip.pb.h"
#include "peer/standing.h"
#include "press/signing/signing.h"
#include "signing.pb.h"
#include "support/test_feed.h"

using namespace colport;
using support::must;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(COLPORT_SOURCE_DIR) / "proto" / "vectors";

std::string bytes_of(const std::string& file) { return must(read_file(folder / file, 1 << 20)); }
std::string bytes_of(const Json& with, const char* key) {
    return bytes_of(with.at(key).get<std::string>());
}

template <class Hash>
Hash hex_of(const Json& with, const char* key) {
    return Hash::from_hex_text(with.at(key).get<std::string>()).value();
}

Keyring keyring_of(const Json& with) {
    return must(Keyring::verify(bytes_of(with, "keyring"), hex_of<PublicKey>(with, "feed")));
}

const Error differs{Errc::forged, "differs from what is expected"};

Status run_bundle(const std::string& file, const Json& with) {
    const auto bytes = bytes_of(file);
    const auto bundle = COLPORT_TRY(BundleReader::open(bytes, keyring_of(with)));
    std::shared_ptr<const Dictionary> dictionary;
    if (bundle.dictionary())
        dictionary = COLPORT_TRY(Dictionary::load(bytes_of(with, "dictionary")));
    return bundle.verify_all(dictionary.get());
}

Status run_mark(const std::string& file, const Json& with) {
    const auto bytes = bytes_of(file);
    const auto bundle = must(BundleReader::open_alone(bytes));
    BundleOrigin origin{bundle.signer(), bundle.index().seq(), bundle.index().time(),
                        {with.at("arrived"), {}}};
    if (with.contains("listed_by"))
        origin.arrival.listed_by = hex_of<PublicKey>(with, "listed_by");
    const auto key = keyring_of(with).withdrawn(origin);
    return key && key->doubtful ? Error{Errc::denied, ""} : done();
}

Status run_keyring(const std::string& file, const Json& with) {
    const auto bytes = bytes_of(file);
    const auto keyring = COLPORT_TRY(Keyring::verify(bytes, hex_of<PublicKey>(with, "feed")));
    const auto kept = with.contains("kept") ? bytes_of(with, "kept") : bytes;
    return keyring.file() == kept ? done() : differs;
}

Status run_keyring_order(const std::string& file, const Json& with) {
    const auto feed = hex_of<PublicKey>(with, "feed");
    const auto held = must(Keyring::verify(bytes_of(with, "held"), feed));
    switch (COLPORT_TRY(Keyring::verify(bytes_of(file), feed)).compared_with(held)) {
        case KeyringOrder::newer: return done();
        case KeyringOrder::older: return Error{Errc::stale, ""};
        case KeyringOrder::replaced: return Error{Errc::denied, ""};
        case KeyringOrder::fork: return Error{Errc::forked, ""};
    }
    return differs;
}

/// A follower who knows no keyring yet, in an archive of her own.
struct Follower {
    support::ScratchFolder scratch;
    Clock clock;
    Archive archive = must(Archive::open(scratch.path() / "archive.db"));
    Standing standing;

    Follower(const PublicKey& feed, std::int64_t now)
        : clock([now] { return now; }), standing(open(feed)) {}
    Standing open(const PublicKey& feed) {
        FeedRecord record;
        record.feed = feed;
        must(archive.save_feed(record));
        return must(Standing::open(archive, clock, std::move(record)));
    }
};

Status run_keyring_fork(const std::string& file, const Json& with) {
    Follower reader(hex_of<PublicKey>(with, "feed"), 0);
    for (const char* side : {"held", "other"})
        REQUIRE(must(reader.standing.take_keyring(bytes_of(with, side))));
    REQUIRE(reader.standing.keys_forked());
    COLPORT_TRY(reader.standing.take_keyring(bytes_of(file)));
    return reader.standing.keys_forked() ? Error{Errc::forked, ""} : done();
}

Status run_keyring_request(const std::string& file, const Json& with) {
    pb::SigningRequest request;
    request.set_format(1);
    request.set_keyring(bytes_of(with, "held"));
    request.set_next_keyring(bytes_of(file));
    COLPORT_TRY(read_request(encode_message(request)));
    return done();
}

Status run_head_order(const std::string& file, const Json& with) {
    Follower reader(hex_of<PublicKey>(with, "feed"), with.at("now"));
    REQUIRE(must(reader.standing.take_keyring(bytes_of(with, "keyring"))));
    REQUIRE(must(reader.standing.take_head(bytes_of(with, "held"))));
    const bool news = COLPORT_TRY(reader.standing.take_head(bytes_of(file)));
    if (reader.standing.forked()) return Error{Errc::forked, ""};
    return news ? done() : Error{Errc::stale, ""};
}

Status run_keyring_item(const std::string& file, const Json& with) {
    const auto value = bytes_of(file);
    const auto feed = hex_of<PublicKey>(with, "feed");
    const auto signature = hex_of<Signature>(with, "signature");
    const auto keyring =
        COLPORT_TRY(Keyring::verify(COLPORT_TRY(Keyring::file_of_item(value, signature)), feed));
    const auto item = keyring.item();
    return item && item->value == value && item->signature == signature ? done() : differs;
}

Status run_head(const std::string& file, const Json& with) {
    COLPORT_TRY(verify_head(bytes_of(file), keyring_of(with), with.at("newest_seen"),
                            with.at("now")));
    return done();
}

Status run_shelf(const std::string& file, const Json& with) {
    const auto bytes = bytes_of(file);
    const auto shelf = COLPORT_TRY(parse_shelf(bytes, hex_of<PublicKey>(with, "feed")));
    return encode_shelf(shelf) == bytes ? done() : differs;
}

Status run_info(const std::string& file, const Json& with) {
    const auto bytes = bytes_of(file);
    if (with.empty()) {
        COLPORT_TRY(parse_info_dictionary(bytes));
        return done();
    }
    const SignedVolume signed_volume{with.at("volume"), hex_of<InfoHash>(with, "info_hash"),
                                     hex_of<Sha256>(with, "info_sha256")};
    const auto info =
        COLPORT_TRY(verify_info(bytes, signed_volume, hex_of<PublicKey>(with, "feed")));
    return encode(info) == bytes ? done() : differs;
}

Status run_article(const std::string& file, const Json&) {
    const auto article =
        COLPORT_TRY(parse_message<pb::Article>(bytes_of(file), limits::article, "article"));
    COLPORT_TRY(record_of(bytes_of(file)));
    return check(article);
}

Status run_link(const std::string& file, const Json& with) {
    const auto link = COLPORT_TRY(parse_link(bytes_of(file)));
    const auto again = COLPORT_TRY(parse_link(to_string(link)));
    return link.feed == hex_of<PublicKey>(with, "feed") && to_string(again) == to_string(link)
               ? done()
               : differs;
}

Status run_gossip(const std::string& file, const Json&) {
    COLPORT_TRY(parse_message<pb::Gossip>(bytes_of(file), limits::gossip_message, "gossip"));
    return done();
}

Status run_listing(const std::string& file, const Json& with) {
    const auto listing = COLPORT_TRY(
        parse_message<pb::Listing>(bytes_of(file), limits::info_dictionary, "listing"));
    InfoDictionary base;
    base.feed = hex_of<PublicKey>(with, "feed");
    if (with.contains("base")) base = must(parse_info_dictionary(bytes_of(with, "base")));
    const auto info = COLPORT_TRY(apply_listing(listing, base));
    return encode(info) == bytes_of(with, "info") ? done() : differs;
}

Status run_minisign(const std::string& file, const Json& with) {
    const auto key = COLPORT_TRY(minisign::parse_public_key_file(bytes_of(with, "public_key")));
    return minisign::check(key, bytes_of(with, "content"), bytes_of(file));
}

Status run_secret_key(const std::string& file, const Json& with) {
    const auto passphrase = Secret::copy(with.at("passphrase").get<std::string>());
    const auto key = COLPORT_TRY(
        key_file::open(bytes_of(file), with.at("role").get<std::string>(), passphrase));
    return key.public_key() == hex_of<PublicKey>(with, "public_key") ? done() : differs;
}

Status read_directory(const FeedDirectory& directory, std::int64_t now) {
    const auto records = COLPORT_TRY(load_records(directory, now));
    for (const auto& volume : volumes_of(records)) {
        const auto info = COLPORT_TRY(load_info(directory, volume, records.feed));
        for (const auto& file : info.files)
            if (COLPORT_TRY(hash_file(directory.volume(info.volume) / file.name, file.size)) !=
                file.sha256)
                return differs;
    }
    return done();
}

Status run_directory(const std::string& file, const Json& with) {
    const std::int64_t now = with.at("now");
    auto read = read_directory({folder / file}, now);
    const auto verified = verify_directory(folder / file, now);
    const bool released = fs::exists(folder / file / "head");
    CHECK((read.ok() && released) == verified.errors.empty());
    return read;
}

using Run = Status (*)(const std::string&, const Json&);
const std::map<std::string, Run> runs{
    {"bundle", run_bundle},     {"keyring", run_keyring},       {"keyring-item", run_keyring_item},
    {"head", run_head},         {"shelf", run_shelf},           {"info", run_info},
    {"article", run_article},   {"link", run_link},             {"gossip", run_gossip},
    {"listing", run_listing},   {"minisign", run_minisign},     {"secret-key", run_secret_key},
    {"feed-directory", run_directory}, {"keyring-order", run_keyring_order},
    {"keyring-fork", run_keyring_fork}, {"keyring-request", run_keyring_request},
    {"head-order", run_head_order}, {"mark", run_mark},
};

std::map<std::string, std::string> files_under(const fs::path& root) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file())
            out[fs::relative(entry.path(), root).string()] =
                must(read_file(entry.path(), 1 << 20));
    return out;
}

}  // namespace

TEST_CASE("every test vector meets its expected outcome") {
    const auto manifest = Json::parse(bytes_of("vectors.json"));
    std::map<std::string, int> good, bad;
    for (const auto& vector : manifest.at("vectors")) {
        const std::string file = vector.at("file");
        const std::string expect = vector.at("expect");
        CAPTURE(file, vector.at("note").get<std::string>(), vector.at("with").dump());
        const auto result =
            runs.at(vector.at("type").get<std::string>())(file, vector.at("with"));
        const std::string message = result ? "" : result.error().message;
        CAPTURE(message);
        CHECK((result ? "ok" : support::name_of(result.error().code)) == expect);
        ++(expect == "ok" ? good : bad)[vector.at("type").get<std::string>()];
    }
    for (const auto& [type, run] : runs) {
        CAPTURE(type);
        CHECK(good[type] > 0);
        CHECK(bad[type] > 0);
    }
}

TEST_CASE("make_vectors gives the committed test vectors") {
    const auto manifest = Json::parse(bytes_of("vectors.json"));
    if (manifest.at("zstd") != ZSTD_versionString()) {
        WARN("skipped: the vectors were made with zstd " << manifest.at("zstd"));
        return;
    }
    const support::ScratchFolder scratch;
    const auto command = std::string(COLPORT_MAKE_VECTORS) + " " + scratch.path().string();
    REQUIRE(std::system(command.c_str()) == 0);
    const auto made = files_under(scratch.path());
    const auto committed = files_under(folder);
    std::size_t total = 0;
    for (const auto& [name, bytes] : committed) {
        CAPTURE(name);
        total += bytes.size();
        REQUIRE(made.contains(name));
        CHECK(made.at(name) == bytes);
    }
    CHECK(made.size() == committed.size());
    CHECK(total < 320'000);
}

TEST_CASE("the worked example of SPEC.md is what the vectors hold") {
    std::ifstream spec(fs::path(COLPORT_SOURCE_DIR) / "proto" / "SPEC.md");
    std::map<std::string, std::string> examples;
    std::string line, *example = nullptr;
    while (std::getline(spec, line)) {
        if (line.starts_with("```hex ")) example = &examples[line.substr(7)];
        else if (line.starts_with("```")) example = nullptr;
        else if (example != nullptr)
            for (const char c : line.substr(0, line.find('#')))
                if (c != ' ') *example += c;
    }
    CHECK(examples.size() >= 2);
    for (const auto& [file, hex] : examples) {
        CAPTURE(file);
        CHECK(hex == to_hex(bytes_of(file)));
    }
}
