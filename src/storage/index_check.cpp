// Whether the index holds what the bundles say, no more and no less.

#include <fmt/format.h>

#include "storage/index.h"
#include "storage/tokenizer.h"

namespace colport {
namespace {

/// A sum over tokens and the articles that they stand in, in any order.
class Checksum {
public:
    void add(std::string_view token, std::int64_t article) {
        auto mixed = CommonWords::hash(token) ^
                     static_cast<std::uint64_t>(article) * 0x9e3779b97f4a7c15;
        mixed = (mixed ^ mixed >> 31) * 0xbf58476d1ce4e5b9;
        sum_ += mixed ^ mixed >> 29;
        ++count_;
    }
    bool operator==(const Checksum&) const = default;

private:
    std::uint64_t sum_ = 0, count_ = 0;
};

template <class Visit>
void each_token(std::string_view tokens, const Visit& visit) {
    for (std::size_t begin = 0; begin < tokens.size();) {
        const auto end = std::min(tokens.find(tokenizer::separator, begin), tokens.size());
        visit(tokens.substr(begin, end - begin));
        begin = end + 1;
    }
}

}  // namespace

Status ArticleIndex::check() {
    for (auto& [id, open] : open_) COLPORT_TRY(check(open));
    return done();
}

Status ArticleIndex::check(Open& open) {
    const Error damaged{Errc::corrupt, "the full-text index does not match the articles",
                        "move the archive away and import the feeds again"};
    if (!database_.run(fmt::format("INSERT INTO {0} ({0}) VALUES ('integrity-check')",
                                   open.table.index())
                           .c_str()))
        return damaged;
    // What other code has put in cannot be said; that index is about to go.
    if (open.table.signature != index_signature()) return done();
    Checksum expected, found;
    {
        auto row = COLPORT_TRY(database_.prepare(
            "SELECT id FROM articles WHERE retracted = 0 AND id <= ?1 AND id NOT IN "
            "(SELECT article FROM index_gaps WHERE index_id = ?2) ORDER BY bundle, entry"));
        row.bind(1, open.table.filled).bind(2, open.table.id);
        while (COLPORT_TRY(row.step())) {
            const auto article = row.integer(0);
            const auto read = find(article);
            if (!read) return read.error().code == Errc::io ? read.error() : damaged;
            each_token(tokens_.make(read->text, read->feed, *open.table.making),
                       [&](std::string_view token) { expected.add(token, article); });
        }
    }
    auto word = COLPORT_TRY(
        database_.prepare(fmt::format("SELECT term, doc FROM {}", open.table.words())));
    while (COLPORT_TRY(word.step())) found.add(word.text(0), word.integer(1));
    if (!(found == expected)) return damaged;
    return done();
}

}  // namespace colport
