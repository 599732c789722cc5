#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "article.pb.h"
#include "bundle.pb.h"
#include "core/codec.h"
#include "core/crypto.h"
#include "core/result.h"
#include "feed/file_parts.h"
#include "feed/keyring.h"

/// Signed, compressed files of articles or of their pictures (SPEC "Bundle"):
/// zstd frames, then the index and the signature in skippable frames.
namespace colport {

/// What every bundle of a release says about itself, and how it is compressed.
struct BundleInfo {
    PublicKey feed;
    std::uint64_t seq = 0;
    std::int64_t time = 0;
    int level = default_level;
};

/// An article as a bundle takes it: its canonical bytes, and what its index says of
/// them. Precondition of all that takes one: the article passes check(), and the rest
/// is true of it.
struct ArticleMessage {
    ArticleId id;
    std::uint32_t revision = 0;
    bool retracted = false;
    std::int64_t published = 0;
    std::string bytes;
    Sha256 sha256;
};
/// Precondition: the article passes check().
ArticleMessage article_message(const pb::Article& article);

/// The bundle of `articles`, sorted by time and id. With a dictionary each
/// article has a frame of its own; without, several share one. Deterministic.
/// Without a key it waits for sign_bundle(), and no reader takes it. Errors: too_large.
Result<std::string> write_message_bundle(const BundleInfo& info,
                                         std::vector<ArticleMessage> articles,
                                         std::shared_ptr<const Dictionary> dictionary,
                                         const SigningKey* key);
Result<std::string> write_article_bundle(const BundleInfo& info,
                                         const std::vector<pb::Article>& articles,
                                         std::shared_ptr<const Dictionary> dictionary,
                                         const SigningKey* key);
inline Result<std::string> write_article_bundle(const BundleInfo& info,
                                                const std::vector<pb::Article>& articles,
                                                std::shared_ptr<const Dictionary> dictionary,
                                                const SigningKey& key) {
    return write_article_bundle(info, articles, std::move(dictionary), &key);
}

/// The bundle of `pictures`, each in a frame of its own. Errors: too_large.
Result<std::string> write_media_bundle(const BundleInfo& info, std::vector<pb::Picture> pictures,
                                       const SigningKey* key);
inline Result<std::string> write_media_bundle(const BundleInfo& info,
                                              std::vector<pb::Picture> pictures,
                                              const SigningKey& key) {
    return write_media_bundle(info, std::move(pictures), &key);
}

/// Puts the signature into a bundle in the place of whatever stands there.
/// Errors: corrupt, too_large.
Status sign_bundle(std::string& bundle, const SigningKey& key);

/// Where a record lies in its bundle, and its hash: enough to read it again from
/// a file that was verified before, without that file's index.
struct RecordPlace {
    std::uint32_t frame = 0;              ///< offset in the file
    std::uint32_t packed = 0, unpacked = 0;
    std::uint32_t offset = 0, size = 0;   ///< in the unpacked frame
    Sha256 sha256;                        ///< of the message
    std::uint32_t format = 1;             ///< of the bundle
};

/// The article at `place` of a bundle that verify_all() found good at the time, from the
/// place.packed bytes that stand at place.frame in its file now: their hash decides.
/// `dictionary` as it was then. `out` may lie in an arena. Errors: corrupt.
Status read_article(Bytes frame, const RecordPlace& place, const Dictionary* dictionary,
                    pb::Article& out);

/// What a bundle is read from: its bytes, or a file that is never in memory as a whole.
/// Borrows either.
class BundleSource {
public:
    BundleSource(Bytes bytes) : bytes_(bytes) {}
    BundleSource(const std::string& bytes) : bytes_(bytes) {}
    BundleSource(const FileParts& file) : file_(&file) {}

    [[nodiscard]] std::size_t size() const noexcept {
        return file_ != nullptr ? file_->size() : bytes_.size();
    }
    /// In `buffer` or where they lie. Precondition: they are within size(). Errors: those of
    /// FileParts::read.
    Result<Bytes> read(std::size_t offset, std::size_t size, std::string& buffer) const {
        if (file_ == nullptr) return bytes_.substr(offset, size);
        return file_->read(offset, size, buffer);
    }

private:
    Bytes bytes_;
    const FileParts* file_ = nullptr;
};

/// Reads one signed bundle.
///
/// A BundleReader that exists is authentic: open() checks the signature over
/// the index before any field is used. Records are checked against their hash
/// in that index at each read, since disks rot later.
///
/// Lengths in the file never size an allocation; the limits do. Borrows what `file` borrows,
/// which must outlive the reader. Const calls are thread-safe. Where it is a file, each may
/// err as FileParts::read() does.
class BundleReader {
public:
    /// Errors: corrupt, forged, too_large, unsupported.
    static Result<BundleReader> open(BundleSource file, const Keyring& keyring);
    /// One that was opened with a keyring before, whatever keyrings say now: `signer` is
    /// who had signed it.
    static Result<BundleReader> open_known(BundleSource file, const PublicKey& feed,
                                           const PublicKey& signer);
    /// Without a keyring: proves that the bundle is whole and who signed it, not
    /// that the signer spoke for the feed.
    static Result<BundleReader> open_alone(BundleSource file);

    [[nodiscard]] const PublicKey& signer() const noexcept { return signer_; }
    [[nodiscard]] const pb::BundleIndex& index() const noexcept { return *index_; }
    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(index_->entries_size());
    }
    [[nodiscard]] const pb::BundleEntry& entry(std::size_t i) const {
        return index_->entries(static_cast<int>(i));
    }
    /// Precondition: i < size().
    [[nodiscard]] RecordPlace place(std::size_t i) const;
    /// The dictionary that read() needs, if any.
    [[nodiscard]] std::optional<Sha256> dictionary() const {
        return Sha256::from(index_->dictionary());
    }

    /// Precondition: i < size(), a bundle of articles, and the dictionary that
    /// it names or null where it names none. Errors: corrupt, too_large.
    Result<pb::Article> article(std::size_t i, const Dictionary* dictionary) const;
    /// The same of a bundle that verify_all() found good, of which nothing but the hash
    /// is checked again. `out` may lie in an arena. Errors: corrupt.
    Status verified_article(std::size_t i, const Dictionary* dictionary, pb::Article& out) const;
    /// Precondition: i < size() and a bundle of media. Errors: corrupt, too_large.
    Result<pb::Picture> picture(std::size_t i) const;
    /// Checks every frame and record. Errors: corrupt, too_large.
    Status verify_all(const Dictionary* dictionary) const;

private:
    explicit BundleReader(BundleSource file) : file_(file) {}
    static Result<BundleReader> open(BundleSource file,
                                     const std::function<bool(const PublicKey&)>& may_sign,
                                     const PublicKey* feed);
    Status read(std::size_t i, const Dictionary* dictionary, pb::Article& out) const;
    Result<std::string> record(std::size_t i, const Dictionary* dictionary) const;
    BundleSource file_;
    PublicKey signer_;
    std::shared_ptr<const pb::BundleIndex> index_;
    std::vector<std::size_t> frame_starts_;
};

}  // namespace colport
