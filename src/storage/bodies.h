#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>

#include "feed/bundle.h"
#include "storage/article_text.h"
#include "storage/database.h"

namespace colport {

/// A RecordPlace as it is stored with an article.
std::string encode_place(const RecordPlace& place);

/// Reads articles and pictures from the bundles that the archive names, and
/// keeps the last used ones open. Every bundle is verified when it is opened, by who
/// had signed it when it was imported, or by its feed's keyring where that was not
/// noted; but not for articles whose place was stored when their bundle was imported:
/// for them it is their hash that is verified, which is what searches have the time
/// for. One thread; borrows the database.
class Bodies {
public:
    explicit Bodies(Database& database);
    ~Bodies();
    Bodies(const Bodies&) = delete;
    Bodies& operator=(const Bodies&) = delete;

    /// Errors name the file: corrupt, forged, io (also when it is missing), too_large.
    Result<pb::Article> article(std::int64_t bundle, std::int64_t entry);
    Result<pb::Picture> picture(std::int64_t bundle, std::int64_t entry);
    /// `place` as it is stored; may be empty.
    Result<pb::Article> article(std::int64_t bundle, std::int64_t entry, Bytes place);
    Result<ArticleText> text(std::int64_t bundle, std::int64_t entry, Bytes place);
    /// What is to be said of the key that signed the bundle; nothing nearly always.
    /// Reads a row, and a bundle only where its origin was not noted. Errors: those above.
    Result<std::optional<WithdrawnKey>> withdrawn(std::int64_t bundle);
    /// Where its signer was not noted, from the bundle itself. Errors: those above.
    Result<BundleOrigin> origin(std::int64_t bundle);
    /// Can the bundle be opened?
    bool readable(std::int64_t bundle);

    /// Bytes of dictionaries read and unpacked so far: a read that is cheap by itself
    /// may need a large one.
    [[nodiscard]] std::uint64_t dictionary_work() const { return dictionary_work_; }
    /// Bytes of memory that dictionaries take now.
    [[nodiscard]] std::size_t dictionary_memory() const;

private:
    struct Location;
    struct OpenBundle;
    struct OpenFile;
    template <class Read>
    auto read(std::int64_t bundle, std::int64_t entry, pb::BundleIndex::Kind kind,
              const Read& read) -> decltype(read(std::declval<const OpenBundle&>(), 0));
    Status read(std::int64_t bundle, std::int64_t entry, Bytes place, pb::Article& out);
    Result<OpenFile*> open_file(std::int64_t bundle);
    Result<const OpenBundle*> open(std::int64_t bundle);
    Result<Location> locate(std::int64_t bundle);
    Result<BundleOrigin> origin(const Location& at, std::int64_t bundle);
    /// That of the bundle's feed, until the next call. Errors: those of Keyring::verify.
    Result<const Keyring*> keyring_of(const Location& at);
    /// That of a bundle; null where it needs none. It may be dropped at the next call.
    Result<std::shared_ptr<const Dictionary>> dictionary(std::int64_t bundle,
                                                         const std::optional<Sha256>& hash);
    /// From the disk; null: it is not there.
    Result<std::shared_ptr<const Dictionary>> find_dictionary(const Location& at,
                                                              const Sha256& hash);
    /// A file that was removed takes its space on disk while it is open.
    void let_go_of_removed();
    void make_room();

    Database& database_;
    std::list<OpenBundle> bundles_;  ///< last used first
    std::list<OpenFile> files_;      ///< likewise
    std::string frame_;              ///< what was read of one of them
    /// Last used first. Bundles that are open name theirs by its hash alone.
    std::list<std::shared_ptr<const Dictionary>> dictionaries_;
    std::uint64_t dictionary_work_ = 0;
    std::map<PublicKey, Keyring> keyrings_;   ///< by feed, some of them
};

}  // namespace colport
