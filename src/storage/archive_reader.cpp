#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "storage/archive.h"
#include "storage/bodies.h"
#include "storage/complete.h"
#include "storage/memory.h"
#include "storage/schema.h"
#include "storage/search.h"
#include "storage/tokenizer.h"

namespace colport {
namespace {

constexpr std::size_t shortest_prefix = 4;
constexpr std::size_t id_digits = 2 * ArticleId::size;
// Of a feed: that are counted, and that are listed.
constexpr std::size_t most_counted = 1000, most_sections = 200;

Error no_archive(const std::filesystem::path& file) {
    return {Errc::not_found, fmt::format("there is no archive yet at {}", file.string()),
            "follow a feed first: colport follow LINK"};
}

struct Range {
    ArticleId first, last;
};

/// The ids that begin with these digits.
Result<Range> range_of(std::string_view prefix) {
    std::string digits(prefix);
    for (auto& c : digits)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    if (digits.size() < shortest_prefix || digits.size() > id_digits ||
        digits.find_first_not_of("0123456789abcdef") != digits.npos)
        return Error{Errc::invalid,
                     "an article id is 4 to 32 hexadecimal digits", "colport search prints them"};
    const auto filled = [&](char with) {
        return *ArticleId::from_hex_text(digits + std::string(id_digits - digits.size(), with));
    };
    return Range{filled('0'), filled('f')};
}

/// The moment itself first: thousands may share one, and to compare pairs SQLite
/// would walk through all of them.
std::string sql_of_neighbour(const char* beyond, const char* order) {
    const auto next = [&](const char* moment, const std::string& within) {
        return fmt::format("SELECT id FROM articles WHERE feed = here.feed AND retracted = 0 "
                           "AND published {0} here.published {1} "
                           "ORDER BY published {2}, id {2} LIMIT 1",
                           moment, within, order);
    };
    return fmt::format("SELECT {} FROM feeds f JOIN articles here ON here.feed = f.id "
                       "JOIN articles a ON a.id = coalesce(({}), ({})) "
                       "WHERE f.key = ?1 AND here.article = ?2",
                       hit_columns, next("=", fmt::format("AND id {} here.id", beyond)),
                       next(beyond, ""));
}

}  // namespace

struct ArchiveReader::State {
    explicit State(Database opened) : database(std::move(opened)) {}
    Database database;
    Bodies bodies{database};
    SearchContext context{database, bodies};

    struct Found {
        PublicKey feed;
        std::string feed_name;
        ArticleId id;
        std::int64_t bundle = 0, entry = 0;
        std::string place;
        bool retracted = false;
        std::uint32_t volume = 0;
        std::string bundle_name;
    };
    /// At most two; those that are not retracted come first.
    Result<std::vector<Found>> find(const Range& range, const std::optional<PublicKey>& feed);
    Error retraction(const Found& found);
    enum class Side { newer, older };
    Result<std::optional<Hit>> neighbour(const PublicKey& feed, const ArticleId& id, Side side);
};

ArchiveReader::ArchiveReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;
ArchiveReader::~ArchiveReader() = default;

Result<ArchiveReader> ArchiveReader::open(const std::filesystem::path& file) {
    auto opened = Database::open(file, Database::Mode::read_only);
    if (!opened && opened.error().code == Errc::not_found) return no_archive(file);
    auto state = std::make_unique<State>(COLPORT_TRY(std::move(opened)));
    const auto found = COLPORT_TRY(schema::identify(state->database, file));
    if (found == schema::Found::empty) return no_archive(file);
    if (found == schema::Found::older) {
        // Reading goes on after an update though no daemon has run since.
        COLPORT_TRY(Archive::open(file));
        return open(file);
    }
    COLPORT_TRY(tokenizer::install(state->database));
    return ArchiveReader(std::move(state));
}

Result<Transaction> ArchiveReader::snapshot() { return Transaction::begin(state_->database); }

Result<Page> ArchiveReader::search(const Query& query) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    COLPORT_TRY(state_->context.refresh());
    return Searcher(state_->context, query).run();
}

Result<std::vector<Hit>> ArchiveReader::complete(const std::string& typed, std::stop_token stop) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    COLPORT_TRY(state_->context.refresh());
    return colport::complete(state_->context, typed, stop);
}

Result<std::uint64_t> ArchiveReader::how_common(std::string_view word) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    COLPORT_TRY(state_->context.refresh());
    return colport::how_common(state_->context, word);
}

Status ArchiveReader::with_how_common(const std::function<void(const HowCommon&)>& use) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    COLPORT_TRY(state_->context.refresh());
    return colport::with_how_common(state_->context, use);
}

Result<std::vector<FeedSummary>> ArchiveReader::feeds() {
    auto row = COLPORT_TRY(state_->database.prepare(
        "SELECT key, name, head, seen_seq, length(pending_head), "
        "length(fork_head) + length(fork_keyring), articles, updated, link, directory, keyring "
        "FROM feeds "
        // What was unfollowed and is being removed is followed no more.
        "WHERE NOT EXISTS (SELECT 1 FROM memory WHERE memory.name = 'leaving ' || lower(hex(key))) "
        "ORDER BY id"));
    std::vector<FeedSummary> out;
    while (COLPORT_TRY(row.step())) {
        const auto key = PublicKey::from(row.blob(0));
        if (!key) return Error{Errc::corrupt, "damaged archive: a feed's key"};
        FeedSummary feed;
        feed.feed = *key;
        feed.name = row.text(1);
        feed.head = row.blob(2);
        feed.seen_seq = static_cast<std::uint64_t>(row.integer(3));
        feed.fetching = row.integer(4) != 0;
        feed.forked = row.integer(5) != 0;
        feed.articles = static_cast<std::uint64_t>(row.integer(6));
        feed.updated = row.integer(7);
        feed.link = row.text(8);
        feed.directory = row.blob(9);
        feed.keyring = row.blob(10);
        out.push_back(std::move(feed));
    }
    return out;
}

Result<std::vector<ArchiveReader::Section>> ArchiveReader::sections() {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    // SQLite would sort them all, in memory, and a feed may have one for each article.
    std::map<std::int64_t, std::unordered_map<std::string, std::uint64_t>> counted;  // by feed
    auto article = COLPORT_TRY(state_->database.prepare(
        "SELECT feed, section FROM articles WHERE retracted = 0 AND section <> ''"));
    while (COLPORT_TRY(article.step())) {
        auto& names = counted[article.integer(0)];
        std::string name(article.text(1));
        if (names.size() < most_counted || names.contains(name)) ++names[std::move(name)];
    }
    std::vector<Section> out;
    auto feed = COLPORT_TRY(state_->database.prepare("SELECT id, key FROM feeds ORDER BY id"));
    while (COLPORT_TRY(feed.step())) {
        const auto key = PublicKey::from(feed.blob(1));
        if (!key) return Error{Errc::corrupt, "damaged archive: a feed's key"};
        const auto begin = out.size();
        for (auto& [name, articles] : counted[feed.integer(0)])
            out.push_back({*key, name, articles});
        std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                  [](const Section& a, const Section& b) {
                      return std::tie(b.articles, a.name) < std::tie(a.articles, b.name);
                  });
        out.resize(std::min(out.size(), begin + most_sections));
    }
    return out;
}

Result<std::optional<Hit>> ArchiveReader::hit(const PublicKey& feed, const ArticleId& id) {
    auto row = COLPORT_TRY(state_->database.prepare(fmt::format(
        "SELECT {} FROM articles a JOIN feeds f ON f.id = a.feed "
        "WHERE f.key = ?1 AND a.article = ?2 AND retracted = 0",
        hit_columns)));
    if (!COLPORT_TRY(row.bind_blob(1, feed.view()).bind_blob(2, id.view()).step()))
        return std::optional<Hit>();
    auto out = COLPORT_TRY(hit_of(row));
    mark(out, row, state_->bodies);
    return std::optional(std::move(out));
}

Result<std::vector<ArchiveReader::State::Found>> ArchiveReader::State::find(
    const Range& range, const std::optional<PublicKey>& feed) {
    auto row = COLPORT_TRY(database.prepare(
        "SELECT f.key, f.name, a.article, a.bundle, a.entry, a.place, a.retracted, b.volume, b.name "
        "FROM articles a JOIN feeds f ON f.id = a.feed JOIN bundles b ON b.id = a.bundle "
        "WHERE a.article BETWEEN ?1 AND ?2 AND (?3 IS NULL OR f.key = ?3) "
        "ORDER BY a.retracted, a.id LIMIT 2"));
    row.bind_blob(1, range.first.view()).bind_blob(2, range.last.view());
    if (feed) row.bind_blob(3, feed->view());
    std::vector<Found> out;
    while (COLPORT_TRY(row.step())) {
        const auto key = PublicKey::from(row.blob(0));
        const auto id = ArticleId::from(row.blob(2));
        if (!key || !id) return Error{Errc::corrupt, "damaged archive: an article's id"};
        out.push_back({*key, std::string(row.text(1)), *id, row.integer(3), row.integer(4),
                       std::string(row.blob(5)), row.integer(6) != 0,
                       static_cast<std::uint32_t>(row.integer(7)), std::string(row.text(8))});
    }
    return out;
}

Error ArchiveReader::State::retraction(const Found& found) {
    std::string message = fmt::format("article {} was retracted by its publisher", found.id.hex());
    const auto article = bodies.article(found.bundle, found.entry, found.place);
    if (article && !article->note().empty()) message += ": " + article->note();
    return {Errc::not_found, std::move(message)};
}

Result<StoredArticle> ArchiveReader::article(std::string_view id_prefix,
                                             const std::optional<PublicKey>& feed) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    const auto found = COLPORT_TRY(state_->find(COLPORT_TRY(range_of(id_prefix)), feed));
    if (found.empty())
        return Error{Errc::not_found, fmt::format("no article has the id {}", id_prefix)};
    const auto& first = found.front();
    if (found.size() > 1 && found[1].retracted == first.retracted) {
        if (found[1].id == first.id)
            return Error{Errc::invalid,
                         fmt::format("two feeds publish article {}: {} and {}", first.id.hex(),
                                     first.feed.hex(), found[1].feed.hex()),
                         "name the feed"};
        return Error{Errc::invalid, fmt::format("several articles begin with {}", id_prefix),
                     "give more digits of the id"};
    }
    if (first.retracted) return state_->retraction(first);
    StoredArticle out{first.feed, first.feed_name,
                      COLPORT_TRY(state_->bodies.article(first.bundle, first.entry, first.place)),
                      first.volume, first.bundle_name,
                      COLPORT_TRY(state_->bodies.withdrawn(first.bundle))};
    if (out.article.id() != first.id.view())
        return Error{Errc::corrupt,
                     fmt::format("article {} is not where it was imported from", first.id.hex())};
    return out;
}

Result<std::optional<ArchiveReader::Retraction>> ArchiveReader::retraction(
    std::string_view id_prefix, const std::optional<PublicKey>& feed) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    const auto found = COLPORT_TRY(state_->find(COLPORT_TRY(range_of(id_prefix)), feed));
    if (found.size() != 1 || !found.front().retracted) return std::optional<Retraction>();
    const auto article = state_->bodies.article(found.front().bundle, found.front().entry,
                                                found.front().place);
    return std::optional(Retraction{found.front().feed, found.front().feed_name,
                                    article ? article->note() : std::string()});
}

Result<std::optional<Hit>> ArchiveReader::State::neighbour(const PublicKey& feed,
                                                           const ArticleId& id, Side side) {
    static const auto newer = sql_of_neighbour(">", "ASC"), older = sql_of_neighbour("<", "DESC");
    auto row = COLPORT_TRY(database.prepare(side == Side::newer ? newer : older));
    if (!COLPORT_TRY(row.bind_blob(1, feed.view()).bind_blob(2, id.view()).step()))
        return std::optional<Hit>();
    auto out = COLPORT_TRY(hit_of(row));
    mark(out, row, bodies);
    return std::optional(std::move(out));
}

Result<ArchiveReader::Neighbours> ArchiveReader::neighbours(const PublicKey& feed,
                                                            const ArticleId& id) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    Neighbours out;
    out.newer = COLPORT_TRY(state_->neighbour(feed, id, State::Side::newer));
    out.older = COLPORT_TRY(state_->neighbour(feed, id, State::Side::older));
    return out;
}

Result<std::vector<std::string>> ArchiveReader::known_peers(const PublicKey& feed) {
    return memory::known_peers(state_->database, feed);
}

Result<std::string> ArchiveReader::recall(const std::string& name) {
    return memory::recall(state_->database, name);
}

Result<bool> ArchiveReader::has_picture(const Sha256& id) {
    auto row = COLPORT_TRY(state_->database.prepare("SELECT 1 FROM pictures WHERE sha256 = ?1"));
    row.bind_blob(1, id.view());
    return row.step();
}

Result<pb::Picture> ArchiveReader::picture(const Sha256& id) {
    auto snapshot = COLPORT_TRY(Transaction::begin(state_->database));
    auto row = COLPORT_TRY(
        state_->database.prepare("SELECT bundle, entry FROM pictures WHERE sha256 = ?1"));
    row.bind_blob(1, id.view());
    Error error{Errc::not_found, fmt::format("no picture {}", id.hex())};
    // Several bundles may hold it: any good copy will do.
    while (COLPORT_TRY(row.step())) {
        auto picture = state_->bodies.picture(row.integer(0), row.integer(1));
        if (picture && sha256(picture->data()) == id) return picture;
        if (!picture) error = std::move(picture).error();
    }
    return error;
}

}  // namespace colport
