#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

#include "core/limits.h"
#include "core/message.h"
#include "feed/bundle.h"
#include "feed/bundle_layout.h"
#include "feed/files.h"
#include "feed/record.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;

namespace {

struct Fixture {
    SigningKey root = test_key("gazette root");
    SigningKey signing = test_key("gazette signing");
    const PublicKey& feed = root.public_key();
    BundleInfo info{feed, 7, test_time};
    Keyring keyring = [this] {
        auto message = keyring_message(feed);
        message.add_signing()->set_key(signing.public_key().str());
        const SigningKey* roots[] = {&root};
        return must(Keyring::verify(sign_keyring(message, roots), feed));
    }();

    [[nodiscard]] std::string bundle(std::vector<pb::Article> articles,
                                     std::shared_ptr<const Dictionary> dictionary = nullptr) const {
        return must(
            write_article_bundle(info, std::move(articles), std::move(dictionary), signing));
    }
    [[nodiscard]] Status verify(Bytes file, const Dictionary* dictionary = nullptr) const {
        const auto reader = COLPORT_TRY(BundleReader::open(file, keyring));
        return reader.verify_all(dictionary);
    }
};

/// What stock zstd prints for a bundle.
std::string unpacked_by_zstd(const std::filesystem::path& folder, const std::string& options) {
    const auto path = folder.string();
    REQUIRE(std::system(("zstd -q -dc " + options + " " + path + "/b.zst > " + path + "/out")
                            .c_str()) == 0);
    return must(read_file(folder / "out", 1 << 24));
}

}  // namespace

TEST_CASE("a bundle gives back its articles in order of time and id") {
    const Fixture f;
    auto articles = many_articles(f.feed, 60);
    const auto sorted = articles;
    std::reverse(articles.begin(), articles.end());
    for (const auto& dictionary : {std::shared_ptr<const Dictionary>(),
                                   must(Dictionary::load(test_dictionary(f.feed, 4096)))}) {
        const auto file = f.bundle(articles, dictionary);
        CHECK(file == f.bundle(sorted, dictionary));
        const auto reader = must(BundleReader::open(file, f.keyring));
        REQUIRE(reader.size() == sorted.size());
        for (std::size_t i = 0; i < sorted.size(); ++i)
            CHECK(encode_message(must(reader.article(i, dictionary.get()))) ==
                  encode_message(sorted[i]));
        CHECK(reader.index().seq() == 7);
        CHECK(reader.dictionary().has_value() == (dictionary != nullptr));
        if (dictionary) CHECK(reader.index().frames_size() == 60);
        else CHECK(reader.index().frames_size() < 60);
    }
}

TEST_CASE("a record gives back its message, whatever fields it has") {
    const Fixture f;
    auto messages = std::vector<std::string>{encode_message(rich_article(f.feed)),
                                             encode_message(pb::Article()), bytes_field(40, "\0\1"),
                                             bytes_field(99, "later") + varint_field(100, 7)};
    for (const auto& article : many_articles(f.feed, 20))
        messages.push_back(encode_message(article));
    for (const auto& message : messages) {
        const auto folded = must(record_of(message));
        CHECK(must(message_of(folded)) == message);
        for (std::size_t size = 0; size < std::min<std::size_t>(folded.size(), 400); ++size)
            CHECK_FALSE(message_of(Bytes(folded).substr(0, size)));
        CHECK_FALSE(message_of(folded + '\0'));
    }
}

TEST_CASE("no damage makes one record of two messages, nor a message much larger") {
    const Fixture f;
    const auto good = must(record_of(encode_message(rich_article(f.feed))));
    std::mt19937 random(3);
    for (int i = 0; i < 20'000; ++i) {
        auto odd = good;
        for (unsigned changes = 1 + random() % 4; changes > 0; --changes)
            odd[random() % odd.size()] = static_cast<char>(random());
        const auto message = message_of(odd);
        if (!message) continue;
        CHECK(message->size() <= 3 * odd.size());
        // What is canonical has one record.
        if (parse_message<pb::Article>(*message, limits::article, "article"))
            CHECK(must(record_of(*message)) == odd);
    }
}

TEST_CASE("what has no record is refused, not taken for a bug") {
    const Fixture f;
    auto article = many_articles(f.feed, 1)[0];
    const auto code = [](const std::string& message) {
        const auto out = record_of(message);
        REQUIRE_FALSE(out);
        return out.error().code;
    };
    const auto good = encode_message(article);
    CHECK(code(good.substr(0, good.size() - 1)) == Errc::corrupt);
    CHECK(code(bytes_field(5, std::string("a\0b", 3))) == Errc::corrupt);
    CHECK(code(good + "\xf3\x01\xf4\x01") == Errc::corrupt);
    CHECK(code(std::string("\0\0", 2)) == Errc::corrupt);
    std::string spans;
    for (std::size_t i = 0; i <= limits::article_parts; ++i) spans += std::string("\x0a\0", 2);
    CHECK(code(good + bytes_field(16, bytes_field(1, spans))) == Errc::too_large);
    article.set_title(std::string("a\0b", 3));
    const auto bundle = write_article_bundle(f.info, {article}, nullptr, f.signing);
    REQUIRE_FALSE(bundle);
    CHECK(bundle.error().message.find(to_hex(article.id())) != std::string::npos);
}

TEST_CASE("an index of millions of frames or entries is refused before it is parsed") {
    const Fixture f;
    const std::uint32_t field = GENERATE(7u, 8u);
    std::string index;
    for (std::size_t i = 0; i <= limits::bundle_entries; ++i) index += bytes_field(field, "");
    const auto packed = Compressor().compress(index);
    std::string file;
    bundle_layout::put_u32(file, bundle_layout::index_magic);
    bundle_layout::put_u32(file, static_cast<std::uint32_t>(packed.size()));
    file += packed;
    bundle_layout::put_u32(file, bundle_layout::signature_magic);
    bundle_layout::put_u32(file, bundle_layout::signature_content);
    file += bundle_layout::tag;
    bundle_layout::put_u32(file, static_cast<std::uint32_t>(packed.size()));
    bundle_layout::put_u32(file, static_cast<std::uint32_t>(index.size()));
    file += std::string(PublicKey::size + Signature::size, '\0');
    file.replace(file.size() - PublicKey::size - Signature::size, PublicKey::size,
                 f.signing.public_key().str());
    must(sign_bundle(file, f.signing));
    const auto opened = BundleReader::open_alone(file);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::too_large);
}

TEST_CASE("bundles of the first format stay readable, by their place as well") {
    const Fixture f;
    const auto articles = many_articles(f.feed, 3);
    for (const auto& parts : {bundle_parts(f.feed, articles), folded_parts(f.feed, articles)}) {
        const auto file = seal_bundle(parts, f.signing);
        REQUIRE(f.verify(file));
        const auto reader = must(BundleReader::open(file, f.keyring));
        for (std::size_t i = 0; i < articles.size(); ++i) {
            const auto place = reader.place(i);
            CHECK(place.format == parts.index.format());
            pb::Article read;
            must(read_article(Bytes(file).substr(place.frame, place.packed), place, nullptr, read));
            CHECK(encode_message(read) == encode_message(articles[i]));
        }
    }
}

TEST_CASE("pictures come back and are what their hash says") {
    const Fixture f;
    pb::Picture picture;
    picture.set_media_type("image/webp");
    picture.set_data(std::string(100'000, 'x'));
    const auto file = must(write_media_bundle(f.info, {picture}, f.signing));
    const auto reader = must(BundleReader::open(file, f.keyring));
    CHECK(reader.entry(0).id() == sha256(picture.data()).view());
    CHECK(must(reader.picture(0)).data() == picture.data());
    picture.set_data(std::string(limits::picture + 1, 'x'));
    CHECK(write_media_bundle(f.info, {picture}, f.signing).error().code == Errc::too_large);
}

TEST_CASE("a picture over its limit is refused by readers too") {
    const Fixture f;
    pb::Picture picture;
    picture.set_media_type("image/gif");
    picture.set_data(std::string(limits::picture + 1, 'x'));
    const auto message = encode_message(picture);
    BundleParts parts = bundle_parts(f.feed, {});
    parts.frames = Compressor().compress(record(message));
    parts.index.set_kind(pb::BundleIndex::MEDIA);
    parts.index.mutable_frames(0)->set_packed(static_cast<std::uint32_t>(parts.frames.size()));
    parts.index.mutable_frames(0)->set_unpacked(
        static_cast<std::uint32_t>(record(message).size()));
    auto* entry = parts.index.add_entries();
    entry->set_id(sha256(picture.data()).str());
    entry->set_offset(static_cast<std::uint32_t>(record(message).size() - message.size()));
    entry->set_size(static_cast<std::uint32_t>(message.size()));
    entry->set_sha256(sha256(message).str());
    CHECK(f.verify(seal_bundle(parts, f.signing)).error().code == Errc::too_large);
}

TEST_CASE("a bundle that reads is whole: no byte of its stream is unaccounted for") {
    const Fixture f;
    const auto one = test_article(f.feed, "one", "First", "The first text.");
    const auto two = test_article(f.feed, "two", "Second", "The second text.", test_time + 1);
    CHECK(f.verify(seal_bundle(bundle_parts(f.feed, {one, two}), f.signing)));
    const auto refused = [&](auto edit) {
        auto parts = bundle_parts(f.feed, {one, two});
        edit(parts);
        const auto verified = f.verify(seal_bundle(parts, f.signing));
        return !verified && verified.error().code == Errc::corrupt;
    };
    CHECK(refused([](auto& p) { p.index.mutable_entries()->RemoveLast(); }));
    CHECK(refused([](auto& p) { p.index.mutable_entries()->DeleteSubrange(0, 1); }));
    CHECK(refused([](auto& p) { p.index.mutable_entries()->SwapElements(0, 1); }));
    CHECK(refused([](auto& p) { *p.index.add_entries() = p.index.entries(1); }));
    CHECK(refused([](auto& p) {
        auto stream = record("") + "\x05hidden";
        *p.index.add_frames() = p.index.frames(0);
        p.frames += Compressor().compress(stream);
    }));
}

TEST_CASE("reading a bundle costs no more than the limits allow") {
    const Fixture f;
    // As few bytes as 64 frames of 8 MiB take, and a 65th.
    const std::string zeros(limits::frame, '\0');
    auto parts = bundle_parts(f.feed, {});
    const auto frame = Compressor().compress(zeros);
    parts.index.clear_frames();
    parts.frames.clear();
    for (std::uint32_t i = 0; i <= limits::bundle_unpacked / limits::frame; ++i) {
        parts.frames += frame;
        parts.index.add_frames()->set_packed(static_cast<std::uint32_t>(frame.size()));
        parts.index.mutable_frames(static_cast<int>(i))->set_unpacked(limits::frame);
        auto* entry = parts.index.add_entries();
        entry->set_frame(i);
        entry->set_id(std::string(16, 'x'));
        entry->set_offset(4);
        entry->set_size(limits::frame - 4);
        entry->set_sha256(sha256("x").str());
    }
    const auto file = seal_bundle(parts, f.signing);
    const auto opened = BundleReader::open(file, f.keyring);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::too_large);
}

TEST_CASE("no bit of a bundle's index and signature can be changed", "[bits]") {
    const Fixture f;
    const auto good = f.bundle(many_articles(f.feed, 20));
    REQUIRE(f.verify(good));
    const std::size_t index_size = bundle_layout::get_u32(good, good.size() - 104);
    const auto begin = good.size() - bundle_layout::signature_frame - 8 - index_size;
    std::mt19937 random(1);
    for (int i = 0; i < 10'000; ++i) {
        auto odd = good;
        const auto at = begin + random() % (good.size() - begin);
        odd[at] = static_cast<char>(odd[at] ^ 1 << random() % 8);
        if (f.verify(odd)) FAIL("accepted with byte " << at << " changed");
    }
    for (std::size_t size = 0; size < good.size(); size += 13)
        CHECK_FALSE(f.verify(good.substr(0, size)));
}

TEST_CASE("changed frames never give another article") {
    const Fixture f;
    const auto articles = many_articles(f.feed, 5);
    const auto good = f.bundle(articles);
    const auto frames = must(BundleReader::open(good, f.keyring)).index().frames(0).packed();
    std::mt19937 random(2);
    for (int i = 0; i < 500; ++i) {
        auto odd = good;
        const auto at = random() % frames;
        odd[at] = static_cast<char>(odd[at] ^ 1 << random() % 8);
        const auto reader = must(BundleReader::open(odd, f.keyring));
        for (std::size_t j = 0; j < reader.size(); ++j) {
            const auto article = reader.article(j, nullptr);
            if (article && encode_message(*article) != encode_message(articles[j]))
                FAIL("another article");
        }
    }
}

TEST_CASE("stock zstd unpacks bundles to the stream of articles") {
    if (std::system("command -v zstd >/dev/null 2>&1") != 0) {
        WARN("skipped: zstd is not installed");
        return;
    }
    const Fixture f;
    const auto articles = many_articles(f.feed, 60);
    std::string stream;
    for (const auto& article : articles) stream += must(record_of(encode_message(article)));
    const ScratchFolder scratch;
    const auto path = scratch.path().string();
    must(write_file(scratch.path() / "b.zst", f.bundle(articles)));
    CHECK(std::system(("zstd -q -t " + path + "/b.zst").c_str()) == 0);
    CHECK(unpacked_by_zstd(scratch.path(), "") == stream);

    const auto dictionary = test_dictionary(f.feed, 4096);
    must(write_file(scratch.path() / "words.dict", dictionary));
    must(write_file(scratch.path() / "b.zst",
                    f.bundle(articles, must(Dictionary::load(dictionary)))));
    CHECK(std::system(("zstd -q -t -D " + path + "/words.dict " + path + "/b.zst").c_str()) == 0);
    CHECK(unpacked_by_zstd(scratch.path(), "-D " + path + "/words.dict") == stream);
    CHECK(std::system(("zstd -q -t " + path + "/b.zst 2>/dev/null").c_str()) != 0);
}
