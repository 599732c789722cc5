#include "storage/bodies.h"

#include <fmt/format.h>
#include <google/protobuf/arena.h>

#include <algorithm>

#include "core/limits.h"
#include "feed/directory.h"
#include "feed/files.h"

namespace colport {
namespace {

// Each is an open file, as are those of `most_files`.
constexpr std::size_t most_bundles = 16;
constexpr std::size_t most_memory = 16 * limits::mib;
constexpr std::size_t most_files = 64;
constexpr std::size_t most_keyrings = 64;
constexpr std::size_t most_dictionary_memory = 8 * limits::mib;
// A press makes four in the life of a feed, of at most a MiB each.
constexpr std::size_t most_searched = 16 * limits::mib;
constexpr std::size_t entry_memory = 256;  // of an index entry, about

std::optional<RecordPlace> decode_place(Bytes place) {
    std::uint32_t numbers[5] = {};
    constexpr auto size = sizeof numbers + Sha256::size;
    if (place.size() != size && place.size() != size + 1) return {};
    for (auto& number : numbers)
        for (int i = 0; i < 4; ++i, place.remove_prefix(1))
            number = number << 8 | static_cast<unsigned char>(place.front());
    return RecordPlace{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
                       *Sha256::from(place.substr(0, Sha256::size)),
                       place.size() == Sha256::size ? 1U : static_cast<unsigned char>(place.back())};
}

/// The one of a bundle, which becomes the last used; null: none.
template <class Held>
Held* use(std::list<Held>& all, std::int64_t bundle) {
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const Held& held) { return held.id == bundle; });
    if (known == all.end()) return nullptr;
    all.splice(all.begin(), all, known);
    return &all.front();
}

/// A missing file is weather on a disk that can be unplugged.
Error unreadable(Error error) {
    if (error.code == Errc::not_found) {
        error.code = Errc::io;
        error.hint = "the file was removed, or its disk is not connected";
    }
    return error;
}

}  // namespace

struct Bodies::Location {
    FeedDirectory directory;
    std::int64_t feed = 0;
    PublicKey key;
    std::string keyring;
    std::uint32_t volume = 0;
    std::string name;
    std::optional<Sha256> dictionary;
    std::optional<BundleOrigin> origin;   ///< nothing: not noted
    Arrival arrival;

    [[nodiscard]] std::filesystem::path path() const { return directory.volume(volume) / name; }
};

struct Bodies::OpenBundle {
    std::int64_t id = 0;
    std::string path;
    FileParts file;
    std::optional<BundleReader> reader = {};

    [[nodiscard]] std::size_t memory() const { return reader->size() * entry_memory; }
};

struct Bodies::OpenFile {
    std::int64_t id = 0;
    std::string path;
    FileParts file;
    std::optional<Sha256> dictionary;

    /// What stands at a place now, in `buffer`. Errors: corrupt, io.
    Result<Bytes> frame(const RecordPlace& place, std::string& buffer) const {
        auto out = file.read(place.frame, place.packed, buffer);
        if (!out && out.error().code == Errc::corrupt)
            return Error{Errc::corrupt, path + " is not the file that was imported"};
        return out;
    }
};

std::string encode_place(const RecordPlace& place) {
    std::string out;
    for (const auto number : {place.frame, place.packed, place.unpacked, place.offset, place.size})
        for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
    out += place.sha256.view();
    // What was stored before there were formats to tell apart has none.
    if (place.format != 1) out += static_cast<char>(place.format);
    return out;
}

Bodies::Bodies(Database& database) : database_(database) {}
Bodies::~Bodies() = default;

template <class Read>
auto Bodies::read(std::int64_t bundle, std::int64_t entry, pb::BundleIndex::Kind kind,
                  const Read& read) -> decltype(read(std::declval<const OpenBundle&>(), 0)) {
    const auto* held = COLPORT_TRY(open(bundle));
    if (held->reader->index().kind() != kind || entry < 0 ||
        static_cast<std::uint64_t>(entry) >= held->reader->size())
        return Error{Errc::corrupt, held->path + " is not the file that was imported"};
    auto out = read(*held, static_cast<std::size_t>(entry));
    if (!out) return std::move(out).error().in(held->path);
    return out;
}

Result<pb::Article> Bodies::article(std::int64_t bundle, std::int64_t entry) {
    return read(bundle, entry, pb::BundleIndex::ARTICLES,
                [&](const OpenBundle& held, std::size_t at) -> Result<pb::Article> {
                    const auto words = COLPORT_TRY(dictionary(bundle, held.reader->dictionary()));
                    return held.reader->article(at, words.get());
                });
}

Result<pb::Picture> Bodies::picture(std::int64_t bundle, std::int64_t entry) {
    return read(bundle, entry, pb::BundleIndex::MEDIA,
                [](const OpenBundle& held, std::size_t at) { return held.reader->picture(at); });
}

Status Bodies::read(std::int64_t bundle, std::int64_t entry, Bytes place, pb::Article& out) {
    const auto stored = decode_place(place);
    if (!stored) {
        out = COLPORT_TRY(article(bundle, entry));
        return done();
    }
    auto& file = *COLPORT_TRY(open_file(bundle));
    const auto words = COLPORT_TRY(dictionary(bundle, file.dictionary));
    auto status = read_article(COLPORT_TRY(file.frame(*stored, frame_)), *stored, words.get(), out);
    if (!status) return std::move(status).error().in(file.path);
    return done();
}

Result<pb::Article> Bodies::article(std::int64_t bundle, std::int64_t entry, Bytes place) {
    pb::Article out;
    COLPORT_TRY(read(bundle, entry, place, out));
    return out;
}

Result<ArticleText> Bodies::text(std::int64_t bundle, std::int64_t entry, Bytes place) {
    // Searches read hundreds, of a hundred parts each.
    google::protobuf::Arena arena;
    auto& article = *google::protobuf::Arena::CreateMessage<pb::Article>(&arena);
    COLPORT_TRY(read(bundle, entry, place, article));
    return text_of(article);
}

Result<Bodies::OpenFile*> Bodies::open_file(std::int64_t bundle) {
    if (auto* known = use(files_, bundle)) return known;
    let_go_of_removed();
    const auto at = COLPORT_TRY(locate(bundle));
    auto file = FileParts::open(at.path(), limits::bundle);
    if (!file) return unreadable(std::move(file).error());
    files_.push_front({bundle, at.path().string(), std::move(file).value(), at.dictionary});
    if (files_.size() > most_files) files_.pop_back();
    return &files_.front();
}

Result<const Bodies::OpenBundle*> Bodies::open(std::int64_t bundle) {
    if (const auto* known = use(bundles_, bundle)) return known;
    let_go_of_removed();
    const auto at = COLPORT_TRY(locate(bundle));
    const auto* keyring = at.origin ? nullptr : COLPORT_TRY(keyring_of(at));
    auto file = FileParts::open(at.path(), limits::bundle);
    if (!file) return unreadable(std::move(file).error());
    bundles_.push_front({bundle, at.path().string(), std::move(file).value()});
    auto& held = bundles_.front();
    auto reader = at.origin ? BundleReader::open_known(held.file, at.key, at.origin->signer)
                            : BundleReader::open(held.file, *keyring);
    if (!reader) {
        auto error = std::move(reader).error().in(held.path);
        bundles_.pop_front();
        return error;
    }
    held.reader = std::move(reader).value();
    make_room();
    return &bundles_.front();
}

Result<const Keyring*> Bodies::keyring_of(const Location& at) {
    if (const auto known = keyrings_.find(at.key);
        known != keyrings_.end() && known->second.file() == at.keyring)
        return &known->second;
    auto keyring = Keyring::verify(at.keyring, at.key);
    if (!keyring) return std::move(keyring).error().in("feed " + at.key.hex());
    if (keyrings_.size() >= most_keyrings) keyrings_.clear();
    return &keyrings_.insert_or_assign(at.key, std::move(keyring).value()).first->second;
}

Result<std::optional<WithdrawnKey>> Bodies::withdrawn(std::int64_t bundle) {
    const auto at = COLPORT_TRY(locate(bundle));
    const auto origin = COLPORT_TRY(this->origin(at, bundle));
    return COLPORT_TRY(keyring_of(at))->withdrawn(origin);
}

Result<BundleOrigin> Bodies::origin(std::int64_t bundle) {
    return origin(COLPORT_TRY(locate(bundle)), bundle);
}

Result<BundleOrigin> Bodies::origin(const Location& at, std::int64_t bundle) {
    if (at.origin) return *at.origin;
    const auto from = [&](const BundleReader& reader) {
        return BundleOrigin{reader.signer(), reader.index().seq(), reader.index().time(),
                            at.arrival};
    };
    const auto held = open(bundle);
    if (held) return from(*(*held)->reader);
    if (held.error().code != Errc::forged) return held.error();
    // By a key that the keyring of then named and that of now does not, if it is the file
    // of then.
    const auto content = COLPORT_TRY(read_file(at.path(), limits::bundle));
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT sha256 FROM held_files WHERE feed = ?1 AND volume = ?2 AND name = ?3"));
    row.bind(1, at.feed).bind(2, at.volume).bind_text(3, at.name);
    if (!COLPORT_TRY(row.step()) || row.blob(0) != sha256(content).view()) return held.error();
    return from(COLPORT_TRY(BundleReader::open_alone(content)));
}

bool Bodies::readable(std::int64_t bundle) {
    const auto held = open(bundle);
    return held && dictionary(bundle, (*held)->reader->dictionary());
}

void Bodies::let_go_of_removed() {
    const auto is_gone = [](const auto& held) {
        std::error_code error;
        return !std::filesystem::exists(held.path, error) && !error;
    };
    std::erase_if(files_, is_gone);
    std::erase_if(bundles_, is_gone);
}

void Bodies::make_room() {
    std::size_t memory = 0;
    for (const auto& held : bundles_) memory += held.memory();
    while (bundles_.size() > 1 && (bundles_.size() > most_bundles || memory > most_memory)) {
        memory -= bundles_.back().memory();
        bundles_.pop_back();
    }
}

Result<Bodies::Location> Bodies::locate(std::int64_t bundle) {
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT f.id, f.key, f.directory, f.keyring, b.volume, b.name, b.dictionary, b.signer, "
        "b.seq, b.time, b.arrived, b.listed_by "
        "FROM bundles b JOIN feeds f ON f.id = b.feed WHERE b.id = ?1"));
    const bool found = COLPORT_TRY(row.bind(1, bundle).step());
    const auto key = found ? PublicKey::from(row.blob(1)) : std::nullopt;
    if (!key) return Error{Errc::corrupt, "the archive names a bundle that it does not know"};
    Location out{{std::filesystem::path(row.blob(2))}, row.integer(0), *key,
                 std::string(row.blob(3)), static_cast<std::uint32_t>(row.integer(4)),
                 std::string(row.text(5)), Sha256::from(row.blob(6)), {},
                 {row.integer(10), PublicKey::from(row.blob(11))}};
    if (const auto signer = PublicKey::from(row.blob(7)))
        out.origin = BundleOrigin{*signer, static_cast<std::uint64_t>(row.integer(8)),
                                  row.integer(9), out.arrival};
    return out;
}

Result<std::shared_ptr<const Dictionary>> Bodies::dictionary(std::int64_t bundle,
                                                             const std::optional<Sha256>& hash) {
    if (!hash) return std::shared_ptr<const Dictionary>();
    const auto known = std::find_if(dictionaries_.begin(), dictionaries_.end(),
                                    [&](const auto& held) { return held->hash() == *hash; });
    if (known != dictionaries_.end()) {
        dictionaries_.splice(dictionaries_.begin(), dictionaries_, known);
        return dictionaries_.front();
    }
    const auto at = COLPORT_TRY(locate(bundle));
    auto found = COLPORT_TRY(find_dictionary(at, *hash));
    if (!found)
        return Error{Errc::io,
                     fmt::format("{}: its compression dictionary {} is missing or damaged",
                                 at.path().string(), hash->hex()),
                     "the file was removed, or its disk is not connected"};
    dictionaries_.push_front(found);
    while (dictionaries_.size() > 1 && dictionary_memory() > most_dictionary_memory)
        dictionaries_.pop_back();
    return found;
}

std::size_t Bodies::dictionary_memory() const {
    std::size_t out = 0;
    for (const auto& held : dictionaries_) out += held->memory();
    return out;
}

Result<std::shared_ptr<const Dictionary>> Bodies::find_dictionary(const Location& at,
                                                                  const Sha256& hash) {
    std::uint64_t searched = 0;
    const auto take = [&](const std::filesystem::path& path) -> std::shared_ptr<const Dictionary> {
        auto bytes = read_file(path, limits::dictionary);
        if (!bytes) return nullptr;
        searched += bytes->size();
        dictionary_work_ += bytes->size();
        if (sha256(*bytes) != hash) return nullptr;
        auto loaded = Dictionary::load(std::move(bytes).value());
        if (!loaded) return nullptr;
        dictionary_work_ += (*loaded)->bytes().size();
        return *loaded;
    };
    auto held = COLPORT_TRY(database_.prepare(
        "SELECT volume, name FROM held_files WHERE feed = ?1 AND sha256 = ?2"));
    held.bind(1, at.feed).bind_blob(2, hash.view());
    while (COLPORT_TRY(held.step()))
        if (auto found = take(at.directory.volume(static_cast<std::uint32_t>(held.integer(0))) /
                              held.text(1)))
            return found;
    // A directory whose files nobody has noted: its own volume's.
    std::error_code error;
    for (std::filesystem::directory_iterator file(at.directory.volume(at.volume), error), end;
         !error && file != end && searched < most_searched; file.increment(error))
        if (kind_of(file->path().filename().string()) == FileKind::dictionary)
            if (auto found = take(file->path())) return found;
    return std::shared_ptr<const Dictionary>();
}

}  // namespace colport
