#include "press/signing/release.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "article/article.h"
#include "core/message.h"
#include "feed/bundle.h"
#include "feed/files.h"
#include "feed/record.h"
#include "feed/shelf.h"
#include "press/catalogue.h"
#include "press/draft_store.h"
#include "press/drafts.h"
#include "press/leftovers.h"
#include "press/signing/signing.h"
#include "press/signing/training.h"

namespace colport {
namespace {

// What one bundle takes: an importer's transaction, and what is lost when a
// download breaks off.
constexpr std::size_t bundle_articles = 500;
constexpr std::size_t bundle_text = 4 * limits::mib;
constexpr std::size_t bundle_pictures = 8 * limits::mib;

constexpr int least_dictionary_level = 12;

// What a release that waits for its signature holds, about: it is carried by hand,
// and read into memory where it is signed.
constexpr std::uint64_t prepared_bytes = 64 * limits::mib;

/// Does the previous head lie so far ahead that one of the two clocks is wrong?
bool is_ahead(const SignedRecords& state, std::int64_t now) {
    return state.head && state.head->message.time() > now + limits::clock_skew_seconds;
}

std::size_t size_of(const Waiting::Article& draft) { return draft.facts.bytes; }
std::size_t size_of(const DraftPicture& draft) { return draft.bytes; }

/// What a release starts from. Holds the workshop's lock.
struct Start {
    PressLock lock;
    SignedRecords state;
    std::int64_t now = 0;
    Waiting drafts;
    std::size_t published = 0;       ///< articles
    TextOfReleases text;             ///< of these
    std::vector<ArticleId> taken;    ///< drafts of the release that is being made

    /// Nothing new, but the key that signed the newest release may sign no more: it
    /// is signed anew, or nobody who comes later can follow the feed. Or readers would soon be
    /// told that they may be cut off; half of the time is left for the news to reach them.
    [[nodiscard]] bool is_only_signed_anew() const {
        if (!drafts.articles.empty() || !drafts.pictures.empty() || !state.head) return false;
        const auto& head = state.head->message;
        const std::int64_t silence = head.fresh_for();
        return !state.keyring.may_sign(state.head->signer, head.time()) ||
               (silence != 0 && now - head.time() > silence / 2);
    }
    [[nodiscard]] bool has_work() const {
        return !drafts.articles.empty() || !drafts.pictures.empty() || is_only_signed_anew();
    }
};

/// Compresses drafts into the files of one release. What becomes of the files is
/// the caller's: signed, they go to the feed directory, unsigned into a request.
class ReleaseMaker {
public:
    using Take = std::function<Status(const std::string& name, FileKind kind, Bytes content)>;

    ReleaseMaker(const FeedDirectory& directory, NextRelease& next, const SigningKey* key,
                 int level, ReleaseReport& report, Take take)
        : directory_(directory), next_(next), key_(key), level_(level), report_(report),
          take_(std::move(take)) {}

    /// The first `going` drafts are sure to go out. Another's words are not to: it may
    /// wait, change, or be dropped, and a dictionary consists of pieces of articles.
    Status use_dictionary(const InfoDictionary* current, const Workshop& workshop,
                          const Start& start, std::size_t going) {
        if (current != nullptr) COLPORT_TRY(use_last(*current));
        std::uint64_t text = sum_of(start.text);
        for (std::size_t i = 0; i < going; ++i) text += size_of(start.drafts.articles[i]);
        const auto due = training::due(text, dictionary_ ? dictionary_->bytes().size() : 0,
                                       COLPORT_TRY(last_try(workshop, start)));
        if (start.published + going >= training::enough_articles && due.size > 0 &&
            !COLPORT_TRY(train(workshop, start, going, due)))
            note_failure(workshop, text);
        if (!dictionary_) return done();
        const auto& files = next_.info().files;
        const auto hash = dictionary_->hash();
        if (std::any_of(files.begin(), files.end(),
                        [&](const VolumeFile& file) { return file.sha256 == hash; }))
            return done();
        // It was once published as it is.
        if (dictionary_file_ == dictionary_->bytes())
            COLPORT_TRY(use(Dictionary::pack(dictionary_->bytes())));
        return add_file(FileKind::dictionary, dictionary_file_);
    }

    Status add_articles(std::vector<ArticleMessage> articles) {
        for (const auto& article : articles) report_.text_bytes += article.bytes.size();
        report_.articles += articles.size();
        auto info = next_.bundle_info();
        info.level = level_;
        const auto bytes = COLPORT_TRY(
            write_message_bundle(info, std::move(articles), dictionary_, key_));
        return add_file(FileKind::articles, bytes);
    }

    Status add_pictures(std::vector<pb::Picture> pictures) {
        for (const auto& picture : pictures) report_.picture_bytes += picture.data().size();
        report_.pictures += pictures.size();
        const auto bytes = COLPORT_TRY(
            write_media_bundle(next_.bundle_info(), std::move(pictures), key_));
        return add_file(FileKind::media, bytes);
    }

    /// The file of the dictionary that the articles need; may be empty.
    [[nodiscard]] const std::string& dictionary_file() const { return dictionary_file_; }

private:
    Status use(std::string file) {
        dictionary_ = COLPORT_TRY(Dictionary::load(file));
        dictionary_file_ = std::move(file);
        return done();
    }

    /// The newest of the volume.
    Status use_last(const InfoDictionary& info) {
        const auto last = std::find_if(info.files.rbegin(), info.files.rend(), [](const auto& file) {
            return kind_of(file.name) == FileKind::dictionary;
        });
        if (last == info.files.rend()) return done();
        const auto path = directory_.volume(info.volume) / last->name;
        auto file = COLPORT_TRY(read_file(path, limits::dictionary));
        if (sha256(file) != last->sha256)
            return Error{Errc::corrupt, path.string() + ": does not match its hash"};
        auto used = use(std::move(file));
        if (!used) return std::move(used).error().in(path.string());
        return done();
    }

    /// The text that there was when training was last tried.
    [[nodiscard]] Result<std::uint64_t> last_try(const Workshop& workshop,
                                                 const Start& start) const {
        const auto made = dictionary_ ? COLPORT_TRY(training::text_when_made(
                                            directory_, start.state, start.text,
                                            dictionary_->hash()))
                                      : 0;
        return std::max<std::uint64_t>(made, last_failure(workshop));
    }
    // The feed does not tell of these. A note that cannot be read or written costs the time
    // to try again.
    static std::uint64_t last_failure(const Workshop& workshop) {
        const auto note = read_file(workshop.dictionary_tried(), 128);
        if (!note) return 0;
        std::uint64_t out = 0;
        const char* const end = note->data() + note->size();
        return Bytes(std::from_chars(note->data(), end, out).ptr, end) == "\n" ? out : 0;
    }
    static void note_failure(const Workshop& workshop, std::uint64_t text) {
        static_cast<void>(
            write_file(workshop.dictionary_tried(), std::to_string(text) + "\n", 0600));
    }

    /// False: there is none that would be worth its bytes.
    Result<bool> train(const Workshop& workshop, const Start& start, std::size_t going,
                       const training::Due& due) {
        const auto& drafts = start.drafts.articles;
        std::uint64_t text = 0;
        for (std::size_t i = 0; i < going; ++i) text += size_of(drafts[i]);
        const auto step = training::step_for(text, going);
        std::vector<std::string> samples;
        // What comes first in training lies nearest to the articles, and so costs them least.
        for (std::size_t i = 0; i < going; i += step) {
            if (drafts[i].facts.retracts) continue;
            samples.push_back(
                COLPORT_TRY(record_of(COLPORT_TRY(load_message(workshop, drafts[i])).bytes)));
        }
        const auto sampling = training::older_articles(text / step, going / step,
                                                       sum_of(start.text), start.published);
        if (sampling)
            for (const auto& article :
                 COLPORT_TRY(sample_articles(directory_, next_.state(), *sampling)))
                samples.push_back(COLPORT_TRY(record_of(article)));
        const auto trained = Dictionary::train(samples, due.size, level_);
        // Articles too alike or too short give none, or none that is worth its bytes:
        // a feed lives with what it has.
        // Training leaves a little of the size unused.
        if (!trained || 4 * trained->size() < 3 * due.least) return false;
        // Whoever is in a hurry saves a tenth of his time by a tenth of its bytes.
        COLPORT_TRY(use(Dictionary::pack(*trained, std::max(level_, least_dictionary_level))));
        report_.dictionary = true;
        return true;
    }

    Status add_file(FileKind kind, Bytes content) {
        const auto name = next_.add(kind, content);
        report_.packed_bytes += content.size();
        return take_(name, kind, content);
    }

    const FeedDirectory& directory_;
    NextRelease& next_;
    const SigningKey* key_;
    int level_;
    ReleaseReport& report_;
    Take take_;
    std::string dictionary_file_;
    std::shared_ptr<const Dictionary> dictionary_;
};

/// Where in `queue` the bundle ends that begins at `from`.
template <class Entry>
std::size_t end_of_bundle(const std::vector<Entry>& queue, std::size_t from,
                          std::size_t most_items, std::size_t most_bytes) {
    std::size_t bytes = 0, end = from;
    while (end < queue.size() && end - from < most_items && (end == from || bytes < most_bytes))
        bytes += size_of(queue[end++]);
    return end;
}

/// Takes from the front of `queue` what one bundle holds.
template <class Entry>
std::vector<Entry> take(std::vector<Entry>& queue, std::size_t most_items,
                        std::size_t most_bytes) {
    const auto count = end_of_bundle(queue, 0, most_items, most_bytes);
    const auto end = queue.begin() + static_cast<long>(count);
    std::vector<Entry> out(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return out;
}

bool is_full(const InfoDictionary& info, const ReleaseOptions& options) {
    return info.total_size() >= options.volume_bytes || info.files.size() >= options.volume_files;
}

/// How many drafts, of the first, the next release holds whatever they pack into.
std::size_t sure_to_go(const Waiting& drafts, const InfoDictionary& info,
                       const ReleaseOptions& options, std::uint64_t room) {
    // An entry of the index, and a frame of its own for what cannot be made smaller.
    constexpr std::uint64_t around_article = 256;
    constexpr std::uint64_t around_file = 4 * limits::kib;
    const auto most = std::min(room, options.volume_bytes);
    auto size = info.total_size() + training::largest;
    auto files = info.files.size() + 1;
    std::size_t out = 0;
    while (out < drafts.articles.size() && (out == 0 || (size < most && files < options.volume_files))) {
        const auto end = end_of_bundle(drafts.articles, out, bundle_articles, bundle_text);
        for (; out < end; ++out) size += size_of(drafts.articles[out]) + around_article;
        size += around_file;
        ++files;
    }
    return out;
}

Result<Start> start_release(const Workshop& workshop, const ReleaseOptions& options,
                            std::int64_t now, ReleaseReport& report) {
    auto lock = COLPORT_TRY(lock_workshop(workshop));
    auto state = COLPORT_TRY(workshop.records());
    const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    COLPORT_TRY(remove_published_drafts(workshop, published));
    Waiting drafts;
    if (options.drafts) drafts = COLPORT_TRY(list_waiting(workshop, published));
    if (!drafts.missing.empty()) return Error{Errc::not_found, drafts.missing.front()};
    if (is_ahead(state, now))
        report.warnings.push_back(
            fmt::format("the last release is dated {} UTC, more than a day ahead of this "
                        "computer's clock: the clock was wrong then, or is now",
                        format_time(state.head->message.time(), 0)));
    if (state.head) report.seq = state.head->seq();
    return Start{std::move(lock), std::move(state), now, std::move(drafts),
                 published.articles.size(), published.text, {}};
}

/// The newest volume, and whether the next release begins another.
struct Current {
    std::optional<InfoDictionary> info;
    bool is_full = false;
};

Result<Current> current_volume(const FeedDirectory& directory, const Start& start,
                               const ReleaseOptions& options) {
    if (!start.state.head) return Current{};
    auto info = COLPORT_TRY(
        load_info(directory, volumes_of(start.state).back(), start.state.feed));
    const bool full = !start.is_only_signed_anew() && is_full(info, options);
    return Current{std::move(info), full};
}

/// Gives the maker one bundle's worth of drafts after the other, until the volume
/// or `room` is full or none are left.
Status fill(ReleaseMaker& maker, const NextRelease& next, const Workshop& workshop, Start& start,
            const ReleaseOptions& options, std::uint64_t room, const ReleaseReport& report,
            const std::function<void()>& progress) {
    auto& drafts = start.drafts;
    while ((!drafts.articles.empty() || !drafts.pictures.empty()) && report.packed_bytes < room) {
        progress();
        if (!drafts.articles.empty()) {
            std::vector<ArticleMessage> articles;
            for (const auto& draft : take(drafts.articles, bundle_articles, bundle_text)) {
                articles.push_back(COLPORT_TRY(load_message(workshop, draft)));
                start.text[next.info().seq] += size_of(draft);
                start.taken.push_back(draft.id);
            }
            start.published += articles.size();
            COLPORT_TRY(maker.add_articles(std::move(articles)));
        } else {
            std::vector<pb::Picture> pictures;
            for (const auto& entry : take(drafts.pictures, bundle_articles, bundle_pictures))
                pictures.push_back(COLPORT_TRY(load_draft_picture(workshop, entry.id)));
            COLPORT_TRY(maker.add_pictures(std::move(pictures)));
        }
        if (is_full(next.info(), options)) break;
    }
    return done();
}

Status publish(const Workshop& workshop, const SigningKey& key, const ReleaseOptions& options,
               std::int64_t now, const ReleaseProgress& progress, Start& start,
               ReleaseReport& report) {
    const auto link = COLPORT_TRY(load_link(workshop));
    const auto feed = workshop.feed();
    if (!start.state.keyring.may_sign(key.public_key(), release_time(start.state, now)))
        return Error{Errc::denied, "the signing key may not sign for this feed now",
                     "colport-press key show tells which keys may"};
    report.signed_anew = start.is_only_signed_anew();
    const std::size_t total = start.drafts.articles.size();
    const auto tell = [&] {
        if (progress) progress(total - start.drafts.articles.size(), total);
    };
    while (start.has_work()) {
        auto current = COLPORT_TRY(current_volume(feed, start, options));
        NextRelease next(start.state, current.info, current.is_full,
                         release_time(start.state, now));
        const auto folder = feed.volume(next.info().volume);
        COLPORT_TRY(make_directory(folder));
        ReleaseMaker maker(feed, next, &key, options.level, report,
                           [&](const std::string& name, FileKind, Bytes content) {
                               return write_file(folder / name, content);
                           });
        if (!start.is_only_signed_anew())
            COLPORT_TRY(maker.use_dictionary(
                current.info ? &*current.info : nullptr, workshop, start,
                sure_to_go(start.drafts, next.info(), options, UINT64_MAX)));
        COLPORT_TRY(fill(maker, next, workshop, start, options, UINT64_MAX, report, tell));
        COLPORT_TRY(write_release(
            feed, COLPORT_TRY(next.sign(key, options.fresh_for, link.trackers, link.mirrors))));
        COLPORT_TRY(COLPORT_TRY(workshop.draft_store())->remove(start.taken));
        start.taken.clear();
        report.seq = next.info().seq;
        report.volume = next.info().volume;
        ++report.releases;
        start.state = COLPORT_TRY(workshop.records());
    }
    if (report.releases != 0) {
        tell();
        const auto published = COLPORT_TRY(read_catalogue(feed, start.state));
        COLPORT_TRY(remove_published_drafts(workshop, published));
    }
    return done();
}

}  // namespace

std::int64_t release_time(const SignedRecords& state, std::int64_t now) {
    return state.head && !is_ahead(state, now) ? std::max(now, state.head->message.time()) : now;
}

Status write_release(const FeedDirectory& directory, const SignedRelease& release) {
    for (const auto& torrent : release.torrents) {
        COLPORT_TRY(write_file(directory.torrent(torrent.volume), torrent.file));
        COLPORT_TRY(write_file(directory.torrent_signature(torrent.volume), torrent.signature));
    }
    if (!release.shelf.empty()) COLPORT_TRY(write_file(directory.shelf(), release.shelf));
    return write_file(directory.head(), release.head);
}

Result<ReleaseReport> release_drafts(const Workshop& workshop, const SigningKey& key,
                                     const ReleaseOptions& options, std::int64_t now,
                                     const ReleaseProgress& progress) {
    ReleaseReport report;
    auto start = COLPORT_TRY(start_release(workshop, options, now, report));
    auto published = publish(workshop, key, options, now, progress, start, report);
    if (published) return report;
    // Others copy the folder, perhaps before the next command tidies it; and the disk may be full.
    static_cast<void>(remove_leftovers(workshop.feed()).ok());
    return std::move(published).error();
}

Result<PreparedRelease> prepare_release(const Workshop& workshop, const ReleaseOptions& options,
                                        std::int64_t now, const ReleaseProgress& progress) {
    PreparedRelease out;
    auto start = COLPORT_TRY(start_release(workshop, options, now, out.report));
    if (!start.has_work()) return out;
    out.report.signed_anew = start.is_only_signed_anew();
    const auto link = COLPORT_TRY(load_link(workshop));
    const auto feed = workshop.feed();
    auto current = COLPORT_TRY(current_volume(feed, start, options));
    NextRelease next(start.state, current.info, current.is_full, release_time(start.state, now));
    pb::ReleaseRequest request;
    if (start.state.head) {
        request.set_head(start.state.head->file);
        request.set_info(encode(*current.info));
        if (start.state.shelf.volumes_size() != 0)
            request.set_shelf(encode_shelf(start.state.shelf));
    }
    request.set_new_volume(current.is_full);
    request.set_time(next.time());
    request.set_fresh_for(static_cast<std::uint32_t>(options.fresh_for));
    for (const auto& tracker : link.trackers) request.add_trackers(tracker);
    for (const auto& mirror : link.mirrors) request.add_mirrors(mirror);
    ReleaseMaker maker(feed, next, nullptr, options.level, out.report,
                       [&](const std::string&, FileKind kind, Bytes content) {
                           auto* file = request.add_files();
                           file->set_kind(static_cast<std::uint32_t>(kind));
                           file->set_content(std::string(content));
                           return done();
                       });
    const std::size_t total = start.drafts.articles.size();
    if (!start.is_only_signed_anew())
        COLPORT_TRY(maker.use_dictionary(
            current.info ? &*current.info : nullptr, workshop, start,
            sure_to_go(start.drafts, next.info(), options, prepared_bytes)));
    COLPORT_TRY(fill(maker, next, workshop, start, options, prepared_bytes, out.report, [&] {
        if (progress) progress(total - start.drafts.articles.size(), total);
    }));
    if (!maker.dictionary_file().empty()) request.add_dictionaries(maker.dictionary_file());
    out.report.seq = next.info().seq;
    out.report.volume = next.info().volume;
    out.report.releases = 1;
    out.left = start.drafts.articles.size();
    pb::SigningRequest message;
    message.set_format(1);
    message.set_keyring(start.state.keyring.file());
    *message.mutable_release() = std::move(request);
    out.request = encode_message(message);
    COLPORT_TRY(note_prepared(workshop, out.request, start.taken));
    return out;
}

}  // namespace colport
