#pragma once

#include "storage/archive.h"
#include "storage/index.h"

namespace colport {

/// Takes one verified bundle into the archive, in transactions that are small
/// enough for readers not to notice. Broken off, it goes on where it was.
class Importer {
public:
    /// Borrows everything. `feed` is a row. `dictionary` is the one that the
    /// reader names, or null. Every record of the bundle must be known to be good.
    Importer(Database& database, Bodies& bodies, ArticleIndex& index, std::int64_t feed,
             const BundleReader& reader, const Dictionary* dictionary, Arrival arrival)
        : database_(database), bodies_(bodies), index_(index), feed_(feed), reader_(reader),
          dictionary_(dictionary), arrival_(arrival) {}

    /// `volume` and `name` are the bundle's. Outside of transactions.
    Result<Archive::ImportCount> run(std::uint32_t volume, const std::string& name,
                                     const std::function<bool()>& go_on);
    /// Something that was shown before has gone; after a failure, perhaps.
    [[nodiscard]] bool has_removed() const { return has_removed_; }

private:
    /// What the archive holds of an article already.
    struct Known {
        std::int64_t row = 0;     ///< 0: nothing
        std::uint32_t revision = 0;
        std::int64_t bundle = 0;
        bool retracted = false;
    };
    /// An entry to write, and what it replaces.
    struct Step {
        std::size_t entry = 0;
        Known known;
    };

    Status find_bundle(std::uint32_t volume, const std::string& name);
    Status count_words(std::size_t articles);
    Result<std::vector<Step>> plan();
    Result<Known> known(Bytes id);
    bool lost(std::int64_t bundle);
    /// Writes as many as belong together; gives what is left.
    Result<std::span<const Step>> write_some(std::span<const Step> steps);
    /// Gives its row.
    Result<std::int64_t> write(const pb::Article& article, const Step& step);
    void count(const pb::Article& article, const Known& known);
    Status write_counts();
    Status pictures();
    Status finish_bundle();

    Database& database_;
    Bodies& bodies_;
    ArticleIndex& index_;
    std::int64_t feed_;
    const BundleReader& reader_;
    const Dictionary* dictionary_;
    Arrival arrival_;
    std::int64_t bundle_ = 0;  ///< row
    std::optional<Statement> find_, write_;
    std::map<std::int64_t, bool> lost_;
    Archive::ImportCount count_;
    std::int64_t shown_ = 0;                         ///< articles more in the lists
    std::map<std::string, std::int64_t> languages_;  ///< of those written
    bool removed_ = false;                           ///< something that was shown before
    bool has_removed_ = false;                       ///< that, in any step
};

}  // namespace colport
