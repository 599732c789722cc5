// Vectors of gossip, minisign files and secret keys.

#include "core/limits.h"
#include "core/message.h"
#include "core/minisign.h"
#include "gossip.pb.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {
namespace {

using Json = VectorWriter::Json;

pb::Listing small_listing() {
    pb::Listing out;
    out.set_volume(1);
    out.set_seq(7);
    out.set_held(6);
    auto* file = out.add_files();
    file->set_name("00000007-000.articles.zst");
    file->set_size(1234);
    file->set_sha256(sha256("a bundle").str());
    out.set_pieces(std::string(20, 'p'));
    return out;
}

void gossip(VectorWriter& out) {
    const auto add = [&](const char* name, const std::string& bytes, const char* expect,
                         const char* note) {
        out.add("gossip", name, bytes, {}, expect, note);
    };
    const auto root = test_key("gazette root");
    pb::Gossip announce;
    announce.mutable_announce()->set_head(
        signed_head(head_message(root.public_key(), 7), test_key("gazette signing")));
    announce.mutable_announce()->set_keyring_sha256(sha256("keyring").str());
    add("announce", encode_message(announce), "ok", "the head of release 7");
    auto listing = announce;
    *listing.mutable_announce()->mutable_listing() = small_listing();
    add("announce-listing", encode_message(listing), "ok", "with what the release adds");
    pb::Gossip get;
    get.mutable_get()->mutable_subject()->set_kind(pb::Subject::LISTING);
    get.mutable_get()->mutable_subject()->set_volume(1);
    get.mutable_get()->mutable_subject()->set_seq(7);
    get.mutable_get()->mutable_subject()->set_held(6);
    add("get", encode_message(get), "ok", "what release 7 of volume 1 adds to six files");
    pb::Gossip part;
    *part.mutable_part()->mutable_subject() = get.get().subject();
    part.mutable_part()->set_total(limits::gossip_part + 3);
    part.mutable_part()->set_offset(limits::gossip_part);
    part.mutable_part()->set_data("end");
    add("part", encode_message(part), "ok", "the last bytes of an answer");
    part.mutable_part()->set_offset(0);
    part.mutable_part()->set_data(std::string(limits::gossip_part, 'x'));
    add("part-full", encode_message(part), "ok", "as large as parts get");
    part.mutable_part()->set_data(std::string(limits::gossip_message, 'x'));
    add("over-size", encode_message(part), "too_large", "over 16 KiB");
    add("later-kind", bytes_field(9, "later"), "ok", "a kind that a later version adds: ignored");
    add("cut-short", encode_message(announce).substr(0, 20), "corrupt", "cut short");
    add("two-kinds", encode_message(announce) + encode_message(get), "corrupt",
        "only one kind a message");
    add("explicit-default",
        bytes_field(2, encode_message(get.get()) + varint_field(2, 0)), "corrupt",
        "offset is present and 0");
    add("trailing-bytes", encode_message(get) + std::string(1, '\0'), "corrupt",
        "a byte too many");
}

void minisign_files(VectorWriter& out) {
    const auto key = test_key("gazette signing");
    const auto other = test_key("stranger");
    const std::string content = "what is signed\n";
    out.write("minisign/content", content);
    out.write("minisign/key.pub", minisign::public_key_file(key.public_key()));
    const Json with{{"public_key", "minisign/key.pub"}, {"content", "minisign/content"}};
    const auto add = [&](const char* name, const std::string& bytes, const char* expect,
                         const char* note) {
        out.add("minisign", name, bytes, with, expect, note);
    };
    const auto good = minisign::sign(key, content, "release:7");
    add("good.minisig", good, "ok", "a prehashed signature");
    add("other-content.minisig", minisign::sign(key, "something else", "release:7"), "forged",
        "a signature of something else");
    add("by-stranger.minisig", minisign::sign(other, content, "release:7"), "forged",
        "another key's");
    auto odd = good;
    odd.replace(odd.find("release:7"), 9, "release:8");
    add("comment-changed.minisig", odd, "forged", "the trusted comment is signed too");
    add("cut-short.minisig", good.substr(0, good.size() / 2), "corrupt", "cut short");
    odd = good;
    odd.insert(odd.find('\n') + 5, " ");
    add("space-in-base64.minisig", odd, "corrupt", "base64 is strict");
}

void secret_keys(VectorWriter& out) {
    const auto key = test_key("gazette signing");
    const auto with = [&](const char* role, const char* passphrase) {
        return Json{{"role", role}, {"passphrase", passphrase},
                    {"public_key", key.public_key().hex()}};
    };
    const auto add = [&](const char* name, const std::string& bytes, Json context,
                         const char* expect, const char* note) {
        out.add("secret-key", name, bytes, std::move(context), expect, note);
    };
    const auto good = seal_key(key, "signing", "correct horse", 1, 64);
    add("good.key", good, with("signing", "correct horse"), "ok", "with a passphrase");
    out.list("secret-key", "secret-key/good.key", with("signing", "wrong horse"), "denied",
             "wrong passphrase");
    out.list("secret-key", "secret-key/good.key", with("root", "correct horse"), "denied",
             "the role is authenticated");
    const auto bare = seal_key(key, "signing", "", 0, 0);
    add("unencrypted.key", bare, with("signing", ""), "ok", "without a passphrase");
    out.list("secret-key", "secret-key/unencrypted.key", with("root", ""), "corrupt",
             "the role is authenticated");
    add("much-memory.key", seal_key(key, "signing", "x", 1, 4'000'000), with("signing", "x"),
        "unsupported", "asks for 4 GiB");
    add("much-work.key", seal_key(key, "signing", "x", 1'000'000, 64), with("signing", "x"),
        "unsupported", "asks for a million passes");
    add("no-work.key", seal_key(key, "signing", "x", 0, 64), with("signing", "x"), "unsupported",
        "asks for no pass");
    add("no-memory.key", seal_key(key, "signing", "x", 1, 7), with("signing", "x"), "unsupported",
        "asks for less memory than Argon2id takes");
    add("cut-short.key", good.substr(0, good.size() - 9), with("signing", "correct horse"),
        "corrupt", "cut short");
    add("no-line-end.key", good.substr(0, good.size() - 1), with("signing", "correct horse"),
        "corrupt", "no line end");
}

}  // namespace

void write_small_vectors(VectorWriter& out) {
    gossip(out);
    minisign_files(out);
    secret_keys(out);
}

}  // namespace colport::support
