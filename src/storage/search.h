#pragma once

#include "storage/archive.h"
#include "storage/bodies.h"

namespace colport {

/// ArchiveReader::search. Call inside a transaction: several statements must
/// see the same archive.
class Searcher {
public:
    /// Borrows everything.
    Searcher(Database& database, Bodies& bodies, const Query& query);
    Result<Page> run();

private:
    struct Sql {
        std::string from, order;
    };
    [[nodiscard]] Sql sql() const;
    Result<Statement> prepare(const std::string& text);
    Result<std::string> snippet(std::int64_t row, std::int64_t bundle, std::int64_t entry);

    Database& database_;
    Bodies& bodies_;
    const Query& query_;
    bool blank_ = true;
    std::string match_;
    std::optional<Statement> snippet_;
};

/// The columns of `articles a JOIN feeds f` that hit_of() reads, from 0 on.
inline constexpr const char* hit_columns =
    "f.key, f.name, a.article, a.revision, a.title, a.language, a.published, a.zone, a.section";

/// Without a snippet. Errors: corrupt.
Result<Hit> hit_of(const Statement& row);

}  // namespace colport
