#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "feed/bundle.h"
#include "query/near_words.h"
#include "storage/database.h"

/// The local archive: feeds, what is held of them, their articles' metadata and
/// the full-text index, in one SQLite database (schema.sql). Bodies stay in the
/// bundles.
namespace colport {

/// A followed feed as it is remembered.
struct FeedRecord {
    PublicKey feed;
    std::string name;
    std::filesystem::path directory;  ///< its feed directory, absolute
    bool in_place = false;            ///< the directory is somebody else's: read, never write
    std::string link;                 ///< as followed; empty when followed by directory
    std::uint64_t seen_seq = 0;       ///< highest seq accepted; goes down with a new keyring only
    std::string keyring;              ///< newest accepted file; may be empty
    std::string head;                 ///< head of the newest imported release; may be empty
    std::string pending_head;         ///< head being fetched; may be empty
    std::string shelf;                ///< of `head`
    std::string fork_head;            ///< a second head at seen_seq: the feed is forked
    std::string fork_keyring;         ///< one that contradicts `keyring`: forked as well
    std::int64_t updated = 0;         ///< when `head` was imported, seconds since 1970
    /// Volumes that changed at or after this time were asked for, whatever the
    /// limit of history is. The default: none.
    std::int64_t history_since = std::numeric_limits<std::int64_t>::max();
};

/// A file of a volume that was hashed and found right.
struct HeldFile {
    std::uint32_t volume = 0;
    std::string name;
    std::uint64_t size = 0;
    std::int64_t modified = 0;        ///< FileStamp::modified at that moment
    Sha256 sha256;
};

/// How far an index in the making is, in articles; equal when none is.
struct IndexProgress {
    std::int64_t made = 0, all = 0;
};

/// The writing side. One thread owns it.
class Archive {
public:
    /// Creates or opens `file`. Errors: io, denied, corrupt, unsupported (an
    /// archive of a newer version).
    static Result<Archive> open(const std::filesystem::path& file);
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    ~Archive();

    Result<std::vector<FeedRecord>> feeds();
    /// Inserts or replaces all fields. seen_seq never goes down while the keyring stays.
    /// No power cut takes it back, nor what was written before it.
    Status save_feed(const FeedRecord& record);
    /// Forgets the feed, its articles and what is held, also in free space and in
    /// the index: seconds for a large archive. Files stay. Errors: not_found.
    Status remove_feed(const PublicKey& feed);
    /// The same in steps of some 50 ms, and space is given back by work(). True when
    /// the feed is gone; until then call it again. Broken off, the feed is there with
    /// what is left.
    Result<bool> remove_some_of_feed(const PublicKey& feed);

    /// No bundle of a feed counts as imported, so that each can be taken in again and
    /// bring what an article of another one had taken the place of. All stays readable.
    /// Errors: not_found.
    Status import_again(const PublicKey& feed);

    Result<std::vector<HeldFile>> held_files(const PublicKey& feed);
    /// Errors: not_found (the feed).
    Status save_held_file(const PublicKey& feed, const HeldFile& file);
    Status remove_held_file(const PublicKey& feed, std::uint32_t volume, const std::string& name);

    /// Addresses at which peers of a feed were met, the latest first, at most
    /// most_known_peers.
    static constexpr std::size_t most_known_peers = 50;
    Result<std::vector<std::string>> known_peers(const PublicKey& feed);
    /// `now` in seconds since 1970. The oldest are forgotten.
    Status remember_peer(const PublicKey& feed, const std::string& address, std::int64_t now);

    /// What the daemon keeps between runs; empty when there is none.
    Result<std::string> recall(const std::string& name);
    /// An empty value: forgets it.
    Status remember(const std::string& name, const std::string& value);
    /// Names that begin so, and their values.
    Result<std::map<std::string, std::string>> recall_all(const std::string& beginning);

    /// True when the file's articles or pictures are in the archive already.
    Result<bool> is_imported(const PublicKey& feed, std::uint32_t volume, const std::string& name);

    struct ImportCount {
        std::size_t added = 0, replaced = 0, retracted = 0, pictures = 0;
    };
    /// Takes in a bundle; a second time changes nothing. Its articles come in some
    /// at a time, after the whole of it was found good, and is_imported() says so
    /// after the last: an import that was broken off goes on when it is called again.
    /// A higher revision of an article replaces a lower one, whatever the order
    /// of arrival. One that was taken in before, and that import_again() or a removal made
    /// count no more, is unpacked only where it brings something. `dictionary` as BundleReader::article wants it. The file must
    /// be in the feed's directory: that is where articles are read from later.
    /// `go_on` is asked now and then whether to. Errors: not_found (the feed), corrupt
    /// (any article: nothing is imported), locked (broken off).
    Result<ImportCount> import_bundle(const PublicKey& feed, std::uint32_t volume,
                                      const std::string& name, const BundleReader& bundle,
                                      const Dictionary* dictionary,
                                      const std::function<bool()>& go_on = {},
                                      const Arrival& arrival = {});
    /// A head of `signer` lists `names` of the bundles of a volume, and no others. Bundles
    /// that are not here are none the less listed. Errors: not_found (the feed).
    Status note_listing(const PublicKey& feed, std::uint32_t volume,
                        const std::set<std::string>& names, const PublicKey& signer);

    /// Names of the bundles of a volume that are in the archive, or partly. Errors:
    /// not_found (the feed).
    Result<std::vector<std::string>> bundles(const PublicKey& feed, std::uint32_t volume);
    /// Volumes after this one of which something is held or in the archive. Errors:
    /// not_found (the feed).
    Result<std::vector<std::uint32_t>> volumes_after(const PublicKey& feed, std::uint32_t volume);
    /// What articles that go had taken the place of: it comes back where, as soon as some
    /// of a later revision than the first are gone, none of the feed's bundles counts as
    /// imported, as by import_again().
    enum class Beneath { stays, comes_back };
    /// Forgets a bundle, its articles and pictures, and that the file is held: a step
    /// of it, of some 50 ms. True when all is gone; until then call it again. Broken
    /// off, an import brings back what is missing. The file goes afterwards. Errors:
    /// not_found (the feed).
    Result<bool> remove_bundle(const PublicKey& feed, std::uint32_t volume,
                               const std::string& name, Beneath beneath = Beneath::stays);

    /// Does one step, of some 50 ms, of what the archive needs in the long run: what
    /// earlier versions did not note of bundles is looked up; the index is made anew when
    /// the program's words have changed or the archive has outgrown it, while searches go
    /// on; merged; tidied after a retraction. Call it when there is nothing better to do.
    /// False when nothing is left. Safe to be killed in.
    Result<bool> work();
    Result<IndexProgress> index_progress();

    /// Both integrity checks: SQLite's and the index against its articles.
    Status check_integrity();

private:
    struct State;
    explicit Archive(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// One article in a list. Text is plain UTF-8: escape it where it is shown.
struct Hit {
    PublicKey feed;
    std::string feed_name;
    ArticleId id;
    std::uint32_t revision = 0;
    std::string title;
    std::string language;
    std::int64_t published = 0;
    std::int32_t zone = 0;
    std::string section;
    /// Words around what was found, or the beginning of the text. Marked words
    /// stand between mark_begin and mark_end, which occur nowhere else in it.
    std::string snippet;
    /// The key that signed it has been withdrawn since, or never was the newsroom's.
    std::optional<WithdrawnKey> withdrawn;
};
inline constexpr char mark_begin = '\x02';
inline constexpr char mark_end = '\x03';

enum class Sort { rank, date };

struct Query {
    std::string words;                 ///< as typed (query.h); empty lists everything, newest first
    std::string interface_language;    ///< the reader's, as a hint whose endings to cut off
    std::optional<PublicKey> feed;
    std::string language;
    std::string section;               ///< of a list of everything; no part of a search
    std::optional<std::int64_t> since; ///< published at or after
    std::optional<std::int64_t> until; ///< published before
    /// Page::next of a search that was cut short: goes on into older articles.
    std::optional<std::int64_t> before;
    Sort sort = Sort::rank;
    std::size_t offset = 0;
    std::size_t limit = 20;            ///< clamped to 100
};

/// As long as the archive does not change, pages of one query follow each other
/// without gap or repetition.
struct Page {
    std::uint64_t total = 0;
    bool total_is_exact = true;        ///< false: there are more, or may be
    /// The search was cut short, or an index is not whole yet. What is missing is
    /// older than what was found, but for the latter; see `next`.
    bool partial = false;
    std::optional<std::int64_t> next;  ///< for Query::before
    std::vector<Hit> hits;
};

struct FeedSummary {
    PublicKey feed;
    std::string name;
    std::string head;                  ///< file; empty before the first release
    std::uint64_t seen_seq = 0;
    bool fetching = false;             ///< a newer release is known and not yet whole
    bool forked = false;
    std::uint64_t articles = 0;
    std::int64_t updated = 0;
    std::string link;
    std::filesystem::path directory;
    std::string keyring;               ///< newest accepted file; may be empty
};

struct StoredArticle {
    PublicKey feed;
    std::string feed_name;
    pb::Article article;
    std::uint32_t volume = 0;          ///< where its bundle lies
    std::string bundle;
    std::optional<WithdrawnKey> withdrawn;   ///< as in a Hit
};

/// The reading side: a read-only connection that sees the last commit. One
/// thread at a time; open one for each thread.
class ArchiveReader {
public:
    /// An older archive is brought up to date first, as Archive::open does.
    /// Errors: not_found, corrupt, unsupported, denied.
    static Result<ArchiveReader> open(const std::filesystem::path& file);
    ArchiveReader(ArchiveReader&&) noexcept;
    ArchiveReader& operator=(ArchiveReader&&) noexcept;
    ~ArchiveReader();

    /// As long as the result lives, everything is read of one commit, and sooner than
    /// by itself. Not across requests: the archive's log cannot shrink meanwhile.
    Result<Transaction> snapshot();
    /// Finds articles that contain every word, in any of its forms, best match
    /// first; query.h has the language. Nothing typed is an error. The work is
    /// bounded, by counts and not by the clock: a search that would take more is
    /// cut short and says so. The best matches come first by how much they are about
    /// the words, which the index knows roughly and their texts exactly; the rest
    /// follows by age.
    Result<Page> search(const Query& query);
    /// At most 20 articles for what is being typed, those first that have it in the
    /// title, without snippets. The last word may go on. Of texts it reads a bounded
    /// part. `stop` ends it early, from any thread, with what was found.
    Result<std::vector<Hit>> complete(const std::string& typed, std::stop_token stop = {});
    /// How many articles have the word in any form; counts no further than 10,000.
    Result<std::uint64_t> how_common(std::string_view word);
    /// The same for many words, all of one commit and half the work for each;
    /// `use` is called once. Errors: the first that a lookup met, which gave it 0.
    Status with_how_common(const std::function<void(const HowCommon&)>& use);
    Result<std::vector<FeedSummary>> feeds();
    /// The sections that articles stand in, by feed, the fullest first; some of those
    /// of a feed with hundreds. Looks at every article.
    struct Section {
        PublicKey feed;
        std::string name;
        std::uint64_t articles = 0;
    };
    Result<std::vector<Section>> sections();
    /// One article as it stands in a list, without a snippet; nothing when it is
    /// not there or was retracted.
    Result<std::optional<Hit>> hit(const PublicKey& feed, const ArticleId& id);
    /// Why an article that was retracted is gone, as its publisher says; may be
    /// empty. Nothing for any other. Errors: those of article().
    struct Retraction {
        PublicKey feed;
        std::string feed_name;
        std::string note;
    };
    Result<std::optional<Retraction>> retraction(std::string_view id_prefix,
                                                 const std::optional<PublicKey>& feed = {});
    /// By the whole hexadecimal id or any unambiguous beginning of at least four
    /// digits. A feed can publish an article under an id of another feed's: name
    /// the feed where it is known. Errors: not_found (also when it was retracted,
    /// which the message says), invalid (ambiguous), corrupt (bundle damaged), io
    /// (bundle missing).
    Result<StoredArticle> article(std::string_view id_prefix,
                                  const std::optional<PublicKey>& feed = {});
    /// The articles next to it in its feed by time, for paging; without snippets.
    struct Neighbours {
        std::optional<Hit> newer, older;
    };
    Result<Neighbours> neighbours(const PublicKey& feed, const ArticleId& id);
    /// As Archive's.
    Result<std::vector<std::string>> known_peers(const PublicKey& feed);
    Result<std::string> recall(const std::string& name);
    /// Does some bundle of the archive hold this picture? Reads no bundle.
    Result<bool> has_picture(const Sha256& id);
    /// A picture that some bundle of the archive holds. Errors: not_found, corrupt.
    Result<pb::Picture> picture(const Sha256& id);

private:
    struct State;
    explicit ArchiveReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace colport
