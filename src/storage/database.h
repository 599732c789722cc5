#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite 3, no more than this floor needs of it. One thread at a time.
namespace colport {

class Statement;

class Database {
public:
    enum class Mode { read_only, read_write_create };
    /// Defensive, untrusted schema, synchronous=NORMAL, a busy timeout. A new
    /// file is readable by its owner alone. Changes nothing in a file that exists.
    /// Errors: not_found, io, denied, corrupt (not an SQLite database).
    static Result<Database> open(const std::filesystem::path& file, Mode mode);

    Status run(const char* sql);
    Result<Statement> prepare(std::string_view sql);
    [[nodiscard]] std::int64_t last_insert_rowid() const;
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
    /// The last failure, as an Error that names `doing`.
    [[nodiscard]] Error error(const std::string& doing) const;

private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    explicit Database(sqlite3* handle) : handle_(handle) {}
    Status configure(Mode mode);
    std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement. Columns count from 0, parameters from 1. Text and
/// blobs read stay valid until the next step() or reset().
class Statement {
public:
    Statement& bind(int index, std::int64_t value);
    Statement& bind_text(int index, std::string_view value);
    Statement& bind_blob(int index, Bytes value);
    Statement& bind_null(int index);

    /// True while there is a row. Errors: io, corrupt, locked.
    Result<bool> step();
    /// Runs a statement that returns no rows, and resets it.
    Status run();
    Statement& reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] Bytes text(int column) const;
    [[nodiscard]] Bytes blob(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    int bound_ = 0;  ///< the first failure of a bind, which step() reports
};

/// Rolls back unless committed. On a read-only connection: one snapshot for
/// several statements.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Status commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace colport
