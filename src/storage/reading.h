#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "storage/database.h"

/// What a reader opened, starred and wants to be kept, in a database of its own
/// (reading.sql) that never leaves her machine.
namespace colport {

/// One thread at a time; any number of them over one file, in any number of
/// processes. Erased rows are overwritten; what a disk keeps besides is its own.
class Reading {
public:
    /// A file of version 1, which kept a history unasked, loses it once.
    /// Errors: not_found (no file, and `create` is false), io, denied, corrupt,
    /// unsupported (of a newer version).
    static Result<Reading> open(const std::filesystem::path& file, bool create);

    struct Marks {
        bool opened = false, starred = false;
    };
    Result<Marks> marks(const PublicKey& feed, const ArticleId& article);
    /// Of many, all of one commit and at less cost.
    Result<std::vector<Marks>> marks(
        const std::vector<std::pair<PublicKey, ArticleId>>& articles);
    /// `time` in seconds since 1970; nothing takes the mark away. Opened again
    /// within a minute is opened once.
    Status mark_opened(const PublicKey& feed, const ArticleId& article,
                       std::optional<std::int64_t> time);
    Status mark_starred(const PublicKey& feed, const ArticleId& article,
                        std::optional<std::int64_t> time);

    struct Entry {
        PublicKey feed;
        ArticleId article;
        std::int64_t time = 0;
    };
    /// The latest first; `limit` is clamped to 100.
    Result<std::vector<Entry>> opened(std::size_t offset, std::size_t limit);
    Result<std::vector<Entry>> starred(std::size_t offset, std::size_t limit);
    struct Counts {
        std::uint64_t opened = 0, starred = 0;
    };
    Result<Counts> counts();
    Status clear_history();
    /// What was opened and starred of it. Saved searches are text, and stay.
    Status forget_feed(const PublicKey& feed);

    static constexpr std::size_t most_searches = 100;
    /// The latest first. Errors of save: too_large (there are most_searches).
    Result<std::vector<std::string>> searches();
    Status save_search(const std::string& query, std::int64_t time);
    Status forget_search(const std::string& query);

    /// By names of the page's own.
    Result<std::map<std::string, std::string>> settings();
    Status set(const std::map<std::string, std::string>& settings);

    /// Empties everything, the file's free pages and its log too.
    Status forget_everything();

private:
    explicit Reading(Database database) : database_(std::move(database)) {}
    Result<std::vector<Entry>> entries(const char* table, std::size_t offset, std::size_t limit);
    Status mark(const char* table, const PublicKey& feed, const ArticleId& article,
                std::optional<std::int64_t> time);
    Status wipe_log();

    Database database_;
};

}  // namespace colport
