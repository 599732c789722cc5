#pragma once

#include <span>

#include "storage/bodies.h"
#include "storage/database.h"

/// The full-text index, an external-content FTS5 table over `article_text`.
///
/// FTS5 takes an entry out by the words that it is told, and trusts them: told
/// others, the index is damaged. So an entry leaves by the text that put it in,
/// read from its bundle, or by its words in the index itself where the bundle
/// cannot be read any more. Call everything inside a transaction.
namespace colport {

class ArticleIndex {
public:
    /// Borrows both.
    ArticleIndex(Database& database, Bodies& bodies) : database_(database), bodies_(bodies) {}

    /// Makes it, or makes it again when index_version has changed.
    Status prepare();

    Status add(std::int64_t article, std::string_view title, const ArticleText& text);
    /// Call before the articles' rows change. Rows that the index does not hold
    /// are left alone.
    Status remove(std::span<const std::int64_t> articles);
    /// Removed entries leave their words behind until FTS5 merges the parts that
    /// hold them. This merges all of it: seconds for a large archive.
    Status forget_removed();
    /// Forgets everything, in no time.
    Status clear();

    /// Compares the index with what the bundles say. Errors: corrupt, io.
    Status check();

private:
    Status rebuild();
    Status remove_by_words(std::span<const std::int64_t> articles);

    Database& database_;
    Bodies& bodies_;
    std::optional<Statement> add_;
    std::optional<Statement> remove_;
};

}  // namespace colport
