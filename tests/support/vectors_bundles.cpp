// Vectors of bundles.

#include <functional>

#include "core/limits.h"
#include "core/message.h"
#include "feed/record.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {
namespace {

using Json = VectorWriter::Json;

struct Bundles {
    VectorWriter& out;
    SigningKey root = test_key("gazette root");
    SigningKey signing = test_key("gazette signing");
    SigningKey stranger = test_key("stranger");
    const PublicKey& feed = root.public_key();
    std::vector<pb::Article> two{test_article(feed, "one", "First", "The first text."),
                                 test_article(feed, "two", "Second", "The second text.",
                                              test_time + 1)};
    BundleParts parts = bundle_parts(feed, two);
    Json usual{{"feed", feed.hex()}, {"keyring", "keyring/good"}};

    void add(const std::string& name, const std::string& bytes, const char* expect,
             const char* note) const {
        out.add("bundle", name + ".zst", bytes, usual, expect, note);
    }
    void change(const char* name, const char* expect, const char* note, auto edit) const {
        auto odd = parts;
        edit(odd);
        add(name, seal_bundle(odd, signing), expect, note);
    }
};

void good(const Bundles& b) {
    const BundleInfo info{b.feed, 1, test_time};
    b.add("good", must(write_article_bundle(info, b.two, nullptr, b.signing)), "ok",
          "two articles in one frame");
    b.out.write("bundle/example.zst",
                must(write_article_bundle(info, {b.two[0]}, nullptr, b.signing)));
    b.out.write("bundle/example.index", encode_message(folded_parts(b.feed, {b.two[0]}).index));
    b.out.list("bundle", "bundle/example.zst", b.usual, "ok", "the example of SPEC.md");
    const auto many = many_articles(b.feed, 70);
    b.add("several-frames", must(write_article_bundle(info, many, nullptr, b.signing)), "ok",
          "70 articles, more than one frame holds");
    const auto bytes = test_dictionary(b.feed, 4096);
    const std::vector<pb::Article> few(many.begin(), many.begin() + 3);
    auto with = b.usual;
    const auto use = [&](const char* name, const std::string& file, const char* words,
                         const char* note) {
        b.out.write(std::string("bundle/") + words, file);
        with["dictionary"] = std::string("bundle/") + words;
        const auto dictionary = must(Dictionary::load(file));
        b.out.add("bundle", name, must(write_article_bundle(info, few, dictionary, b.signing)),
                  with, "ok", note);
    };
    use("dictionary.zst", Dictionary::pack(bytes), "words.dict.zst", "a frame for each article");
    use("dictionary-as-it-is.zst", bytes, "words.dict", "a dictionary that is not packed");
    pb::Picture picture;
    picture.set_media_type("image/png");
    picture.set_data("not looked at here");
    pb::Picture second = picture;
    second.set_media_type("image/webp");
    second.set_data("nor here");
    b.add("media", must(write_media_bundle(info, {picture, second}, b.signing)), "ok",
          "two pictures");
    second.set_media_type("image/svg+xml");
    b.add("media-svg", must(write_media_bundle(info, {second}, b.signing)), "corrupt",
          "a media type that may carry scripts");
    with = b.usual;
    with["keyring"] = "keyring/revoked";
    b.add("empty", must(write_article_bundle(info, {}, nullptr, b.signing)), "ok", "no article");
    b.out.add("bundle", "revoked.zst", must(write_article_bundle(info, b.two, nullptr, b.stranger)),
              with, "ok", "bundles of a revoked key stay readable");
}

/// What is said of a bundle whose key was withdrawn as of test_time, after release 7.
void marks(const Bundles& b) {
    const auto with = [&](std::int64_t arrived, const char* keyring = "keyring/least-seq") {
        return VectorWriter::Json{{"feed", b.usual["feed"]}, {"keyring", keyring},
                                  {"arrived", arrived}};
    };
    const BundleInfo info{b.feed, 7, test_time - 1};
    const std::string file = "mark/lost";
    b.out.add("mark", "lost", must(write_article_bundle(info, {}, nullptr, b.stranger)),
              with(test_time - 1), "ok", "here before the loss");
    b.out.list("mark", file, with(test_time), "denied", "not here before: its date may be a lie");
    auto listed = with(0);
    listed["listed_by"] = b.signing.public_key().hex();
    b.out.list("mark", file, listed, "ok", "a good key lists it");
    b.out.list("mark", "bundle/revoked.zst", with(1), "denied", "dated after the loss");
    b.out.list("mark", file, with(1, "keyring/good"), "denied", "a key that nobody named");
}

void forged(const Bundles& b) {
    const auto good = seal_bundle(b.parts, b.signing);
    const auto flip = [&](const char* name, std::size_t from_end, const char* expect,
                          const char* note) {
        auto odd = good;
        odd[odd.size() - from_end] = static_cast<char>(odd[odd.size() - from_end] ^ 1);
        b.add(name, odd, expect, note);
    };
    flip("signature-flipped", 1, "forged", "one bit of the signature");
    flip("key-flipped", 70, "forged", "one bit of the key");
    flip("index-flipped", 130, "forged", "one bit of the index");
    flip("index-unpacked-flipped", 100, "forged", "one bit of the index's unpacked size");
    flip("index-size-flipped", 104, "corrupt", "one bit of the index's size");
    flip("tag-flipped", 105, "corrupt", "one bit of the tag");
    for (const std::size_t size : {std::size_t{0}, std::size_t{100}, good.size() - 120,
                                   good.size() - 1})
        b.add("cut-at-" + std::to_string(size), good.substr(0, size), "corrupt", "cut short");
    b.add("cut-in-front", good.substr(1), "corrupt", "the first byte is missing");
    b.add("byte-in-front", "x" + good, "corrupt", "a byte too many in front");
    b.add("trailing-bytes", good + "x", "corrupt", "a byte too many");
    b.add("by-stranger", seal_bundle(b.parts, b.stranger), "forged",
          "a key that the keyring does not name");
    b.change("wrong-feed", "forged", "says that it belongs to another feed",
             [&](auto& p) { p.index.set_feed(b.stranger.public_key().str()); });
}

void wrong_index(const Bundles& b) {
    b.change("newer-format", "unsupported", "format 3", [](auto& p) { p.index.set_format(3); });
    b.change("media-of-format-2", "unsupported", "only bundles of articles are of format 2",
             [](auto& p) {
                 p.index.set_format(2);
                 p.index.set_kind(pb::BundleIndex::MEDIA);
             });
    b.change("format-2-gap", "corrupt", "a length before a record of format 2",
             [](auto& p) { p.index.set_format(2); });
    b.change("later-kind", "unsupported", "a kind that a later version adds", [](auto& p) {
        p.index.set_kind(static_cast<pb::BundleIndex::Kind>(2));
    });
    b.change("unknown-field", "ok", "a field that a later version adds", [](auto& p) {
        p.plain_index = encode_message(p.index) + varint_field(99, 7);
    });
    b.change("index-field-order", "corrupt", "feed before format", [](auto& p) {
        p.plain_index = encode_message(p.index).substr(2) + varint_field(1, 1);
    });
    b.change("index-explicit-default", "corrupt", "kind is present and 0", [](auto& p) {
        p.plain_index = encode_message(p.index).insert(36, varint_field(3, 0));
    });
    b.change("index-trailing-bytes", "corrupt", "a byte too many in the index",
             [](auto& p) { p.plain_index = encode_message(p.index) + std::string(1, '\0'); });
    b.change("index-over-size", "too_large", "says that its index unpacks to over 8 MiB",
             [](auto& p) { p.index_unpacked = limits::bundle_index + 1; });
    b.change("index-bomb", "corrupt", "an index that unpacks to more than it says", [](auto& p) {
        p.plain_index = std::string(limits::bundle_index, '\0');
        p.index_unpacked = 1000;
    });
    b.change("index-short", "corrupt", "an index that unpacks to less than it says",
             [](auto& p) { p.index_unpacked = 5000; });
    b.change("entries-over-limit", "too_large", "65,537 entries", [&](auto& p) {
        const auto entry = p.index.entries(0);
        p.index.clear_entries();
        for (std::size_t i = 0; i <= limits::bundle_entries; ++i) *p.index.add_entries() = entry;
    });
    b.change("seq-zero", "corrupt", "releases begin at 1", [](auto& p) { p.index.set_seq(0); });
    b.change("dictionary-short", "corrupt", "a dictionary's hash of 31 bytes",
             [](auto& p) { p.index.set_dictionary(std::string(31, 'x')); });
    b.change("frame-missing", "corrupt", "no frames in the index, one in the file",
             [](auto& p) { p.index.clear_frames(); });
    b.change("frame-too-many", "corrupt", "three frames for two entries", [](auto& p) {
        for (int i = 0; i < 2; ++i) p.index.add_frames()->set_packed(0);
    });
    b.change("frame-packed-wrong", "corrupt", "sizes of frames that do not add up", [](auto& p) {
        p.index.mutable_frames(0)->set_packed(p.index.frames(0).packed() - 1);
    });
    b.change("entry-outside", "corrupt", "an entry beyond its frame", [](auto& p) {
        p.index.mutable_entries(1)->set_size(p.index.entries(1).size() + 1);
    });
    b.change("entry-overlap", "corrupt", "two entries over the same bytes", [](auto& p) {
        *p.index.mutable_entries(1) = p.index.entries(0);
    });
    b.change("entry-gap", "corrupt", "bytes that no entry names", [](auto& p) {
        p.index.mutable_entries()->DeleteSubrange(0, 1);
    });
    b.change("entry-no-frame", "corrupt", "an entry in a frame that is not there",
             [](auto& p) { p.index.mutable_entries(1)->set_frame(1); });
    b.change("entry-short-id", "corrupt", "an id of 15 bytes",
             [](auto& p) { p.index.mutable_entries(0)->mutable_id()->pop_back(); });
}

/// One frame that unpacks to `unpacked` but says `claimed`.
BundleParts one_frame(const Bundles& b, const std::string& unpacked, std::uint32_t claimed) {
    auto out = b.parts;
    out.frames = Compressor().compress(unpacked);
    out.index.clear_entries();
    out.index.mutable_frames(0)->set_packed(static_cast<std::uint32_t>(out.frames.size()));
    out.index.mutable_frames(0)->set_unpacked(claimed);
    auto* entry = out.index.add_entries();
    entry->set_id(b.two[0].id());
    entry->set_revision(1);
    const auto size = claimed - static_cast<std::uint32_t>(varint(claimed - 5).size());
    entry->set_offset(claimed - size);
    entry->set_size(size);
    entry->set_sha256(sha256("x").str());
    return out;
}

void wrong_content(const Bundles& b) {
    b.add("bomb", seal_bundle(one_frame(b, std::string(limits::frame, '\0'), 100), b.signing),
          "corrupt", "a frame that says 100 bytes and unpacks to 8 MiB");
    b.add("frame-over-size",
          seal_bundle(one_frame(b, "x", limits::frame + 1), b.signing), "too_large",
          "a frame that says more than 8 MiB");
    {
        // 65 frames of 8 MiB pack into a few kilobytes.
        auto odd = one_frame(b, std::string(limits::frame, '\0'), limits::frame);
        const auto frame = odd.frames;
        for (std::uint32_t i = 1; i <= limits::bundle_unpacked / limits::frame; ++i) {
            odd.frames += frame;
            *odd.index.add_frames() = odd.index.frames(0);
            *odd.index.add_entries() = odd.index.entries(0);
            odd.index.mutable_entries(static_cast<int>(i))->set_frame(i);
        }
        b.add("unpacks-over-size", seal_bundle(odd, b.signing), "too_large",
              "frames that unpack to over 512 MiB together");
    }
    b.change("shared-frame-over-size", "corrupt", "several articles in a frame over 64 KiB",
             [&](auto& p) {
                 auto long_one = b.two[0];
                 long_one.set_summary(std::string(limits::shared_frame, 'x'));
                 p = bundle_parts(b.feed, {long_one, b.two[1]});
             });
    b.change("hash-mismatch", "corrupt", "an article that is not the one in the index",
             [](auto& p) { p.index.mutable_entries(1)->set_sha256(sha256("x").str()); });
    b.change("other-id", "corrupt", "an article with another id than its entry",
             [&](auto& p) { p.index.mutable_entries(1)->set_id(std::string(16, 'x')); });
    b.change("other-revision", "corrupt", "an article of another revision than its entry",
             [&](auto& p) { p.index.mutable_entries(1)->set_revision(2); });
    b.change("other-time", "corrupt", "an article of another time than its entry",
             [&](auto& p) { p.index.mutable_entries(1)->set_published(5); });
    b.change("not-retracted", "corrupt", "an entry that calls an article retracted",
             [&](auto& p) { p.index.mutable_entries(1)->set_retracted(true); });
    b.change("bad-article", "corrupt", "an article with a javascript: link", [&](auto& p) {
        auto article = b.two[0];
        article.set_url("javascript:alert(1)");
        p = bundle_parts(b.feed, {article});
    });
    b.change("length-prefix", "corrupt", "a length in the frame that the index contradicts",
             [&](auto& p) {
                 auto bytes = record(encode_message(b.two[0])) + record(encode_message(b.two[1]));
                 bytes[0] = static_cast<char>(bytes[0] ^ 1);
                 p.frames = Compressor().compress(bytes);
                 p.index.mutable_frames(0)->set_packed(static_cast<std::uint32_t>(p.frames.size()));
             });
    b.change("frame-damaged", "corrupt", "bytes that are not zstd",
             [](auto& p) { p.frames = std::string(p.frames.size(), 'x'); });
    b.change("frame-tail", "corrupt", "a byte after the end of a frame", [](auto& p) {
        p.frames += 'x';
        p.index.mutable_frames(0)->set_packed(static_cast<std::uint32_t>(p.frames.size()));
    });
}

/// A bundle of format 2 whose first record is another, under the hash of the true one.
void change_record(const Bundles& b, const char* name, const char* note,
                   const std::function<void(std::string&)>& edit) {
    auto parts = folded_parts(b.feed, {b.two[0]});
    auto bytes = must(record_of(encode_message(b.two[0])));
    edit(bytes);
    parts.index.mutable_entries(0)->set_size(static_cast<std::uint32_t>(bytes.size()));
    pack_frame(parts, bytes);
    b.add(name, seal_bundle(parts, b.signing), "corrupt", note);
}

void records(const Bundles& b) {
    b.add("format-1", seal_bundle(b.parts, b.signing), "ok", "records with their lengths");
    b.add("every-kind", must(write_article_bundle({b.feed, 1, test_time},
                                                  {rich_article(b.feed)}, nullptr, b.signing)),
          "ok", "an article with every kind of block");
    {
        auto article = b.two[0];
        auto message = encode_message(article) + bytes_field(30, "later") + varint_field(31, 9);
        auto bytes = must(record_of(message));
        auto parts = folded_parts(b.feed, {article});
        parts.index.mutable_entries(0)->set_size(static_cast<std::uint32_t>(bytes.size()));
        parts.index.mutable_entries(0)->set_sha256(sha256(message).str());
        pack_frame(parts, bytes);
        b.add("record-later-fields", seal_bundle(parts, b.signing), "ok",
              "fields that a later version adds keep their lengths");
    }
    change_record(b, "record-cut", "a record without its last end",
                  [](auto& r) { r.pop_back(); });
    change_record(b, "record-cut-in-text", "a record that ends within a text",
                  [](auto& r) { r.resize(r.find("First") + 3); });
    change_record(b, "record-two-ends", "a record with an end too many",
                  [](auto& r) { r += '\0'; });
    change_record(b, "record-early-end", "an end in front of the record",
                  [](auto& r) { r.insert(0, 1, '\0'); });
    change_record(b, "record-bytes-outside", "an id that says it is longer than the record",
                  [](auto& r) { r[1] = '\x7f'; });
    change_record(b, "record-other-text", "a record of another article than the hash is of",
                  [](auto& r) { r[r.find("First")] = 'f'; });
    change_record(b, "record-group", "a wire type that the format does not have",
                  [](auto& r) { r.insert(18, "\x0b"); });
}

/// A bundle of an article whose message is not what writers make, and its record.
void add_odd(const Bundles& b, const char* name, const std::string& message,
             const std::string& record, const char* expect, const char* note) {
    auto parts = folded_parts(b.feed, {b.two[0]});
    parts.index.mutable_entries(0)->set_size(static_cast<std::uint32_t>(record.size()));
    parts.index.mutable_entries(0)->set_sha256(sha256(message).str());
    pack_frame(parts, record);
    b.add(name, seal_bundle(parts, b.signing), expect, note);
}

void odd_articles(const Bundles& b) {
    const auto message = encode_message(b.two[0]);
    auto open = must(record_of(message));
    open.pop_back();
    const std::string end(1, '\0');
    const std::string group = "\xf3\x01\xf4\x01";
    add_odd(b, "record-whole-group", message + group, open + group + end, "corrupt",
            "a group, begun and ended, as field 30");
    // An empty one is written alike in both forms.
    std::string spans;
    for (int i = 0; i < 131'072; ++i) spans += std::string("\x0a\0", 2);
    add_odd(b, "article-parts", message + bytes_field(16, bytes_field(1, spans)),
            open + "\x82\x01\x0a" + spans + end + end + end, "too_large",
            "an article of 131,074 messages");
}

void bad_dictionaries(const Bundles& b) {
    // What is cut off is content, of which any length serves.
    const auto good = test_dictionary(b.feed, 4096).substr(0, 3000);
    const auto add = [&](const std::string& name, const std::string& file, const char* note) {
        auto with = b.usual;
        with["dictionary"] = "bundle/" + name + ".dict";
        b.out.write("bundle/" + name + ".dict", file);
        auto parts = folded_parts(b.feed, {b.two[0]});
        parts.index.set_dictionary(sha256(file).str());
        b.out.add("bundle", name + ".zst", seal_bundle(parts, b.signing), with, "corrupt", note);
    };
    add("dictionary-of-text", std::string(200, 'x'), "a dictionary that is plain text");
    auto odd = good;
    odd.replace(4, 4, 4, '\0');
    add("dictionary-without-id", odd, "a dictionary whose ID is 0");
    // A frame of one block that is not compressed, with a window of 1 MiB and no size.
    const auto size = static_cast<std::uint32_t>(good.size() << 3 | 1);
    std::string frame("\x28\xb5\x2f\xfd\0\x50", 6);
    for (int shift = 0; shift < 24; shift += 8) frame += static_cast<char>(size >> shift);
    add("dictionary-of-unsaid-size", frame + good, "a packed dictionary that does not say its size");
}

}  // namespace

void write_bundle_vectors(VectorWriter& out) {
    const Bundles bundles{out};
    records(bundles);
    odd_articles(bundles);
    bad_dictionaries(bundles);
    good(bundles);
    marks(bundles);
    forged(bundles);
    wrong_index(bundles);
    wrong_content(bundles);
}

}  // namespace colport::support
