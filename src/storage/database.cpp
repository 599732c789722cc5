#include "storage/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace colport {
namespace {

constexpr int busy_milliseconds = 5000;
// The text of the largest article, with what its rendering adds, is below.
constexpr int longest_value = 64 << 20;
constexpr int longest_sql = 64 << 10;
// A search or a page needs some twenty; each takes a few kilobytes.
constexpr std::size_t most_idle = 48;

Errc code_of(sqlite3* handle, int result) {
    switch (result & 0xff) {
        case SQLITE_BUSY: case SQLITE_LOCKED: return Errc::locked;
        case SQLITE_CORRUPT: case SQLITE_NOTADB: return Errc::corrupt;
        case SQLITE_PERM: case SQLITE_AUTH: case SQLITE_READONLY: return Errc::denied;
        case SQLITE_CANTOPEN:
            return sqlite3_system_errno(handle) == EACCES ? Errc::denied : Errc::io;
        case SQLITE_TOOBIG: return Errc::too_large;
        default: return Errc::io;
    }
}

Error error_of(sqlite3* handle, int result, const std::string& doing) {
    const char* file = sqlite3_db_filename(handle, "main");
    const auto code = code_of(handle, result);
    Error out{code, fmt::format("cannot {} {}: {}", doing, file == nullptr ? "" : file,
                                sqlite3_errmsg(handle))};
    if (code == Errc::locked) out.hint = "another program is writing to it; try again";
    if (code == Errc::corrupt) out.hint = "move it away and import the feeds again";
    if ((result & 0xff) == SQLITE_FULL) out.hint = "free some disk space and try again";
    return out;
}

/// SQLite would make the file readable by everybody.
Status create_private(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Error{errno == EACCES || errno == EROFS ? Errc::denied : Errc::io,
                     fmt::format("cannot open {}: {}", file.string(), std::strerror(errno))};
    ::close(descriptor);
    return done();
}

int set(sqlite3* handle, int option, int value) {
    return sqlite3_db_config(handle, option, value, nullptr);
}

/// Counts of all memory in use, which nobody asks for, take a lock for each piece.
void count_no_memory() {
    static const int result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)result;
}

}  // namespace

Database::Connection::~Connection() {
    for (const auto& kept : idle) sqlite3_finalize(kept.handle);
    sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& file, Mode mode) {
    if (mode == Mode::read_write_create) {
        COLPORT_TRY(create_private(file));
    } else if (::access(file.c_str(), F_OK) != 0) {
        return Error{errno == ENOENT ? Errc::not_found : Errc::denied,
                     fmt::format("cannot open {}: {}", file.string(), std::strerror(errno))};
    }
    const int access = mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    // An absolute path cannot be taken for a URI or for a private temporary file.
    std::error_code ignored;
    const auto path = std::filesystem::absolute(file, ignored).string();
    count_no_memory();
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(
        path.c_str(), &raw, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (raw == nullptr) return Error{Errc::io, "cannot open " + path + ": out of memory"};
    Database out(raw);
    if (result != SQLITE_OK) return error_of(raw, result, "open");
    COLPORT_TRY(out.configure(mode));
    return out;
}

Status Database::configure(Mode mode) {
    sqlite3* handle = connection_->handle;
    sqlite3_busy_timeout(handle, busy_milliseconds);
    if (set(handle, SQLITE_DBCONFIG_DEFENSIVE, 1) != SQLITE_OK ||
        set(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0) != SQLITE_OK ||
        set(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0) != SQLITE_OK ||
        set(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0) != SQLITE_OK ||
        set(handle, SQLITE_DBCONFIG_DQS_DML, 0) != SQLITE_OK ||
        set(handle, SQLITE_DBCONFIG_DQS_DDL, 0) != SQLITE_OK)
        return error("configure");
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest_value);
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, longest_sql);
    sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 100'000);
    // The first read is where a file that is not a database shows.
    if (auto read = run("PRAGMA schema_version"); !read) {
        auto error = std::move(read).error();
        if (error.code == Errc::corrupt)
            error.message = fmt::format("{} is not a colport archive, or is damaged",
                                        sqlite3_db_filename(handle, "main"));
        return error;
    }
    // Otherwise what is sorted, or might have to be put back, may come to lie in /var/tmp.
    COLPORT_TRY(run("PRAGMA temp_store=MEMORY"));
    return run(mode == Mode::read_only
                   ? "PRAGMA query_only=ON; PRAGMA cell_size_check=ON"
                   : "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                     "PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
                     "PRAGMA journal_size_limit=16777216");
}

Status Database::run(const char* sql) {
    if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return error("use");
    return done();
}

Result<Statement> Database::prepare(std::string_view sql) {
    auto& idle = connection_->idle;
    const auto known = std::find_if(idle.rbegin(), idle.rend(),
                                    [&](const Prepared& kept) { return kept.sql == sql; });
    if (known != idle.rend()) {
        auto prepared = std::move(*known);
        idle.erase(std::next(known).base());
        return Statement(connection_, std::move(prepared));
    }
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK)
        return error("use");
    return Statement(connection_, {std::string(sql), raw});
}

std::int64_t Database::last_insert_rowid() const {
    return sqlite3_last_insert_rowid(handle());
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle()); }

Error Database::error(const std::string& doing) const {
    return error_of(handle(), sqlite3_extended_errcode(handle()), doing);
}

void Statement::give_back() noexcept {
    if (!connection_) return;
    sqlite3_reset(prepared_.handle);
    sqlite3_clear_bindings(prepared_.handle);
    auto& idle = connection_->idle;
    if (idle.capacity() == 0) idle.reserve(most_idle);
    if (idle.size() == most_idle) {
        sqlite3_finalize(idle.front().handle);
        idle.erase(idle.begin());
    }
    idle.push_back(std::move(prepared_));
    connection_.reset();
}

Statement& Statement::operator=(Statement&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    connection_ = std::move(other.connection_);
    prepared_ = std::move(other.prepared_);
    bound_ = other.bound_;
    return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
    if (const int result = sqlite3_bind_int64(prepared_.handle, index, value); bound_ == SQLITE_OK)
        bound_ = result;
    return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
    const int result =
        sqlite3_bind_text64(prepared_.handle, index, value.empty() ? "" : value.data(), value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8);
    if (bound_ == SQLITE_OK) bound_ = result;
    return *this;
}

Statement& Statement::bind_blob(int index, Bytes value) {
    // A null pointer would bind NULL.
    const int result = sqlite3_bind_blob64(prepared_.handle, index, value.empty() ? "" : value.data(),
                                           value.size(), SQLITE_TRANSIENT);
    if (bound_ == SQLITE_OK) bound_ = result;
    return *this;
}

Statement& Statement::bind_null(int index) {
    if (const int result = sqlite3_bind_null(prepared_.handle, index); bound_ == SQLITE_OK)
        bound_ = result;
    return *this;
}

Result<bool> Statement::step() {
    sqlite3* handle = sqlite3_db_handle(prepared_.handle);
    if (bound_ != SQLITE_OK) return error_of(handle, bound_, "use");
    const int result = sqlite3_step(prepared_.handle);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    return error_of(handle, result, "use");
}

Status Statement::run() {
    auto stepped = step();
    reset();
    if (!stepped) return std::move(stepped).error();
    return done();
}

Statement& Statement::reset() {
    sqlite3_reset(prepared_.handle);
    bound_ = SQLITE_OK;
    return *this;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(prepared_.handle, column);
}

Bytes Statement::text(int column) const {
    const auto* data = sqlite3_column_text(prepared_.handle, column);
    if (data == nullptr) return {};
    return {reinterpret_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(prepared_.handle, column))};
}

Bytes Statement::blob(int column) const {
    const auto* data = sqlite3_column_blob(prepared_.handle, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(prepared_.handle, column))};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(prepared_.handle, column) == SQLITE_NULL;
}

Result<Transaction> Transaction::begin(Database& database) {
    // Taking the write lock at once: a transaction that reads first and then
    // wants to write may find that it cannot any more.
    const bool read_only = sqlite3_db_readonly(database.handle(), "main") == 1;
    if (read_only && sqlite3_get_autocommit(database.handle()) == 0) {
        // Within a longer one, which is the one that ends it.
        Transaction out(database);
        out.database_ = nullptr;
        return out;
    }
    auto begin = COLPORT_TRY(database.prepare(read_only ? "BEGIN" : "BEGIN IMMEDIATE"));
    COLPORT_TRY(begin.run());
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
    if (database_ == nullptr || sqlite3_get_autocommit(database_->handle()) != 0) return;
    if (auto rollback = database_->prepare("ROLLBACK")) static_cast<void>(rollback->run().ok());
}

Status Transaction::commit() {
    if (database_ == nullptr) return done();
    auto commit = COLPORT_TRY(database_->prepare("COMMIT"));
    COLPORT_TRY(commit.run());
    database_ = nullptr;
    return done();
}

}  // namespace colport
