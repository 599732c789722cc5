#include "storage/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "storage/import.h"
#include "storage/memory.h"
#include "storage/origins.h"
#include "storage/schema.h"
#include "storage/tokenizer.h"

namespace colport {

struct Archive::State {
    explicit State(Database opened) : database(std::move(opened)) {}
    Database database;
    Bodies bodies{database};
    ArticleIndex index{database, bodies};
    origins::LookUp origins{database, bodies};

    /// The feed's row. Errors: not_found.
    Result<std::int64_t> row_of(const PublicKey& feed) {
        auto row = COLPORT_TRY(database.prepare("SELECT id FROM feeds WHERE key = ?1"));
        if (!COLPORT_TRY(row.bind_blob(1, feed.view()).step()))
            return Error{Errc::not_found, "feed " + feed.hex() + " is not followed"};
        return row.integer(0);
    }
    Result<std::vector<std::int64_t>> numbers(const char* sql, std::int64_t argument);
    Status save_feed(const FeedRecord& record);
    Status check_counts();
    /// Takes some articles of a feed's bundles out, in a transaction. Returns how many
    /// of the bundles, from the first on, have none left.
    Result<std::size_t> remove_some(std::span<const std::int64_t> bundles,
                                    Beneath beneath = Beneath::stays);
    Status import_again(std::int64_t feed);
    /// Whether a bundle that was taken in once has nothing that the archive lacks. It
    /// counts as imported then.
    Result<bool> brings_nothing(std::int64_t feed, std::uint32_t volume, const std::string& name,
                                const BundleReader& bundle);
    /// A step of giving free space back. True when there is more to do.
    Result<bool> give_back();
    /// Of old pages, which hold what had to vanish. False while somebody reads in it.
    Result<bool> empty_log();
    /// What the feed has in the index and, by `statements`, in tables.
    Status erase(const PublicKey& feed, std::initializer_list<const char*> statements);
    /// Something was removed, perhaps before this start, and is in free space or the log.
    bool gives_back = true;
};

namespace {

// So that a step takes some 50 ms.
constexpr std::int64_t removed_a_step = 50;
// Where a step reads the whole index, however many articles it is about.
constexpr std::int64_t removed_a_scan = ArticleIndex::sought_at_once;
constexpr const char* given_back_a_step = "PRAGMA incremental_vacuum(500)";

// What is remembered of a feed is named "what KEY".
constexpr const char* forget_memories =
    "DELETE FROM memory WHERE name LIKE '% ' || (SELECT lower(hex(key)) FROM feeds WHERE id = ?1)";
constexpr const char* delete_feed = "DELETE FROM feeds WHERE id = ?1";

}  // namespace

Result<std::vector<std::int64_t>> Archive::State::numbers(const char* sql,
                                                          std::int64_t argument) {
    auto rows = COLPORT_TRY(database.prepare(sql));
    rows.bind(1, argument);
    std::vector<std::int64_t> out;
    while (COLPORT_TRY(rows.step())) out.push_back(rows.integer(0));
    return out;
}

Archive::Archive(std::unique_ptr<State> state) : state_(std::move(state)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(const std::filesystem::path& file) {
    auto state = std::make_unique<State>(
        COLPORT_TRY(Database::open(file, Database::Mode::read_write_create)));
    switch (COLPORT_TRY(schema::identify(state->database, file))) {
        case schema::Found::empty: COLPORT_TRY(schema::create(state->database, file)); break;
        case schema::Found::older: COLPORT_TRY(schema::upgrade(state->database, file)); break;
        case schema::Found::ours: break;
    }
    COLPORT_TRY(tokenizer::install(state->database));
    auto transaction = COLPORT_TRY(Transaction::begin(state->database));
    COLPORT_TRY(state->index.begin());
    COLPORT_TRY(transaction.commit());
    return Archive(std::move(state));
}

Result<std::vector<FeedRecord>> Archive::feeds() {
    auto row = COLPORT_TRY(state_->database.prepare(
        "SELECT key, name, directory, in_place, link, seen_seq, keyring, head, pending_head, "
        "shelf, fork_head, updated, history_since, fork_keyring FROM feeds ORDER BY id"));
    std::vector<FeedRecord> out;
    while (COLPORT_TRY(row.step())) {
        const auto key = PublicKey::from(row.blob(0));
        if (!key) return Error{Errc::corrupt, "damaged archive: a feed's key"};
        FeedRecord record;
        record.feed = *key;
        record.name = row.text(1);
        record.directory = row.blob(2);
        record.in_place = row.integer(3) != 0;
        record.link = row.text(4);
        record.seen_seq = static_cast<std::uint64_t>(row.integer(5));
        record.keyring = row.blob(6);
        record.head = row.blob(7);
        record.pending_head = row.blob(8);
        record.shelf = row.blob(9);
        record.fork_head = row.blob(10);
        record.updated = row.integer(11);
        record.history_since = row.integer(12);
        record.fork_keyring = row.blob(13);
        out.push_back(std::move(record));
    }
    return out;
}

Status Archive::save_feed(const FeedRecord& record) {
    auto& database = state_->database;
    // Files go by what the newest head says: after a power cut it must be known still, or
    // the lists of an older one would ask for them.
    COLPORT_TRY(database.run("PRAGMA synchronous=FULL"));
    const auto saved = state_->save_feed(record);
    COLPORT_TRY(database.run("PRAGMA synchronous=NORMAL"));
    return saved;
}

Status Archive::State::save_feed(const FeedRecord& record) {
    auto transaction = COLPORT_TRY(Transaction::begin(database));
    std::uint64_t seq = record.seen_seq;
    {
        // SQLite compares with a sign; seq has none.
        auto seen = COLPORT_TRY(
            database.prepare("SELECT seen_seq FROM feeds WHERE key = ?1 AND keyring = ?2"));
        if (COLPORT_TRY(seen.bind_blob(1, record.feed.view()).bind_blob(2, record.keyring).step()))
            seq = std::max(seq, static_cast<std::uint64_t>(seen.integer(0)));
    }
    auto row = COLPORT_TRY(database.prepare(
        "INSERT INTO feeds (key, name, directory, in_place, link, seen_seq, keyring, head, "
        "pending_head, shelf, fork_head, updated, history_since, fork_keyring) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
        "ON CONFLICT (key) DO UPDATE SET name = excluded.name, directory = excluded.directory, "
        "in_place = excluded.in_place, link = excluded.link, seen_seq = excluded.seen_seq, "
        "keyring = excluded.keyring, head = excluded.head, pending_head = excluded.pending_head, "
        "shelf = excluded.shelf, fork_head = excluded.fork_head, updated = excluded.updated, "
        "history_since = excluded.history_since, fork_keyring = excluded.fork_keyring"));
    COLPORT_TRY(row.bind_blob(1, record.feed.view()).bind_text(2, record.name)
                    .bind_blob(3, record.directory.native()).bind(4, record.in_place ? 1 : 0)
                    .bind_text(5, record.link).bind(6, static_cast<std::int64_t>(seq))
                    .bind_blob(7, record.keyring).bind_blob(8, record.head)
                    .bind_blob(9, record.pending_head).bind_blob(10, record.shelf)
                    .bind_blob(11, record.fork_head).bind(12, record.updated)
                    .bind(13, record.history_since).bind_blob(14, record.fork_keyring).run());
    return transaction.commit();
}

Status Archive::remove_feed(const PublicKey& feed) {
    return state_->erase(feed, {forget_memories, delete_feed});
}

Result<bool> Archive::remove_some_of_feed(const PublicKey& feed) {
    auto& database = state_->database;
    auto transaction = COLPORT_TRY(Transaction::begin(database));
    const auto id = COLPORT_TRY(state_->row_of(feed));
    COLPORT_TRY(state_->index.begin());
    const auto bundles = COLPORT_TRY(
        state_->numbers("SELECT id FROM bundles WHERE feed = ?1 LIMIT 500", id));
    const auto run = [&](const char* sql, std::int64_t row) -> Status {
        auto statement = COLPORT_TRY(database.prepare(sql));
        return statement.bind(1, row).run();
    };
    if (!bundles.empty()) {
        const auto emptied = COLPORT_TRY(state_->remove_some(bundles));
        for (std::size_t i = 0; i < emptied; ++i)
            COLPORT_TRY(run("DELETE FROM bundles WHERE id = ?1", bundles[i]));
        COLPORT_TRY(transaction.commit());
        return false;
    }
    // The next feed counts its own common words.
    const auto others = COLPORT_TRY(state_->numbers("SELECT 1 FROM articles LIMIT ?1", 1));
    COLPORT_TRY(others.empty() ? state_->index.clear() : state_->index.forget_removed_later());
    for (const char* sql : {forget_memories, delete_feed}) COLPORT_TRY(run(sql, id));
    COLPORT_TRY(transaction.commit());
    state_->gives_back = true;
    return true;
}

Result<std::size_t> Archive::State::remove_some(std::span<const std::int64_t> bundles,
                                                Beneath beneath) {
    const bool quick = index.knows_words() && bodies.readable(bundles.front());
    const auto most = quick ? removed_a_step : removed_a_scan;
    std::vector<std::int64_t> all, shown;
    bool covers = false;
    std::size_t looked_at = 0;
    const auto left = [&] { return most - static_cast<std::int64_t>(all.size()); };
    do {
        const auto bundle = bundles[looked_at++];
        auto rows = COLPORT_TRY(database.prepare(
            "SELECT id, retracted, revision FROM articles WHERE bundle = ?1 LIMIT ?2"));
        rows.bind(1, bundle).bind(2, left());
        while (COLPORT_TRY(rows.step())) {
            all.push_back(rows.integer(0));
            if (rows.integer(1) == 0) shown.push_back(all.back());
            covers = covers || rows.integer(2) > 1;
        }
    } while (!quick && looked_at < bundles.size() && left() > 0);
    COLPORT_TRY(index.remove(shown));
    for (const auto bundle : bundles.first(looked_at)) {
        auto part = COLPORT_TRY(database.prepare("UPDATE bundles SET whole = 0 WHERE id = ?1"));
        COLPORT_TRY(part.bind(1, bundle).run());
    }
    auto count = COLPORT_TRY(database.prepare(
        "UPDATE feeds SET articles = articles - ?2 "
        "WHERE id = (SELECT feed FROM bundles WHERE id = ?1)"));
    COLPORT_TRY(count.bind(1, bundles.front()).bind(2, static_cast<std::int64_t>(shown.size())).run());
    if (covers && beneath == Beneath::comes_back) {
        const auto feeds =
            COLPORT_TRY(numbers("SELECT feed FROM bundles WHERE id = ?1", bundles.front()));
        COLPORT_TRY(import_again(feeds.at(0)));
    }
    auto remove = COLPORT_TRY(database.prepare("DELETE FROM articles WHERE id = ?1"));
    for (const auto article : all) COLPORT_TRY(remove.bind(1, article).run());
    // The last may have more.
    return left() > 0 ? looked_at : looked_at - 1;
}

Result<bool> Archive::State::give_back() {
    if (!gives_back) return false;
    const auto free_pages = [this]() -> Result<std::int64_t> {
        auto row = COLPORT_TRY(database.prepare("PRAGMA freelist_count"));
        COLPORT_TRY(row.step());
        return row.integer(0);
    };
    const auto before = COLPORT_TRY(free_pages());
    COLPORT_TRY(database.run(given_back_a_step));
    const auto left = COLPORT_TRY(free_pages());
    // A file that was not made for it gives nothing back.
    if (left > 0 && left < before) return true;
    // Where somebody reads, it is tried again at the next tick.
    gives_back = !COLPORT_TRY(empty_log());
    return false;
}

Result<bool> Archive::State::empty_log() {
    auto usual = COLPORT_TRY(database.prepare("PRAGMA busy_timeout"));
    COLPORT_TRY(usual.step());
    const auto milliseconds = usual.integer(0);
    usual.reset();
    COLPORT_TRY(database.run("PRAGMA busy_timeout = 20"));
    bool emptied = false;
    const auto tried = [&]() -> Status {
        auto log = COLPORT_TRY(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
        COLPORT_TRY(log.step());
        emptied = log.integer(0) == 0;
        return done();
    }();
    COLPORT_TRY(database.run(fmt::format("PRAGMA busy_timeout = {}", milliseconds).c_str()));
    if (!tried && tried.error().code != Errc::locked) return tried.error();
    return emptied;
}

Status Archive::import_again(const PublicKey& feed) {
    return state_->import_again(COLPORT_TRY(state_->row_of(feed)));
}

Status Archive::State::import_again(std::int64_t feed) {
    auto row = COLPORT_TRY(
        database.prepare("UPDATE bundles SET whole = 0 WHERE feed = ?1 AND whole <> 0"));
    return row.bind(1, feed).run();
}

Result<bool> Archive::State::brings_nothing(std::int64_t feed, std::uint32_t volume,
                                            const std::string& name, const BundleReader& bundle) {
    auto find = COLPORT_TRY(database.prepare(
        "SELECT id FROM bundles WHERE feed = ?1 AND volume = ?2 AND name = ?3"));
    if (!COLPORT_TRY(find.bind(1, feed).bind(2, volume).bind_text(3, name).step())) return false;
    auto known = COLPORT_TRY(database.prepare(
        "SELECT revision, bundle FROM articles WHERE article = ?1 AND feed = ?2"));
    std::map<std::int64_t, bool> readable;
    for (std::size_t i = 0; i < bundle.size(); ++i) {
        const auto& entry = bundle.entry(i);
        known.reset().bind_blob(1, entry.id()).bind(2, feed);
        if (!COLPORT_TRY(known.step()) || known.integer(0) < entry.revision()) return false;
        if (known.integer(0) > entry.revision()) continue;
        const auto holder = known.integer(1);
        if (!readable.contains(holder)) readable[holder] = bodies.readable(holder);
        if (!readable[holder]) return false;
    }
    auto whole = COLPORT_TRY(database.prepare("UPDATE bundles SET whole = 1 WHERE id = ?1"));
    COLPORT_TRY(whole.bind(1, find.integer(0)).run());
    return true;
}

Status Archive::State::erase(const PublicKey& feed, std::initializer_list<const char*> statements) {
    {
        auto transaction = COLPORT_TRY(Transaction::begin(database));
        const auto id = COLPORT_TRY(row_of(feed));
        COLPORT_TRY(index.begin());
        const auto others = COLPORT_TRY(
            numbers("SELECT 1 FROM articles WHERE retracted = 0 AND feed <> ?1 LIMIT 1", id));
        if (others.empty()) {
            COLPORT_TRY(index.clear());
        } else {
            const auto articles = COLPORT_TRY(
                numbers("SELECT id FROM articles WHERE retracted = 0 AND feed = ?1", id));
            COLPORT_TRY(index.remove(articles));
            COLPORT_TRY(index.forget_removed());
        }
        COLPORT_TRY(index.erase_all());
        // SQLite keeps in memory what one statement may have to put back.
        for (const auto bundle : COLPORT_TRY(numbers("SELECT id FROM bundles WHERE feed = ?1", id))) {
            auto remove = COLPORT_TRY(database.prepare("DELETE FROM bundles WHERE id = ?1"));
            COLPORT_TRY(remove.bind(1, bundle).run());
        }
        for (const char* statement : statements) {
            auto remove = COLPORT_TRY(database.prepare(statement));
            COLPORT_TRY(remove.bind(1, id).run());
        }
        COLPORT_TRY(transaction.commit());
    }
    // Gives the space back and empties the log, where old pages stand. A reader in
    // the middle of a search may keep the log for now; that is no error.
    COLPORT_TRY(database.run("PRAGMA incremental_vacuum"));
    return database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::vector<HeldFile>> Archive::held_files(const PublicKey& feed) {
    auto row = COLPORT_TRY(state_->database.prepare(
        "SELECT volume, h.name, size, modified, sha256 FROM held_files h "
        "JOIN feeds f ON f.id = h.feed WHERE f.key = ?1 ORDER BY volume, h.name"));
    row.bind_blob(1, feed.view());
    std::vector<HeldFile> out;
    while (COLPORT_TRY(row.step())) {
        const auto hash = Sha256::from(row.blob(4));
        if (!hash) return Error{Errc::corrupt, "damaged archive: a file's hash"};
        out.push_back({static_cast<std::uint32_t>(row.integer(0)), std::string(row.text(1)),
                       static_cast<std::uint64_t>(row.integer(2)), row.integer(3), *hash});
    }
    return out;
}

Status Archive::save_held_file(const PublicKey& feed, const HeldFile& file) {
    const auto id = COLPORT_TRY(state_->row_of(feed));
    auto row = COLPORT_TRY(state_->database.prepare(
        "INSERT OR REPLACE INTO held_files (feed, volume, name, size, modified, sha256) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    return row.bind(1, id).bind(2, file.volume).bind_text(3, file.name)
        .bind(4, static_cast<std::int64_t>(file.size)).bind(5, file.modified)
        .bind_blob(6, file.sha256.view()).run();
}

Status Archive::remove_held_file(const PublicKey& feed, std::uint32_t volume,
                                 const std::string& name) {
    auto row = COLPORT_TRY(state_->database.prepare(
        "DELETE FROM held_files WHERE feed = (SELECT id FROM feeds WHERE key = ?1) "
        "AND volume = ?2 AND name = ?3"));
    return row.bind_blob(1, feed.view()).bind(2, volume).bind_text(3, name).run();
}

Result<std::vector<std::string>> Archive::known_peers(const PublicKey& feed) {
    return memory::known_peers(state_->database, feed);
}

Status Archive::remember_peer(const PublicKey& feed, const std::string& address,
                              std::int64_t now) {
    return memory::remember_peer(state_->database, feed, address, now, most_known_peers);
}

Result<std::string> Archive::recall(const std::string& name) {
    return memory::recall(state_->database, name);
}

Result<std::map<std::string, std::string>> Archive::recall_all(const std::string& beginning) {
    return memory::recall_all(state_->database, beginning);
}

Status Archive::remember(const std::string& name, const std::string& value) {
    return memory::remember(state_->database, name, value);
}

Result<bool> Archive::is_imported(const PublicKey& feed, std::uint32_t volume,
                                  const std::string& name) {
    auto row = COLPORT_TRY(state_->database.prepare(
        "SELECT 1 FROM bundles b JOIN feeds f ON f.id = b.feed "
        "WHERE f.key = ?1 AND volume = ?2 AND b.name = ?3 AND whole"));
    return row.bind_blob(1, feed.view()).bind(2, volume).bind_text(3, name).step();
}

Result<std::vector<std::string>> Archive::bundles(const PublicKey& feed, std::uint32_t volume) {
    const auto id = COLPORT_TRY(state_->row_of(feed));
    auto rows = COLPORT_TRY(
        state_->database.prepare("SELECT name FROM bundles WHERE feed = ?1 AND volume = ?2"));
    rows.bind(1, id).bind(2, volume);
    std::vector<std::string> out;
    while (COLPORT_TRY(rows.step())) out.emplace_back(rows.text(0));
    return out;
}

Result<std::vector<std::uint32_t>> Archive::volumes_after(const PublicKey& feed,
                                                          std::uint32_t volume) {
    const auto id = COLPORT_TRY(state_->row_of(feed));
    auto rows = COLPORT_TRY(state_->database.prepare(
        "SELECT volume FROM bundles WHERE feed = ?1 AND volume > ?2 "
        "UNION SELECT volume FROM held_files WHERE feed = ?1 AND volume > ?2"));
    rows.bind(1, id).bind(2, volume);
    std::vector<std::uint32_t> out;
    while (COLPORT_TRY(rows.step())) out.push_back(static_cast<std::uint32_t>(rows.integer(0)));
    return out;
}

Result<bool> Archive::remove_bundle(const PublicKey& feed, std::uint32_t volume,
                                    const std::string& name, Beneath beneath) {
    auto& database = state_->database;
    auto transaction = COLPORT_TRY(Transaction::begin(database));
    const auto id = COLPORT_TRY(state_->row_of(feed));
    COLPORT_TRY(state_->index.begin());
    auto find = COLPORT_TRY(database.prepare(
        "SELECT id FROM bundles WHERE feed = ?1 AND volume = ?2 AND name = ?3"));
    if (COLPORT_TRY(find.bind(1, id).bind(2, volume).bind_text(3, name).step())) {
        const auto bundle = find.integer(0);
        if (COLPORT_TRY(state_->remove_some({&bundle, 1}, beneath)) == 0) {
            COLPORT_TRY(transaction.commit());
            return false;
        }
        COLPORT_TRY(state_->index.forget_removed_later());
        auto remove = COLPORT_TRY(database.prepare("DELETE FROM bundles WHERE id = ?1"));
        COLPORT_TRY(remove.bind(1, bundle).run());
    }
    COLPORT_TRY(remove_held_file(feed, volume, name));
    COLPORT_TRY(transaction.commit());
    // Old pages in the log hold what had to vanish.
    state_->gives_back = true;
    return true;
}

Result<Archive::ImportCount> Archive::import_bundle(const PublicKey& feed, std::uint32_t volume,
                                                    const std::string& name,
                                                    const BundleReader& bundle,
                                                    const Dictionary* dictionary,
                                                    const std::function<bool()>& go_on,
                                                    const Arrival& arrival) {
    if (bundle.index().feed() != feed.view())
        return Error{Errc::forged, name + ": the bundle belongs to another feed"};
    const auto needed = bundle.dictionary();
    if (needed && (dictionary == nullptr || dictionary->hash() != *needed))
        return Error{Errc::invalid, name + ": needs the compression dictionary " + needed->hex()};
    const auto id = COLPORT_TRY(state_->row_of(feed));
    if (COLPORT_TRY(is_imported(feed, volume, name))) return ImportCount{};
    const auto* used = needed ? dictionary : nullptr;
    // A bundle is good as a whole or not at all, and it comes in piece by piece.
    if (bundle.index().kind() == pb::BundleIndex::ARTICLES) {
        if (COLPORT_TRY(state_->brings_nothing(id, volume, name, bundle))) return ImportCount{};
        if (auto verified = bundle.verify_all(used); !verified)
            return std::move(verified).error().in(name);
    }
    Importer importer(state_->database, state_->bodies, state_->index, id, bundle, used, arrival);
    auto count = importer.run(volume, name, go_on);
    // Old pages in the log hold what had to vanish.
    if (importer.has_removed()) state_->gives_back = true;
    if (!count) return std::move(count).error().in(name);
    return count;
}

Status Archive::note_listing(const PublicKey& feed, std::uint32_t volume,
                             const std::set<std::string>& names, const PublicKey& signer) {
    auto transaction = COLPORT_TRY(Transaction::begin(state_->database));
    COLPORT_TRY(origins::note_listing(state_->database, COLPORT_TRY(state_->row_of(feed)), volume,
                                      names, signer));
    return transaction.commit();
}

Result<bool> Archive::work() {
    if (COLPORT_TRY(state_->origins.work())) return true;
    if (COLPORT_TRY(state_->index.work())) return true;
    return state_->give_back();
}

Result<IndexProgress> Archive::index_progress() {
    const auto progress = COLPORT_TRY(state_->index.progress());
    return IndexProgress{progress.made, progress.all};
}

Status Archive::State::check_counts() {
    auto row = COLPORT_TRY(database.prepare(
        "SELECT count(*) FROM feeds f WHERE articles <> "
        "(SELECT count(*) FROM articles a WHERE a.feed = f.id AND retracted = 0)"));
    COLPORT_TRY(row.step());
    if (row.integer(0) != 0) return Error{Errc::corrupt, "the archive miscounts its articles"};
    return done();
}

Status Archive::check_integrity() {
    auto& database = state_->database;
    for (const char* sql : {"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"}) {
        auto row = COLPORT_TRY(database.prepare(sql));
        while (COLPORT_TRY(row.step()))
            if (row.text(0) != "ok")
                return Error{Errc::corrupt, fmt::format("the archive is damaged: {}", row.text(0)),
                             "move it away and import the feeds again"};
    }
    COLPORT_TRY(state_->check_counts());
    auto transaction = COLPORT_TRY(Transaction::begin(database));
    COLPORT_TRY(state_->index.begin());
    COLPORT_TRY(state_->index.check());
    return transaction.commit();
}

}  // namespace colport
