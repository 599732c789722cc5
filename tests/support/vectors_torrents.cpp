// Vectors of info dictionaries, listings and subscription links.

#include <fmt/format.h>

#include "core/limits.h"
#include "core/message.h"
#include "feed/door.h"
#include "feed/link.h"
#include "feed/listing.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {
namespace {

using Json = VectorWriter::Json;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    COLPORT_ASSERT(at != text.npos);
    return text.replace(at, from.size(), to);
}

void infos(VectorWriter& out, const PublicKey& feed) {
    const auto info = info_of(feed, 4);
    const auto good = encode(info);
    out.add("info", "good", good,
            {{"feed", feed.hex()}, {"volume", 1}, {"info_hash", info_hash(good).hex()},
             {"info_sha256", sha256(good).hex()}},
            "ok", "four files, the third without padding");
    out.list("info", "info/good",
             {{"feed", feed.hex()}, {"volume", 1}, {"info_hash", info_hash(good).hex()},
              {"info_sha256", sha256("other").hex()}},
             "forged", "the head signs another SHA-256");
    out.list("info", "info/good",
             {{"feed", feed.hex()}, {"volume", 2}, {"info_hash", info_hash(good).hex()},
              {"info_sha256", sha256(good).hex()}},
             "forged", "the head names another volume");
    const auto add = [&](const std::string& name, const std::string& bytes, const char* expect,
                         const char* note) {
        out.add("info", name, bytes, {}, expect, note);
    };
    const auto change = [&](const char* name, const char* expect, const char* note, auto edit) {
        auto odd = info;
        edit(odd);
        add(name, encode(odd), expect, note);
    };
    for (const std::size_t size : {std::size_t{0}, good.size() / 2, good.size() - 1})
        add(fmt::format("cut-at-{}", size), good.substr(0, size), "corrupt", "cut short");
    add("trailing-bytes", good + "e", "corrupt", "a byte too many");
    add("newer-format", replaced(good, "6:formati1e", "6:formati2e"), "unsupported", "format 2");
    add("not-colport", replaced(good, "7:colport", "7:foreign"), "corrupt", "somebody's torrent");
    add("leading-zero", replaced(good, "6:lengthi1000e", "6:lengthi01000e"), "corrupt",
        "an integer with a leading zero");
    add("key-order",
        replaced(replaced(good, "6:formati1e", ""), "6:volumei1e", "6:volumei1e6:formati1e"),
        "corrupt", "format after volume");
    add("no-pad",
        replaced(good,
                 fmt::format("d4:attr1:p6:lengthi{}e4:pathl4:.pad{}:{}ee",
                             limits::piece_length - 1000, info.files[0].name.size(),
                             info.files[0].name),
                 ""),
        "corrupt", "the pad file after the first file is missing");
    add("other-key", replaced(good, "5:filesl", "4:evil1:x5:filesl"), "corrupt",
        "a key that the format does not have");
    add("piece-length", replaced(good, "12:piece lengthi262144e", "12:piece lengthi131072e"),
        "corrupt", "128 KiB pieces");
    change("traversal", "corrupt", "../x", [](auto& i) { i.files[0].name = "../x"; });
    change("slash", "corrupt", "a/b", [](auto& i) { i.files[0].name = "a/b"; });
    change("hidden", "corrupt", "a name that begins with a dot",
           [](auto& i) { i.files[0].name = ".zst"; });
    change("option", "corrupt", "a name that begins with a hyphen",
           [](auto& i) { i.files[0].name = "-rf"; });
    change("upper-case", "corrupt", "an upper-case name",
           [](auto& i) { i.files[0].name = "00000001-000.Articles.zst"; });
    change("long-name", "corrupt", "a name of 65 bytes",
           [](auto& i) { i.files[0].name = "0" + std::string(64, 'x'); });
    change("unsorted", "corrupt", "files not in order",
           [](auto& i) { std::swap(i.files[0], i.files[1]); });
    change("same-name", "corrupt", "two files of one name",
           [](auto& i) { i.files[1].name = i.files[0].name; });
    change("pieces-missing", "corrupt", "one piece hash too few",
           [](auto& i) { i.pieces.resize(i.pieces.size() - 20); });
    change("pieces-many", "corrupt", "one piece hash too many",
           [](auto& i) { i.pieces += std::string(20, 'x'); });
    change("empty-file", "too_large", "a file of no bytes", [](auto& i) { i.files[0].size = 0; });
    change("large-file", "too_large", "a file over 64 MiB",
           [](auto& i) { i.files[0].size = limits::bundle + 1; });
    change("no-files", "too_large", "no files", [](auto& i) { i.files.clear(), i.pieces.clear(); });
    change("seq-zero", "corrupt", "releases begin at 1", [](auto& i) { i.seq = 0; });
}

void listings(VectorWriter& out, const PublicKey& feed) {
    const auto info = info_of(feed, 4);
    const auto base = [&] {
        auto older = info_of(feed, 2);
        older.seq = 2;
        return older;
    }();
    out.write("info/base", encode(base));
    const Json on_base{{"feed", feed.hex()}, {"base", "info/base"}, {"info", "info/good"}};
    const Json alone{{"feed", feed.hex()}, {"info", "info/good"}};
    const auto add = [&](const char* name, const pb::Listing& listing, const Json& with,
                         const char* expect, const char* note) {
        out.add("listing", name, encode_message(listing), with, expect, note);
    };
    const auto whole = make_listing(info, 0);
    const auto delta = make_listing(info, 2);
    add("whole", whole, alone, "ok", "everything");
    add("delta", delta, on_base, "ok", "what follows the first two files");
    out.list("listing", "listing/delta", alone, "corrupt", "builds on files that are not held");
    auto odd = delta;
    odd.mutable_files(0)->set_size(odd.files(0).size() - 1);
    add("other-size", odd, on_base, "forged", "gives another info dictionary");
    odd = delta;
    odd.mutable_files(0)->set_name("../x");
    add("traversal", odd, on_base, "corrupt", "a name that leads out of the folder");
    odd = delta;
    odd.set_volume(2);
    add("other-volume", odd, on_base, "corrupt", "builds on another volume");
    odd = delta;
    odd.mutable_pieces()->resize(odd.pieces().size() - 1);
    add("pieces-cut", odd, on_base, "corrupt", "not a multiple of 20 bytes");
    odd = delta;
    odd.mutable_files(0)->set_sha256("short");
    add("short-hash", odd, on_base, "corrupt", "a SHA-256 of 5 bytes");
    odd = whole;
    for (int i = 0; i < 1021; ++i) odd.add_files();
    add("many-files", odd, alone, "too_large", "1,025 files");
    out.add("listing", "cut-short", Bytes(encode_message(delta)).substr(0, 50), on_base, "corrupt",
            "cut short");
}

void links(VectorWriter& out, const PublicKey& feed) {
    Link link{feed, "Ежедневная газета & Co", {"udp://tracker.example.org:6969/announce"},
              {"https://example.org/feed/"}, {"192.0.2.1:6881"}};
    const auto text = to_string(link);
    const Json with{{"feed", feed.hex()}};
    const auto add = [&](const char* name, const std::string& content, const char* expect,
                         const char* note) {
        out.add("link", name, content, std::string_view(expect) == "ok" ? with : Json(), expect,
                note);
    };
    const auto door = door_of(feed).info_hash.hex();
    const auto shortest = fmt::format("magnet:?xt=urn:btih:{}&xs=urn:btpk:{}", door, feed.hex());
    add("good", text, "ok", "every part");
    add("shortest", shortest, "ok", "the door and the key alone");
    add("white-space", " " + text + "\n", "ok", "as copied from a page");
    add("unknown-part", text + "&x.new=1", "ok", "a part that a later version adds");
    add("empty-name", shortest + "&dn=&tr=udp%3A%2F%2Fa.example%3A1", "ok", "dn without a value");
    add("salt", text + "&s=636f6c706f7274", "invalid", "a salt, which no feed has");
    add("v2-hash", text + "&xt=urn:btmh:1220" + sha256("x").hex(), "invalid",
        "a v2 info-hash beside");
    add("foreign-door", replaced(text, door, info_hash("x").hex()), "invalid",
        "the door does not follow from the key");
    add("no-key", "magnet:?xt=urn:btih:" + door, "invalid", "a magnet of no feed");
    add("no-door", "magnet:?xs=urn:btpk:" + feed.hex(), "invalid", "no info-hash");
    add("short-key", replaced(text, feed.hex(), feed.hex().substr(2)), "invalid",
        "a key of 31 bytes");
    add("not-magnet", "https://example.org/", "invalid", "another scheme");
    add("nul", text + "&dn=a%00b", "invalid", "NUL in a name");
    add("not-utf-8", text + "&dn=%ff", "invalid", "a name that is not UTF-8");
    add("over-size", text + "&tr=" + std::string(limits::link, 'x'), "too_large", "over 8 KiB");
}

}  // namespace

void write_torrent_vectors(VectorWriter& out) {
    const auto feed = test_key("gazette root").public_key();
    infos(out, feed);
    listings(out, feed);
    links(out, feed);
}

}  // namespace colport::support
