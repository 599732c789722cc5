#include "support/test_feed.h"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <fstream>

#include "article/article.h"
#include "core/limits.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/bundle_layout.h"
#include "feed/door.h"
#include "feed/files.h"
#include "feed/head.h"
#include "feed/record.h"
#include "feed/shelf.h"
#include "metainfo/torrent_file.h"

namespace colport::support {

const char* name_of(Errc code) {
    switch (code) {
        case Errc::corrupt: return "corrupt";
        case Errc::forged: return "forged";
        case Errc::stale: return "stale";
        case Errc::early: return "early";
        case Errc::forked: return "forked";
        case Errc::too_large: return "too_large";
        case Errc::unsupported: return "unsupported";
        case Errc::not_found: return "not_found";
        case Errc::exists: return "exists";
        case Errc::locked: return "locked";
        case Errc::denied: return "denied";
        case Errc::io: return "io";
        case Errc::network: return "network";
        case Errc::invalid: return "invalid";
    }
    return "?";
}

ScratchFolder::ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "colport-XXXXXX").string();
    COLPORT_ASSERT(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

SigningKey test_key(std::string_view name) {
    return SigningKey::from_seed(Secret::copy(sha256(name).view()));
}

pb::Article test_article(const PublicKey& feed, const std::string& guid, const std::string& title,
                         const std::string& body, std::int64_t published) {
    pb::Article out;
    out.set_id(article_id(feed, guid).str());
    out.set_revision(1);
    out.set_title(title);
    out.set_language("en");
    out.set_published(published);
    out.add_blocks()->mutable_paragraph()->add_spans()->set_text(body);
    return out;
}

pb::Article rich_article(const PublicKey& feed) {
    auto out = test_article(feed, "rich", "Ein „Titel“ & <Zeichen>", "Плоский текст", test_time);
    out.set_note("corrected");
    out.set_updated(test_time + 60);
    out.set_zone(-210);
    out.add_authors("A. Writer");
    out.add_tags("press");
    out.set_section("World");
    out.set_url("https://example.org/rich");
    out.set_summary("a < b");
    out.mutable_lead()->set_alt("a \"lead\"");
    auto& styled = *out.add_blocks()->mutable_paragraph();
    for (std::uint32_t style = 0; style < 64; ++style) {
        auto& span = *styled.add_spans();
        span.set_text("s");
        span.set_style(style);
    }
    auto& link = *styled.add_spans();
    link.set_text("link");
    link.set_href("https://example.org/?a=1&b='2'");
    auto& heading = *out.add_blocks()->mutable_heading();
    heading.set_level(2);
    heading.add_spans()->set_text("Heading");
    auto& list = *out.add_blocks()->mutable_list();
    list.set_ordered(true);
    list.set_start(3);
    for (const std::uint32_t depth : {0, 2, 1, 8, 0}) {
        auto& item = *list.add_items();
        item.set_depth(depth);
        item.add_spans()->set_text(fmt::format("item at {}", depth));
    }
    auto& quote = *out.add_blocks()->mutable_quote();
    quote.add_paragraphs()->add_spans()->set_text("quoted");
    quote.set_source("somebody");
    auto& table = *out.add_blocks()->mutable_table();
    table.add_caption()->set_text("figures");
    table.add_rows()->set_header(true);
    table.mutable_rows(0)->add_cells()->add_spans()->set_text("year|month");
    table.add_rows()->add_cells()->add_spans()->set_text("2026");
    out.add_blocks()->mutable_code()->set_text("if (a < b)\n\t```");
    auto& figure = *out.add_blocks()->mutable_figure();
    figure.set_picture(sha256("picture").str());
    figure.set_width(640);
    figure.set_height(480);
    figure.set_size(7);
    figure.set_credit("Agency");
    figure.add_caption()->set_text("caption");
    auto& embed = *out.add_blocks()->mutable_embed();
    embed.set_title("A film");
    embed.set_url("https://video.example.org/1");
    out.add_blocks()->mutable_rule();
    out.add_blocks();
    return out;
}

std::vector<pb::Article> many_articles(const PublicKey& feed, std::size_t count) {
    std::uint32_t state = 1;
    const auto next = [&state](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 16) % below;
    };
    std::vector<std::string> words;
    for (int i = 0; i < 400; ++i) {
        std::string word;
        for (std::uint32_t syllables = 1 + next(4); syllables > 0; --syllables)
            word += {"bdfklmnprstvz"[next(13)], "aeiou"[next(5)]};
        words.push_back(word);
    }
    std::vector<pb::Article> out;
    for (std::size_t i = 0; i < count; ++i) {
        std::string body;
        for (int word = 0; word < 120; ++word)
            body += (word == 0 ? "" : " ") + words[next(20) == 0 ? next(400) : next(60)];
        out.push_back(test_article(feed, fmt::format("many-{}", i), words[next(400)], body,
                                   test_time + static_cast<int>(i)));
    }
    return out;
}

std::string test_dictionary(const PublicKey& feed, std::size_t size) {
    std::vector<std::string> samples;
    for (const auto& article : many_articles(feed, 200))
        samples.push_back(must(record_of(encode_message(article))));
    return must(Dictionary::train(samples, size));
}

pb::Keyring keyring_message(const PublicKey& feed, const std::string& name) {
    pb::Keyring out;
    out.set_format(1);
    out.set_feed(feed.str());
    out.set_version(1);
    out.set_time(test_time);
    out.set_name(name);
    out.set_language("en");
    return out;
}

pb::Roots roots_message(const PublicKey& feed, std::uint32_t threshold,
                        const std::vector<const SigningKey*>& keys) {
    pb::Roots out;
    out.set_format(1);
    out.set_feed(feed.str());
    out.set_threshold(threshold);
    out.set_version(1);
    for (const auto* key : keys) out.add_keys(key->public_key().str());
    return out;
}

pb::Head head_message(const PublicKey& feed, std::uint64_t seq, std::int64_t time) {
    pb::Head out;
    out.set_format(1);
    out.set_feed(feed.str());
    out.set_seq(seq);
    out.set_time(time);
    out.set_fresh_for(604'800);
    out.set_keyring_version(1);
    out.set_volume(1);
    out.set_info_sha256(sha256("info").str());
    out.set_info_size(1000);
    return out;
}

std::string signed_head(const pb::Head& message, const SigningKey& key) {
    return sign_head(message, info_hash("info"), key);
}

std::string varint(std::uint64_t value) {
    std::string out;
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    return out += static_cast<char>(value);
}

std::string varint_field(int number, std::uint64_t value) {
    return varint(static_cast<std::uint64_t>(number) << 3) + varint(value);
}

std::string bytes_field(int number, Bytes bytes) {
    return varint(static_cast<std::uint64_t>(number) << 3 | 2) + record(bytes);
}

std::string record(Bytes bytes) { return varint(bytes.size()) + std::string(bytes); }

std::string seal_bundle(const BundleParts& parts, const SigningKey& key) {
    using bundle_layout::put_u32;
    const auto plain = parts.plain_index.empty() ? encode_message(parts.index) : parts.plain_index;
    const auto index = Compressor().compress(plain);
    const auto unpacked =
        parts.index_unpacked.value_or(static_cast<std::uint32_t>(plain.size()));
    std::string out = parts.frames;
    put_u32(out, 0x184D2A5C);
    put_u32(out, static_cast<std::uint32_t>(index.size()));
    out += index;
    put_u32(out, 0x184D2A5D);
    put_u32(out, 112);
    out += "colport1";
    put_u32(out, static_cast<std::uint32_t>(index.size()));
    put_u32(out, unpacked);
    out += key.public_key().view();
    std::string covered = "colport bundle v1\n";
    put_u32(covered, unpacked);
    return out += key.sign(covered + index).view();
}

pb::BundleEntry entry_of(const pb::Article& article, std::uint32_t frame, std::uint32_t offset) {
    const auto message = encode_message(article);
    pb::BundleEntry out;
    out.set_id(article.id());
    out.set_revision(article.revision());
    out.set_retracted(article.status() == pb::Article::RETRACTED);
    out.set_frame(frame);
    out.set_offset(offset + static_cast<std::uint32_t>(varint(message.size()).size()));
    out.set_size(static_cast<std::uint32_t>(message.size()));
    out.set_sha256(sha256(message).str());
    out.set_published(article.published());
    return out;
}

BundleParts folded_parts(const PublicKey& feed, const std::vector<pb::Article>& articles) {
    BundleParts out = bundle_parts(feed, articles);
    out.index.set_format(2);
    std::string unpacked;
    for (std::size_t i = 0; i < articles.size(); ++i) {
        const auto bytes = must(record_of(encode_message(articles[i])));
        auto* entry = out.index.mutable_entries(static_cast<int>(i));
        entry->set_offset(static_cast<std::uint32_t>(unpacked.size()));
        entry->set_size(static_cast<std::uint32_t>(bytes.size()));
        unpacked += bytes;
    }
    pack_frame(out, unpacked);
    return out;
}

void pack_frame(BundleParts& parts, const std::string& unpacked) {
    parts.frames = Compressor().compress(unpacked);
    auto* frame = parts.index.mutable_frames(0);
    frame->set_packed(static_cast<std::uint32_t>(parts.frames.size()));
    frame->set_unpacked(static_cast<std::uint32_t>(unpacked.size()));
}

BundleParts bundle_parts(const PublicKey& feed, const std::vector<pb::Article>& articles) {
    BundleParts out;
    out.index.set_format(1);
    out.index.set_feed(feed.str());
    out.index.set_seq(1);
    out.index.set_time(test_time);
    std::string unpacked;
    for (const auto& article : articles) {
        *out.index.add_entries() =
            entry_of(article, 0, static_cast<std::uint32_t>(unpacked.size()));
        unpacked += record(encode_message(article));
    }
    out.frames = Compressor().compress(unpacked);
    auto* frame = out.index.add_frames();
    frame->set_packed(static_cast<std::uint32_t>(out.frames.size()));
    frame->set_unpacked(static_cast<std::uint32_t>(unpacked.size()));
    return out;
}

InfoDictionary info_of(const PublicKey& feed, std::size_t count) {
    InfoDictionary out;
    out.feed = feed;
    out.volume = 1;
    out.seq = count;
    for (std::size_t i = 1; i <= count; ++i) {
        const auto name = volume_file_name(i, 0, FileKind::articles);
        // Every third file fills its pieces, so that it needs no padding.
        const std::uint64_t size = i % 3 == 0 ? 2 * limits::piece_length : 1000 * i;
        out.files.push_back({name, size, sha256(name)});
        for (std::size_t piece = 0; piece < pieces_of(size); ++piece)
            out.pieces += info_hash(name + std::to_string(piece)).view();
    }
    return out;
}

std::string seal_key(const SigningKey& key, std::string_view role, std::string_view passphrase,
                     std::uint32_t operations, std::uint32_t memory_kib) {
    std::string header = "colpkey1";
    header += memory_kib == 0 ? '\0' : '\1';
    bundle_layout::put_u32(header, operations);
    bundle_layout::put_u32(header, memory_kib);
    header += sha256("salt").view().substr(0, 16);
    header += sha256("nonce").view().substr(0, 24);
    std::array<unsigned char, 32> sealing{};
    if (memory_kib >= 8 && operations - 1 < 16 && memory_kib <= 1 << 20)
        COLPORT_ASSERT(crypto_pwhash(sealing.data(), sealing.size(), passphrase.data(),
                                     passphrase.size(),
                                     reinterpret_cast<const unsigned char*>(header.data()) + 17,
                                     operations, std::size_t{memory_kib} * 1024,
                                     crypto_pwhash_ALG_ARGON2ID13) == 0);
    const std::string authenticated = header + std::string(role);
    std::string box(48, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        reinterpret_cast<unsigned char*>(box.data()), nullptr, key.seed().data(), 32,
        reinterpret_cast<const unsigned char*>(authenticated.data()), authenticated.size(), nullptr,
        reinterpret_cast<const unsigned char*>(header.data()) + 33, sealing.data());
    return fmt::format("untrusted comment: colport secret key, {}{}\n{}\n", role,
                       memory_kib == 0 ? ", NOT encrypted" : ", encrypted",
                       to_base64(header + box));
}

FeedFolder::FeedFolder(std::filesystem::path folder, const std::string& name)
    : root_(test_key(name + " root")), signing_(test_key(name + " signing")),
      directory_{std::move(folder)}, shelf_(empty_shelf(feed())) {
    info_.feed = feed();
    info_.volume = 1;
    info_.seq = 1;
    must(make_directory(directory_.volume(1)));
    must(make_directory(directory_.root / "signing"));
    must(write_file(directory_.key(), door_of(feed()).content));
    must(write_file(directory_.signing_key(signing_.public_key()),
                    minisign::public_key_file(signing_.public_key())));
    auto message = keyring_message(feed(), name);
    message.add_signing()->set_key(signing_.public_key().str());
    const SigningKey* roots[] = {&root_};
    must(write_file(directory_.keyring(), sign_keyring(message, roots)));
}

Keyring FeedFolder::keyring() const {
    return must(Keyring::verify(must(read_file(directory_.keyring(), limits::keyring)), feed()));
}

std::filesystem::path FeedFolder::add(FileKind kind, Bytes content) {
    const auto name = volume_file_name(info_.seq, part_++, kind);
    const auto path = directory_.volume(info_.volume) / name;
    must(write_file(path, content));
    info_.files.push_back({name, content.size(), sha256(content)});
    info_.pieces += must(hash_pieces(path));
    return path;
}

std::filesystem::path FeedFolder::add_articles(std::vector<pb::Article> articles,
                                               std::shared_ptr<const Dictionary> dictionary) {
    return add(FileKind::articles,
               must(write_article_bundle({feed(), info_.seq, time()}, std::move(articles),
                                         std::move(dictionary), signing_)));
}

std::filesystem::path FeedFolder::add_pictures(std::vector<pb::Picture> pictures) {
    return add(FileKind::media, must(write_media_bundle({feed(), info_.seq, time()},
                                                        std::move(pictures), signing_)));
}

std::filesystem::path FeedFolder::add_dictionary(Bytes bytes) {
    return add(FileKind::dictionary, bytes);
}

void FeedFolder::publish() {
    const auto bytes = encode(info_);
    const auto torrent = encode(TorrentFile{bytes, {}, {}});
    must(write_file(directory_.torrent(info_.volume), torrent));
    must(write_file(directory_.torrent_signature(info_.volume),
                    minisign::sign(signing_, torrent, fmt::format("release:{}", info_.seq))));
    auto message = head_message(feed(), info_.seq, time());
    message.set_volume(info_.volume);
    message.set_info_sha256(sha256(bytes).str());
    message.set_info_size(static_cast<std::uint32_t>(bytes.size()));
    if (shelf_.volumes_size() != 0) {
        must(write_file(directory_.shelf(), encode_shelf(shelf_)));
        message.set_shelf_sha256(sha256(encode_shelf(shelf_)).str());
    }
    must(write_file(directory_.head(), sign_head(message, info_hash(bytes), signing_)));
    ++info_.seq;
    part_ = 0;
}

namespace {

void describe(const InfoDictionary& info, pb::SealedVolume& out) {
    const auto bytes = encode(info);
    out.set_number(info.volume);
    out.set_info_hash(info_hash(bytes).str());
    out.set_info_sha256(sha256(bytes).str());
    out.set_info_size(static_cast<std::uint32_t>(bytes.size()));
    out.set_last_seq(info.seq);
    out.set_bytes(info.total_size());
}

}  // namespace

void FeedFolder::redact(std::size_t index, std::vector<pb::Article> articles) {
    auto sealed = must(parse_info_dictionary(
        must(info_of_torrent(must(read_file(directory_.torrent(1), 1 << 20))))));
    const auto old = sealed.files.at(index).name;
    const auto content = must(write_article_bundle({feed(), info_.seq, time()}, std::move(articles),
                                                   nullptr, signing_));
    const VolumeFile file{reissued_file_name(old, info_.seq), content.size(), sha256(content)};
    replace_file(sealed, index, &file, hash_pieces_of(content));
    sealed.seq = info_.seq;
    must(write_file(directory_.volume(1) / file.name, content));
    std::filesystem::remove(directory_.volume(1) / old);
    const auto torrent = encode(TorrentFile{encode(sealed), {}, {}});
    must(write_file(directory_.torrent(1), torrent));
    must(write_file(directory_.torrent_signature(1),
                    minisign::sign(signing_, torrent, fmt::format("release:{}", info_.seq))));
    describe(sealed, *shelf_.mutable_volumes(0));
    publish();
}

void FeedFolder::seal() {
    auto last = info_;
    --last.seq;
    auto* volume = shelf_.add_volumes();
    describe(last, *volume);
    volume->set_last_time(time() - 1);
    ++info_.volume;
    info_.files.clear();
    info_.pieces.clear();
    must(make_directory(directory_.volume(info_.volume)));
}

void publish_one_of_each(FeedFolder& feed) {
    const auto bytes = Dictionary::pack(test_dictionary(feed.feed(), 2048));
    feed.add_dictionary(bytes);
    feed.add_articles({test_article(feed.feed(), "two", "Second", "Text.")},
                     must(Dictionary::load(bytes)));
    pb::Picture picture;
    picture.set_media_type("image/png");
    picture.set_data("pixels");
    feed.add_pictures({picture});
    feed.publish();
}

std::map<std::string, std::string> tree(const std::filesystem::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            out[entry.path().lexically_relative(folder).string()] =
                must(read_file(entry.path(), 1 << 24));
    return out;
}

void put(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace colport::support
