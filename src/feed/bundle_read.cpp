#include <google/protobuf/arena.h>
#include <google/protobuf/wire_format_lite.h>

#include "article/article.h"
#include "core/limits.h"
#include "core/message.h"
#include "feed/bundle.h"
#include "feed/bundle_layout.h"
#include "feed/record.h"

namespace colport {
namespace {

using bundle_layout::get_u32;

Error corrupt(const char* what) { return {Errc::corrupt, std::string("damaged bundle: ") + what}; }

/// What stands in the frame before a record of `size` bytes.
std::string prefix_of(std::uint32_t format, std::size_t size) {
    return format == bundle_layout::folded_format ? "" : bundle_layout::length_prefix(size);
}

struct Envelope {
    std::size_t frames;                ///< bytes of them
    std::string index;
    std::size_t index_unpacked;
    PublicKey key;
    Signature signature;
};

Result<Envelope> split(const BundleSource& file) {
    if (file.size() > limits::bundle) return Error{Errc::too_large, "bundle is over 64 MiB"};
    const Error foreign{Errc::corrupt, "not a colport bundle, or cut short"};
    if (file.size() < bundle_layout::signature_frame + 8) return foreign;
    const auto before = file.size() - bundle_layout::signature_frame;
    std::string buffer, index_buffer;
    const auto tail = COLPORT_TRY(file.read(before, bundle_layout::signature_frame, buffer));
    if (get_u32(tail, 0) != bundle_layout::signature_magic ||
        get_u32(tail, 4) != bundle_layout::signature_content ||
        tail.substr(8, 8) != bundle_layout::tag)
        return foreign;
    const std::size_t index_size = get_u32(tail, 16);
    if (index_size + 8 > before) return corrupt("index size");
    const auto frames = before - index_size - 8;
    const auto index = COLPORT_TRY(file.read(frames, index_size + 8, index_buffer));
    Envelope out{frames, std::string(index.substr(8)), get_u32(tail, 20),
                 *PublicKey::from(tail.substr(24, 32)), *Signature::from(tail.substr(56, 64))};
    if (get_u32(index, 0) != bundle_layout::index_magic || get_u32(index, 4) != index_size)
        return corrupt("index frame");
    if (out.index_unpacked > limits::bundle_index)
        return Error{Errc::too_large, "the bundle's index is over 8 MiB"};
    return out;
}

/// Records fill the frames in order and without gaps, so that every byte of the
/// unpacked stream is one that the index vouches for. Frames of several records
/// are small: reading each record by itself stays cheap.
bool good_layout(const pb::BundleIndex& index) {
    std::int64_t frame = -1;
    std::uint64_t at = 0, unpacked = 0;
    for (const auto& entry : index.entries()) {
        if (entry.frame() == frame + 1 && at == unpacked && frame + 1 < index.frames_size()) {
            at = 0;
            unpacked = index.frames(static_cast<int>(++frame)).unpacked();
        } else if (entry.frame() != frame || unpacked > limits::shared_frame) {
            return false;
        }
        if (entry.offset() != at + prefix_of(index.format(), entry.size()).size()) return false;
        at = std::uint64_t{entry.offset()} + entry.size();
        if (at > unpacked) return false;
    }
    return frame + 1 == index.frames_size() && at == unpacked;
}

Status check(const pb::BundleIndex& index, std::size_t frames_size) {
    if (!pb::BundleIndex::Kind_IsValid(index.kind()))
        return Error{Errc::unsupported, "the bundle is of a newer format",
                     "install a newer colport"};
    if (index.feed().size() != PublicKey::size || index.seq() == 0 || index.seq() > INT64_MAX ||
        (!index.dictionary().empty() && index.dictionary().size() != Sha256::size))
        return corrupt("index");
    std::size_t packed = 0, unpacked = 0;
    for (const auto& frame : index.frames()) {
        if (frame.unpacked() > limits::frame) return Error{Errc::too_large, "frame is over 8 MiB"};
        packed += frame.packed();
        unpacked += frame.unpacked();
    }
    if (packed != frames_size) return corrupt("sizes of frames");
    if (unpacked > limits::bundle_unpacked)
        return Error{Errc::too_large, "the bundle unpacks to over 512 MiB"};
    if (!good_layout(index)) return corrupt("order of articles");
    const std::size_t id_size =
        index.kind() == pb::BundleIndex::ARTICLES ? ArticleId::size : Sha256::size;
    for (const auto& entry : index.entries())
        if (entry.id().size() != id_size || entry.sha256().size() != Sha256::size)
            return corrupt("entry");
    return done();
}

/// How many frames and entries an index has, before each of them, of two bytes or
/// more, costs memory.
Status count_entries(Bytes index) {
    using google::protobuf::internal::WireFormatLite;
    google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(index.data()),
                                              static_cast<int>(index.size()));
    std::size_t frames = 0, entries = 0;
    while (const auto tag = in.ReadTag()) {
        const int field = WireFormatLite::GetTagFieldNumber(tag);
        if (field == pb::BundleIndex::kFramesFieldNumber) ++frames;
        if (field == pb::BundleIndex::kEntriesFieldNumber) ++entries;
        if (frames > limits::bundle_entries || entries > limits::bundle_entries)
            return Error{Errc::too_large, "the bundle holds over 65,536 articles"};
        if (!WireFormatLite::SkipField(&in, tag)) return corrupt("index");
    }
    return done();
}

Result<std::string> message_in(std::uint32_t format, Bytes record) {
    if (format == bundle_layout::folded_format) return message_of(record);
    return std::string(record);
}

Decompressor& decompressor() {
    thread_local Decompressor instance;
    return instance;
}

}  // namespace

Status sign_bundle(std::string& bundle, const SigningKey& key) {
    const auto envelope = COLPORT_TRY(split(bundle));
    const auto signature =
        key.sign(bundle_layout::signed_bytes(envelope.index_unpacked, envelope.index));
    const auto end = key.public_key().str() + signature.str();
    bundle.replace(bundle.size() - end.size(), end.size(), end);
    return done();
}

Result<BundleReader> BundleReader::open(BundleSource file, const Keyring& keyring) {
    return open(file, [&](const PublicKey& key) { return keyring.knows(key); }, &keyring.feed());
}

Result<BundleReader> BundleReader::open_known(BundleSource file, const PublicKey& feed,
                                              const PublicKey& signer) {
    return open(file, [&](const PublicKey& key) { return key == signer; }, &feed);
}

Result<BundleReader> BundleReader::open_alone(BundleSource file) { return open(file, {}, nullptr); }

Result<BundleReader> BundleReader::open(BundleSource file,
                                        const std::function<bool(const PublicKey&)>& may_sign,
                                        const PublicKey* feed) {
    const auto envelope = COLPORT_TRY(split(file));
    if (!verify(envelope.key, bundle_layout::signed_bytes(envelope.index_unpacked, envelope.index),
                envelope.signature))
        return Error{Errc::forged, "the bundle's signature does not match"};
    if (may_sign && !may_sign(envelope.key))
        return Error{Errc::forged, "the bundle is signed by a key that never spoke for the feed"};
    const auto plain = COLPORT_TRY(
        decompressor().decompress(envelope.index, envelope.index_unpacked, nullptr));
    COLPORT_TRY(count_entries(plain));
    auto index = std::make_shared<pb::BundleIndex>(
        COLPORT_TRY(parse_message<pb::BundleIndex>(plain, limits::bundle_index, "bundle index")));
    if (index->format() != bundle_layout::counted_format &&
        (index->format() != bundle_layout::folded_format ||
         index->kind() != pb::BundleIndex::ARTICLES))
        return Error{Errc::unsupported, "the bundle is of a newer format",
                     "install a newer colport"};
    if (feed != nullptr && index->feed() != feed->view())
        return Error{Errc::forged, "the bundle belongs to another feed"};
    COLPORT_TRY(check(*index, envelope.frames));
    BundleReader out(file);
    out.signer_ = envelope.key;
    std::size_t start = 0;
    for (const auto& frame : index->frames()) {
        out.frame_starts_.push_back(start);
        start += frame.packed();
    }
    out.index_ = std::move(index);
    return out;
}

Result<std::string> BundleReader::record(std::size_t i, const Dictionary* dictionary) const {
    COLPORT_ASSERT(i < size());
    const auto& at = entry(i);
    const auto& frame = index_->frames(static_cast<int>(at.frame()));
    std::string buffer;
    const auto packed =
        COLPORT_TRY(file_.read(frame_starts_[at.frame()], frame.packed(), buffer));
    const auto unpacked =
        COLPORT_TRY(decompressor().decompress(packed, frame.unpacked(), dictionary));
    const auto prefix = prefix_of(index_->format(), at.size());
    auto out = COLPORT_TRY(
        message_in(index_->format(), Bytes(unpacked).substr(at.offset(), at.size())));
    if (sha256(out).view() != at.sha256() ||
        unpacked.compare(at.offset() - prefix.size(), prefix.size(), prefix) != 0)
        return corrupt("article does not match its hash");
    return out;
}

RecordPlace BundleReader::place(std::size_t i) const {
    COLPORT_ASSERT(i < size());
    const auto& at = entry(i);
    const auto& frame = index_->frames(static_cast<int>(at.frame()));
    return {static_cast<std::uint32_t>(frame_starts_[at.frame()]), frame.packed(),
            frame.unpacked(), at.offset(), at.size(), *Sha256::from(at.sha256()),
            index_->format()};
}

Status read_article(Bytes frame, const RecordPlace& place, const Dictionary* dictionary,
                    pb::Article& out) {
    if (place.unpacked > limits::frame || place.offset > place.unpacked ||
        place.size > place.unpacked - place.offset)
        return corrupt("article is not where it was");
    const auto unpacked =
        COLPORT_TRY(decompressor().decompress(frame, place.unpacked, dictionary));
    const auto bytes = COLPORT_TRY(
        message_in(place.format, Bytes(unpacked).substr(place.offset, place.size)));
    if (sha256(bytes) != place.sha256) return corrupt("article does not match its hash");
    return read_known_message(bytes, limits::article, "article", out);
}

Status BundleReader::read(std::size_t i, const Dictionary* dictionary, pb::Article& out) const {
    COLPORT_ASSERT(index_->kind() == pb::BundleIndex::ARTICLES);
    COLPORT_ASSERT((dictionary != nullptr) == !index_->dictionary().empty());
    const auto bytes = COLPORT_TRY(record(i, dictionary));
    // What has a record has no more parts than are allowed.
    if (index_->format() == bundle_layout::counted_format) COLPORT_TRY(record_of(bytes));
    COLPORT_TRY(read_message(bytes, limits::article, "article", out));
    COLPORT_TRY(colport::check(out));
    const auto& at = entry(i);
    if (out.id() != at.id() || out.revision() != at.revision() ||
        out.published() != at.published() ||
        (out.status() == pb::Article::RETRACTED) != at.retracted())
        return corrupt("article does not match its index entry");
    return done();
}

Result<pb::Article> BundleReader::article(std::size_t i, const Dictionary* dictionary) const {
    pb::Article out;
    COLPORT_TRY(read(i, dictionary, out));
    return out;
}

Status BundleReader::verified_article(std::size_t i, const Dictionary* dictionary,
                                      pb::Article& out) const {
    const auto at = place(i);
    std::string buffer;
    return read_article(COLPORT_TRY(file_.read(at.frame, at.packed, buffer)), at, dictionary, out);
}

Result<pb::Picture> BundleReader::picture(std::size_t i) const {
    COLPORT_ASSERT(index_->kind() == pb::BundleIndex::MEDIA);
    const auto bytes = COLPORT_TRY(record(i, nullptr));
    auto out = COLPORT_TRY(parse_message<pb::Picture>(bytes, limits::frame, "picture"));
    if (out.data().size() > limits::picture)
        return Error{Errc::too_large, "a picture is over 8 MiB"};
    if (sha256(out.data()).view() != entry(i).id()) return corrupt("picture does not match its hash");
    for (const char* known : {"image/webp", "image/jpeg", "image/png", "image/gif"})
        if (out.media_type() == known) return out;
    return corrupt("media type of a picture");
}

Status BundleReader::verify_all(const Dictionary* dictionary) const {
    google::protobuf::Arena arena;
    for (std::size_t i = 0; i < size(); ++i) {
        if (index_->kind() == pb::BundleIndex::MEDIA) {
            COLPORT_TRY(picture(i));
            continue;
        }
        auto& article = *google::protobuf::Arena::CreateMessage<pb::Article>(&arena);
        COLPORT_TRY(read(i, dictionary, article));
        arena.Reset();
    }
    return done();
}

}  // namespace colport
