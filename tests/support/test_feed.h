#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "article.pb.h"
#include "feed/bundle.h"
#include "feed/directory.h"

/// Small makers of everything that a feed consists of, for tests and for the
/// test vectors. Keys and times are fixed: the same calls give the same bytes.
/// Knows nothing of Catch2: what should never fail ends the program.
namespace colport::support {

inline constexpr std::int64_t test_time = 1'773'480'000;  // 2026-03-14 09:20 UTC

template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "test support: %s\n", result.error().message.c_str());
    std::abort();
}

/// The name of an error code in test vectors.
const char* name_of(Errc code);

/// A folder that goes when its owner goes.
class ScratchFolder {
public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ~ScratchFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The key whose seed is the SHA-256 of `name`.
SigningKey test_key(std::string_view name);

pb::Article test_article(const PublicKey& feed, const std::string& guid, const std::string& title,
                         const std::string& body, std::int64_t published = test_time);

/// An article that uses every kind of block, style and field.
pb::Article rich_article(const PublicKey& feed);

/// `count` articles of made-up words, unlike enough to train a dictionary on.
std::vector<pb::Article> many_articles(const PublicKey& feed, std::size_t count);

/// A dictionary of about `size` bytes from many_articles().
std::string test_dictionary(const PublicKey& feed, std::size_t size);

/// A keyring message of version 1 without signing keys.
pb::Keyring keyring_message(const PublicKey& feed, const std::string& name = "Example Gazette");

/// A Roots message.
pb::Roots roots_message(const PublicKey& feed, std::uint32_t threshold,
                        const std::vector<const SigningKey*>& keys);

/// A head of volume 1 whose hashes are of nothing in particular.
pb::Head head_message(const PublicKey& feed, std::uint64_t seq = 1, std::int64_t time = test_time);
std::string signed_head(const pb::Head& message, const SigningKey& key);

/// A field of the protobuf wire format, for encodings that no library writes.
std::string varint(std::uint64_t value);
std::string varint_field(int number, std::uint64_t value);
std::string bytes_field(int number, Bytes bytes);

/// `bytes` with a length in front, as in a bundle's frames.
std::string record(Bytes bytes);

/// A bundle from parts that need not fit together, truly signed.
struct BundleParts {
    std::string frames;
    pb::BundleIndex index;
    std::string plain_index = {};                     ///< instead of encoding `index`
    std::optional<std::uint32_t> index_unpacked = {}; ///< instead of the true size
};
std::string seal_bundle(const BundleParts& parts, const SigningKey& key);

/// The parts of an honest bundle of one frame that holds `articles`, of format 1.
BundleParts bundle_parts(const PublicKey& feed, const std::vector<pb::Article>& articles);
/// Likewise of format 2.
BundleParts folded_parts(const PublicKey& feed, const std::vector<pb::Article>& articles);
/// Makes `unpacked` the content of the only frame.
void pack_frame(BundleParts& parts, const std::string& unpacked);

/// An entry for a record of `bytes` at `offset` (of the record, not the message).
pb::BundleEntry entry_of(const pb::Article& article, std::uint32_t frame, std::uint32_t offset);

/// An info dictionary of `count` made-up files.
InfoDictionary info_of(const PublicKey& feed, std::size_t count);

/// A key file with fixed salt and nonce; `memory_kib` 0 means unencrypted.
std::string seal_key(const SigningKey& key, std::string_view role, std::string_view passphrase,
                     std::uint32_t operations, std::uint32_t memory_kib);

/// A feed directory that grows release by release.
class FeedFolder {
public:
    /// Makes the folder with keys that follow from `name`, and a keyring.
    FeedFolder(std::filesystem::path folder, const std::string& name);

    [[nodiscard]] const SigningKey& root() const { return root_; }
    [[nodiscard]] const SigningKey& signing() const { return signing_; }
    [[nodiscard]] const PublicKey& feed() const { return root_.public_key(); }
    [[nodiscard]] const FeedDirectory& directory() const { return directory_; }
    [[nodiscard]] Keyring keyring() const;
    [[nodiscard]] const InfoDictionary& info() const { return info_; }
    [[nodiscard]] std::int64_t time() const { return test_time + static_cast<int>(info_.seq); }

    /// Adds a file to the release that is being made; gives its path.
    std::filesystem::path add_articles(std::vector<pb::Article> articles,
                                       std::shared_ptr<const Dictionary> dictionary = nullptr);
    std::filesystem::path add_pictures(std::vector<pb::Picture> pictures);
    std::filesystem::path add_dictionary(Bytes bytes);

    /// Writes torrent, minisign signature, shelf and head.
    void publish();
    /// Puts a bundle of `articles` in the place of a file of volume 1, which is sealed,
    /// and publishes that. Precondition: the newest volume has a file.
    void redact(std::size_t index, std::vector<pb::Article> articles);
    /// Seals the volume: the next file begins a new one.
    void seal();

private:
    std::filesystem::path add(FileKind kind, Bytes content);
    SigningKey root_, signing_;
    FeedDirectory directory_;
    InfoDictionary info_;
    pb::Shelf shelf_;
    std::size_t part_ = 0;
};

/// A release of a dictionary, an article that needs it, and a picture.
void publish_one_of_each(FeedFolder& feed);

/// All files below a folder, by their path in it.
std::map<std::string, std::string> tree(const std::filesystem::path& folder);

/// Writes a file as somebody careless would.
void put(const std::filesystem::path& file, const std::string& bytes);

}  // namespace colport::support
