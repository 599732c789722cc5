#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
    /// Statements that are no longer used are kept for the next time that the same
    /// is asked for, some of them: parsing costs more than most of them do.
    Result<Statement> prepare(std::string_view sql);
    [[nodiscard]] std::int64_t last_insert_rowid() const;
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] sqlite3* handle() const noexcept { return connection_->handle; }
    /// The last failure, as an Error that names `doing`.
    [[nodiscard]] Error error(const std::string& doing) const;

private:
    friend class Statement;
    struct Prepared {
        std::string sql;
        sqlite3_stmt* handle;
    };
    /// Closed when the database and all of its statements are gone.
    struct Connection {
        explicit Connection(sqlite3* opened) : handle(opened) {}
        Connection(const Connection&) = delete;
        ~Connection();
        sqlite3* handle;
        std::vector<Prepared> idle;  ///< last used last
    };
    explicit Database(sqlite3* handle) : connection_(std::make_shared<Connection>(handle)) {}
    Status configure(Mode mode);
    std::shared_ptr<Connection> connection_;
};

/// A prepared statement. Columns count from 0, parameters from 1. Text and
/// blobs read stay valid until the next step() or reset().
class Statement {
public:
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) noexcept;
    ~Statement() { give_back(); }

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
    Statement(std::shared_ptr<Database::Connection> connection, Database::Prepared prepared)
        : connection_(std::move(connection)), prepared_(std::move(prepared)) {}
    void give_back() noexcept;

    std::shared_ptr<Database::Connection> connection_;  ///< null once moved from
    Database::Prepared prepared_;
    int bound_ = 0;  ///< the first failure of a bind, which step() reports
};

/// Rolls back unless committed. On a read-only connection: one snapshot for
/// several statements, and one begun within another belongs to it.
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
