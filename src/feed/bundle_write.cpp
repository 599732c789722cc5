#include <algorithm>
#include <tuple>

#include "core/limits.h"
#include "core/message.h"
#include "feed/bundle.h"
#include "feed/bundle_layout.h"
#include "feed/record.h"

namespace colport {
namespace {

using bundle_layout::put_u32;

/// Collects records into frames, and the index beside them.
class BundleBuilder {
public:
    BundleBuilder(const BundleInfo& info, pb::BundleIndex::Kind kind,
                  std::shared_ptr<const Dictionary> dictionary, std::size_t share)
        : compressor_(dictionary, info.level), share_(share) {
        index_.set_format(kind == pb::BundleIndex::ARTICLES ? bundle_layout::folded_format
                                                            : bundle_layout::counted_format);
        index_.set_feed(info.feed.str());
        index_.set_kind(kind);
        index_.set_seq(info.seq);
        index_.set_time(info.time);
        if (dictionary) index_.set_dictionary(dictionary->hash().str());
    }

    /// The entry still lacks its id, revision and time. `hash` is the message's.
    Result<pb::BundleEntry*> add(Bytes message, const Sha256& hash) {
        const bool folded = index_.format() == bundle_layout::folded_format;
        const auto prefix = folded ? "" : bundle_layout::length_prefix(message.size());
        const auto record = folded ? COLPORT_TRY(record_of(message))
                                   : prefix + std::string(message);
        if (!pending_.empty() && pending_.size() + record.size() > share_) flush();
        auto* entry = index_.add_entries();
        entry->set_frame(static_cast<std::uint32_t>(index_.frames_size()));
        entry->set_offset(
            static_cast<std::uint32_t>(pending_.size() + prefix.size()));
        entry->set_size(static_cast<std::uint32_t>(record.size() - prefix.size()));
        entry->set_sha256(hash.str());
        pending_ += record;
        unpacked_ += record.size();
        return entry;
    }

    Result<std::string> finish(const SigningKey* key) {
        flush();
        if (static_cast<std::size_t>(index_.entries_size()) > limits::bundle_entries)
            return Error{Errc::too_large, "a bundle may hold 65,536 articles",
                         "release fewer articles at once"};
        if (unpacked_ > limits::bundle_unpacked)
            return Error{Errc::too_large, "the bundle unpacks to over 512 MiB",
                         "release fewer articles at once"};
        const auto plain = encode_message(index_);
        if (plain.size() > limits::bundle_index)
            return Error{Errc::too_large, "the bundle's index is over 8 MiB",
                         "release fewer articles at once"};
        const auto index = Compressor().compress(plain);
        std::string out = std::move(frames_);
        put_u32(out, bundle_layout::index_magic);
        put_u32(out, static_cast<std::uint32_t>(index.size()));
        out += index;
        put_u32(out, bundle_layout::signature_magic);
        put_u32(out, bundle_layout::signature_content);
        out += bundle_layout::tag;
        put_u32(out, static_cast<std::uint32_t>(index.size()));
        put_u32(out, static_cast<std::uint32_t>(plain.size()));
        out.append(PublicKey::size + Signature::size, '\0');
        if (out.size() > limits::bundle)
            return Error{Errc::too_large, "the bundle is over 64 MiB",
                         "release fewer articles at once"};
        if (key != nullptr) COLPORT_TRY(sign_bundle(out, *key));
        return out;
    }

private:
    void flush() {
        if (pending_.empty()) return;
        const auto frame = compressor_.compress(pending_);
        auto* entry = index_.add_frames();
        entry->set_packed(static_cast<std::uint32_t>(frame.size()));
        entry->set_unpacked(static_cast<std::uint32_t>(pending_.size()));
        frames_ += frame;
        pending_.clear();
    }

    pb::BundleIndex index_;
    Compressor compressor_;
    std::size_t share_;
    std::string pending_;
    std::size_t unpacked_ = 0;
    std::string frames_;
};

}  // namespace

ArticleMessage article_message(const pb::Article& article) {
    const auto id = ArticleId::from(article.id());
    COLPORT_ASSERT(id.has_value());
    ArticleMessage out{*id, article.revision(), article.status() == pb::Article::RETRACTED,
                       article.published(), encode_message(article), {}};
    out.sha256 = sha256(out.bytes);
    return out;
}

Result<std::string> write_article_bundle(const BundleInfo& info,
                                         const std::vector<pb::Article>& articles,
                                         std::shared_ptr<const Dictionary> dictionary,
                                         const SigningKey* key) {
    std::vector<ArticleMessage> messages;
    messages.reserve(articles.size());
    for (const auto& article : articles) messages.push_back(article_message(article));
    return write_message_bundle(info, std::move(messages), std::move(dictionary), key);
}

Result<std::string> write_message_bundle(const BundleInfo& info,
                                         std::vector<ArticleMessage> articles,
                                         std::shared_ptr<const Dictionary> dictionary,
                                         const SigningKey* key) {
    std::sort(articles.begin(), articles.end(), [](const auto& a, const auto& b) {
        return std::tie(a.published, a.id) < std::tie(b.published, b.id);
    });
    const std::size_t share = dictionary ? 0 : limits::shared_frame;
    BundleBuilder builder(info, pb::BundleIndex::ARTICLES, std::move(dictionary), share);
    for (const auto& article : articles) {
        auto added = builder.add(article.bytes, article.sha256);
        if (!added) return std::move(added).error().in("article " + article.id.hex());
        auto* entry = *added;
        entry->set_id(article.id.str());
        entry->set_revision(article.revision);
        entry->set_retracted(article.retracted);
        entry->set_published(article.published);
    }
    return builder.finish(key);
}

Result<std::string> write_media_bundle(const BundleInfo& info, std::vector<pb::Picture> pictures,
                                       const SigningKey* key) {
    std::sort(pictures.begin(), pictures.end(), [](const auto& a, const auto& b) {
        return sha256(a.data()) < sha256(b.data());
    });
    BundleBuilder builder(info, pb::BundleIndex::MEDIA, nullptr, 0);
    for (const auto& picture : pictures) {
        if (picture.data().size() > limits::picture)
            return Error{Errc::too_large, "a picture is over 8 MiB"};
        const auto message = encode_message(picture);
        COLPORT_TRY(builder.add(message, sha256(message)))->set_id(sha256(picture.data()).str());
    }
    return builder.finish(key);
}

}  // namespace colport
