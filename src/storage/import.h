#pragma once

#include "storage/archive.h"
#include "storage/index.h"

namespace colport {

/// Takes one verified bundle into the archive. Call inside a transaction that
/// is rolled back on an error.
class Importer {
public:
    /// Borrows everything. `feed` and `bundle` are rows.
    Importer(Database& database, Bodies& bodies, ArticleIndex& index, std::int64_t feed,
             std::int64_t bundle)
        : database_(database), bodies_(bodies), index_(index), feed_(feed), bundle_(bundle) {}

    /// Precondition: `dictionary` is the one that the reader names, or null.
    Result<Archive::ImportCount> articles(const BundleReader& reader,
                                          const Dictionary* dictionary);
    Result<Archive::ImportCount> pictures(const BundleReader& reader);

private:
    /// What the archive holds of an article already.
    struct Known {
        std::int64_t row = 0;     ///< 0: nothing
        std::uint32_t revision = 0;
        std::int64_t bundle = 0;
        bool retracted = false;
    };
    /// Entries to write, with what each replaces.
    using Plan = std::map<std::size_t, Known>;

    Result<Plan> plan(const BundleReader& reader);
    Result<Known> known(Bytes id);
    bool lost(std::int64_t bundle);
    Status write(const pb::Article& article, std::size_t entry, const Known& known);
    void count(const pb::Article& article, const Known& known);

    Database& database_;
    Bodies& bodies_;
    ArticleIndex& index_;
    std::int64_t feed_;
    std::int64_t bundle_;
    std::optional<Statement> find_;
    std::optional<Statement> write_;
    std::map<std::int64_t, bool> lost_;
    Archive::ImportCount count_;
    std::int64_t shown_ = 0;  ///< articles more in the lists
};

}  // namespace colport
