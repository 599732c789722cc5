#pragma once

#include <fmt/format.h>

#include "storage/database.h"
#include "storage/tokenizer.h"
#include "storage_fixture.h"

/// What tests look up and change in an archive's own tables.
namespace colport::testing {

inline Database open_database(const std::filesystem::path& file) {
    auto database = must(Database::open(file, Database::Mode::read_write_create));
    must(tokenizer::install(database));
    return database;
}

inline std::int64_t number(const std::filesystem::path& file, const std::string& sql) {
    auto database = open_database(file);
    auto row = must(database.prepare(sql));
    return must(row.step()) ? row.integer(0) : -1;
}

/// As if other code had made the index.
inline void make_foreign(const std::filesystem::path& file) {
    must(open_database(file).run("UPDATE indexes SET signature = 'other'"));
}

/// How many entries of the searched index mention the word, whatever its kind.
inline std::int64_t in_vocabulary(const std::filesystem::path& file, const std::string& word) {
    const auto id = number(file, "SELECT id FROM indexes WHERE state = 1");
    return number(file, fmt::format("SELECT count(*) FROM article_words_{} "
                                    "WHERE instr(term, '{}')", id, word));
}

inline int work_off(Archive& archive) {
    int steps = 0;
    while (must(archive.work())) REQUIRE(++steps < 1000);
    return steps;
}

/// Of the searched index.
inline std::int64_t parts(const std::filesystem::path& file) {
    const auto id = number(file, "SELECT id FROM indexes WHERE state = 1");
    return number(file,
                  fmt::format("SELECT count(DISTINCT segid) FROM article_index_{}_idx", id));
}

}  // namespace colport::testing
