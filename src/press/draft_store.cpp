#include "press/draft_store.h"

#include <fmt/format.h>

#include <utility>

#include "article/article.h"
#include "core/limits.h"
#include "feed/files.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

// A transaction for each article is a fifth of all that adding it costs.
constexpr int most_uncommitted = 64;

// Of a new file. An article fills a page or two of this size.
constexpr const char* layout = "PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL";

constexpr const char* schema =
    "PRAGMA journal_mode=WAL;"
    "CREATE TABLE IF NOT EXISTS drafts (id BLOB PRIMARY KEY, article BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS checked (id BLOB PRIMARY KEY, sha256 BLOB NOT NULL,"
    " revision INTEGER NOT NULL, retracts INTEGER NOT NULL, published INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL, pictures BLOB NOT NULL, proof BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS wordings (id BLOB PRIMARY KEY, wording BLOB NOT NULL)"
    " WITHOUT ROWID";

// So many fill more of the file than all that stays.
constexpr std::size_t many = 64;

std::string encode_wording(const Wording& wording) {
    return wording.words.str() + static_cast<char>(wording.origin);
}

/// Nothing: noted without its origin, so that nothing can be said of it.
std::optional<Wording> decode_wording(Bytes noted) {
    if (noted.size() != Sha256::size + 1) return {};
    return Wording{*Sha256::from(noted.substr(0, Sha256::size)),
                   static_cast<TextOrigin>(noted.back())};
}

std::string pictures_in(const DraftFacts& facts) {
    std::string out;
    for (const auto& picture : facts.pictures) out += picture.view();
    return out;
}

/// That all of the facts are what was noted when the article passed check() as it is.
Sha256 proof_of(const ArticleId& id, const DraftFacts& facts) {
    return sha256(fmt::format("{} {} {} {} {} {} {} {}", check_version, id.hex(),
                              facts.sha256.hex(), facts.revision, facts.retracts,
                              facts.published, facts.bytes, pictures_in(facts)));
}

}  // namespace

StoredDraft::StoredDraft(const ArticleId& of, const Statement& row)
    : id(of), article(row.blob(1)), row_(row) {}

std::optional<DraftFacts> StoredDraft::facts() const {
    const auto hash = Sha256::from(row_.blob(2));
    if (!hash || *hash != sha256(article)) return {};
    DraftFacts out{*hash,
                   static_cast<std::uint32_t>(row_.integer(3)),
                   row_.integer(4) != 0,
                   row_.integer(5),
                   static_cast<std::size_t>(row_.integer(6)),
                   {}};
    for (auto pictures = row_.blob(7); pictures.size() >= Sha256::size;
         pictures.remove_prefix(Sha256::size))
        out.pictures.push_back(*Sha256::from(pictures.substr(0, Sha256::size)));
    if (row_.blob(8) != proof_of(id, out).view()) return {};
    return out;
}

Result<DraftStore> DraftStore::open(const fs::path& folder) {
    const auto file = folder / "drafts.sqlite";
    auto database = Database::open(file, Database::Mode::read_write_create);
    if (!database) {
        auto error = std::move(database).error();
        if (error.code == Errc::corrupt) {
            error.message = fmt::format("{}: the drafts are damaged", file.string());
            error.hint = "move the file away and add the sources again";
        }
        return error;
    }
    DraftStore out(std::move(database).value());
    COLPORT_TRY(out.lay_out());
    COLPORT_TRY(out.database_.run(schema));
    COLPORT_TRY(out.prepare());
    COLPORT_TRY(out.take_files(folder));
    return out;
}

/// Said again, it would be written again: who only looks at drafts changes nothing.
Status DraftStore::lay_out() {
    auto pages = COLPORT_TRY(database_.prepare("PRAGMA page_count"));
    COLPORT_TRY(pages.step());
    const bool is_new = pages.integer(0) == 0;
    // While it reads, no layout is taken.
    pages.reset();
    return is_new ? database_.run(layout) : done();
}

Status DraftStore::prepare() {
    find_ = COLPORT_TRY(database_.prepare("SELECT article FROM drafts WHERE id = ?1"));
    holds_ = COLPORT_TRY(database_.prepare("SELECT 1 FROM drafts WHERE id = ?1"));
    put_ = COLPORT_TRY(database_.prepare(
        "INSERT INTO drafts (id, article) VALUES (?1, ?2) "
        "ON CONFLICT (id) DO UPDATE SET article = excluded.article"));
    remove_ = COLPORT_TRY(database_.prepare("DELETE FROM drafts WHERE id = ?1"));
    note_facts_ = COLPORT_TRY(database_.prepare(
        "INSERT OR REPLACE INTO checked "
        "(id, sha256, revision, retracts, published, bytes, pictures, proof) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    forget_facts_ = COLPORT_TRY(database_.prepare("DELETE FROM checked WHERE id = ?1"));
    wording_ = COLPORT_TRY(database_.prepare("SELECT wording FROM wordings WHERE id = ?1"));
    note_ = COLPORT_TRY(
        database_.prepare("INSERT OR REPLACE INTO wordings (id, wording) VALUES (?1, ?2)"));
    forget_ = COLPORT_TRY(database_.prepare("DELETE FROM wordings WHERE id = ?1"));
    return done();
}

Status DraftStore::take_files(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> taken;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".article") continue;
        const auto id = ArticleId::from_hex_text(entry->path().stem().string());
        if (!id) continue;
        if (!COLPORT_TRY(holds(*id)))
            COLPORT_TRY(put_->reset()
                            .bind_blob(1, id->view())
                            .bind_blob(2, COLPORT_TRY(read_file(entry->path(), limits::article)))
                            .run());
        taken.push_back(entry->path());
    }
    if (taken.empty()) return done();
    COLPORT_TRY(sync());
    for (const auto& path : taken) fs::remove(path, error);
    return done();
}

Result<std::optional<std::string>> DraftStore::find(const ArticleId& id) {
    std::optional<std::string> out;
    if (COLPORT_TRY(find_->reset().bind_blob(1, id.view()).step()))
        out = std::string(find_->blob(0));
    find_->reset();
    return out;
}

Result<bool> DraftStore::holds(const ArticleId& id) {
    const bool out = COLPORT_TRY(holds_->reset().bind_blob(1, id.view()).step());
    holds_->reset();
    return out;
}

Status DraftStore::put(const ArticleId& id, Bytes article, const std::optional<DraftFacts>& facts,
                       const std::optional<Wording>& wording) {
    if (uncommitted_ == 0) COLPORT_TRY(database_.run("BEGIN IMMEDIATE"));
    ++uncommitted_;
    if (auto written = write(id, article, facts, wording); !written) {
        // Half of it must not stay, and SQLite has often undone all of it by now.
        uncommitted_ = 0;
        static_cast<void>(database_.run("ROLLBACK").ok());
        // Not the article is bad but the store, with all that was put just before.
        auto error = std::move(written).error();
        error.code = Errc::io;
        return error;
    }
    return uncommitted_ < most_uncommitted ? done() : commit();
}

Status DraftStore::write(const ArticleId& id, Bytes article,
                         const std::optional<DraftFacts>& facts,
                         const std::optional<Wording>& wording) {
    COLPORT_TRY(put_->reset().bind_blob(1, id.view()).bind_blob(2, article).run());
    COLPORT_TRY(note_facts(id, facts));
    return note_wording(id, wording);
}

Status DraftStore::note_facts(const ArticleId& id, const std::optional<DraftFacts>& facts) {
    if (!facts) return forget_facts_->reset().bind_blob(1, id.view()).run();
    return note_facts_->reset()
        .bind_blob(1, id.view())
        .bind_blob(2, facts->sha256.view())
        .bind(3, facts->revision)
        .bind(4, facts->retracts ? 1 : 0)
        .bind(5, facts->published)
        .bind(6, static_cast<std::int64_t>(facts->bytes))
        .bind_blob(7, pictures_in(*facts))
        .bind_blob(8, proof_of(id, *facts).view())
        .run();
}

Status DraftStore::commit() {
    if (std::exchange(uncommitted_, 0) == 0) return done();
    auto committed = database_.run("COMMIT");
    if (!committed) static_cast<void>(database_.run("ROLLBACK").ok());
    return committed;
}

DraftStore::~DraftStore() { static_cast<void>(commit().ok()); }

Result<std::optional<Wording>> DraftStore::wording(const ArticleId& id) {
    std::optional<Wording> out;
    if (COLPORT_TRY(wording_->reset().bind_blob(1, id.view()).step()))
        out = decode_wording(wording_->blob(0));
    wording_->reset();
    return out;
}

Status DraftStore::note_wording(const ArticleId& id, const std::optional<Wording>& wording) {
    if (!wording) return forget_->reset().bind_blob(1, id.view()).run();
    return note_->reset().bind_blob(1, id.view()).bind_blob(2, encode_wording(*wording)).run();
}

Status DraftStore::remove(const std::vector<ArticleId>& ids) {
    if (ids.empty()) return done();
    COLPORT_TRY(commit());
    if (ids.size() >= many && COLPORT_TRY(are_all(ids))) return remove_all();
    auto transaction = COLPORT_TRY(Transaction::begin(database_));
    for (const auto& id : ids) {
        COLPORT_TRY(remove_->reset().bind_blob(1, id.view()).run());
        COLPORT_TRY(note_facts(id, {}));
    }
    return transaction.commit();
}

Result<bool> DraftStore::are_all(const std::vector<ArticleId>& ids) {
    auto count = COLPORT_TRY(database_.prepare("SELECT count(*) FROM drafts"));
    COLPORT_TRY(count.step());
    if (count.integer(0) != static_cast<std::int64_t>(ids.size())) return false;
    for (const auto& id : ids)
        if (!COLPORT_TRY(holds(id))) return false;
    return true;
}

Status DraftStore::remove_all() {
    // What they filled is not overwritten, since it leaves the file.
    COLPORT_TRY(database_.run("PRAGMA secure_delete=OFF"));
    auto removed = database_.run("BEGIN IMMEDIATE; DELETE FROM drafts; DELETE FROM checked; COMMIT");
    if (!removed) static_cast<void>(database_.run("ROLLBACK").ok());
    if (removed) removed = database_.run("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");
    COLPORT_TRY(database_.run("PRAGMA secure_delete=ON"));
    return removed;
}

Status DraftStore::visit(const Visit& visit) {
    auto all = COLPORT_TRY(database_.prepare(
        "SELECT drafts.id, article, sha256, revision, retracts, published, bytes, pictures, proof "
        "FROM drafts LEFT JOIN checked ON checked.id = drafts.id ORDER BY drafts.id"));
    while (COLPORT_TRY(all.step())) {
        const auto id = ArticleId::from(all.blob(0));
        if (!id) return Error{Errc::corrupt, "the drafts are damaged"};
        COLPORT_TRY(visit(StoredDraft(*id, all)));
    }
    return done();
}

Status DraftStore::sync() {
    COLPORT_TRY(commit());
    // A checkpoint syncs; SQLite waits for no reader here, and what it leaves in the
    // log is synced with the next.
    return database_.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace colport
