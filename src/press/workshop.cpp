#include "press/workshop.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>

#include "article/article.h"
#include "core/key_file.h"
#include "core/limits.h"
#include "core/message.h"
#include "core/minisign.h"
#include "feed/descriptor.h"
#include "feed/door.h"
#include "feed/files.h"
#include "feed/scratch_folder.h"
#include "feed/stick.h"
#include "metainfo/torrent_file.h"
#include "press/clean_text.h"
#include "press/draft_store.h"
#include "press/leftovers.h"
#include "press/redaction_journal.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_key_file = 4096;

pb::Keyring first_keyring(const PublicKey& feed, const PublicKey& signing,
                          const InitOptions& options, std::int64_t now) {
    pb::Keyring out;
    out.set_format(1);
    out.set_feed(feed.str());
    out.set_version(1);
    out.set_time(now);
    out.set_name(options.name);
    out.set_language(options.language);
    out.set_homepage(options.homepage);
    out.add_signing()->set_key(signing.str());
    return out;
}

bool is_web_address(std::string_view url) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (url.starts_with(scheme))
            return is_safe_link(url) && url.size() > scheme.size() && url[scheme.size()] != '/';
    return false;
}

bool is_tracker(std::string_view url) {
    constexpr std::string_view udp = "udp://";
    return is_web_address(url) ||
           (url.starts_with(udp) && is_web_address("http://" + std::string(url.substr(udp.size()))));
}

/// Neither blank nor able to make a line of a terminal or page read as another.
bool is_name(std::string_view name) {
    for (std::size_t at = 0; at < name.size();) {
        const auto point = static_cast<UChar32>(next_character(name, at));
        const auto type = u_charType(point);
        if (type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR ||
            u_hasBinaryProperty(point, UCHAR_BIDI_CONTROL))
            return false;
    }
    return !clean_line(name).empty();
}

bool is_language(std::string_view tag) {
    return tag.size() <= 35 && std::all_of(tag.begin(), tag.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

Status check_options(const InitOptions& options) {
    if (!options.deputies.empty() &&
        (options.root_keys.empty() || options.threshold == 0 ||
         options.threshold > options.deputies.size()))
        return Error{Errc::invalid,
                     options.root_keys.empty()
                         ? "--root-keys needs --keys, the folder of the key that appoints the others"
                         : "--threshold must be between 1 and the number of --root-keys"};
    if (options.all_keys_elsewhere && options.root_keys.empty())
        return Error{Errc::invalid, "--all-keys needs --keys, the folder where they go"};
    if (options.name.empty() || options.name.size() > limits::feed_name || !is_text(options.name))
        return Error{Errc::invalid, "the feed's name must be 1 to 200 bytes of UTF-8"};
    if (!is_name(options.name))
        return Error{Errc::invalid,
                     "the feed's name is blank, or holds control characters or marks that turn "
                     "the direction of writing"};
    if (!is_language(options.language))
        return Error{Errc::invalid, "the language must be a BCP 47 tag, such as ru or zh-Hans"};
    if (!options.homepage.empty() && !is_web_address(options.homepage))
        return Error{Errc::invalid,
                     fmt::format("the homepage \"{}\" is no web address", options.homepage),
                     "it begins with https:// or http://"};
    return done();
}

Status check_link(const Link& link) {
    for (const auto& peer : link.peers)
        if (!is_endpoint(peer))
            return Error{Errc::invalid, fmt::format("\"{}\" is not the address of a seed", peer),
                         "give IP:PORT, with IPv6 in brackets"};
    for (const auto& tracker : link.trackers)
        if (!is_tracker(tracker))
            return Error{Errc::invalid, fmt::format("\"{}\" is not a tracker", tracker),
                         "it begins with udp://, https:// or http://"};
    for (const auto& mirror : link.mirrors)
        if (!is_web_address(mirror))
            return Error{Errc::invalid, fmt::format("\"{}\" is not a mirror", mirror),
                         "it begins with https:// or http://"};
    const auto read = parse_link(to_string(link));
    if (!read || to_string(*read) != to_string(link))
        return Error{Errc::invalid,
                     "readers would refuse the link" + (read ? "" : ": " + read.error().message),
                     "name fewer or shorter hints"};
    return done();
}

/// What a new feed consists of, before any of it is on disk.
struct NewFeed {
    SigningKey root, signing;
    std::vector<SigningKey> deputies;
    std::string keyring;
    Link link;
};

std::string sign_first(const pb::Keyring& message, const SigningKey& root,
                       const std::vector<SigningKey>& deputies, std::uint32_t threshold) {
    std::vector<const SigningKey*> signers;
    if (deputies.empty()) {
        signers.push_back(&root);
        return sign_keyring(message, signers);
    }
    RootKeys roots{{}, threshold};
    for (const auto& deputy : deputies) {
        roots.keys.push_back(deputy.public_key());
        signers.push_back(&deputy);
    }
    const auto delegation = encode_roots(root.public_key(), roots, 1);
    const auto signature = sign_roots(root, delegation);
    return sign_keyring(message, signers, delegation, &signature);
}

Result<NewFeed> make_feed(const InitOptions& options, std::int64_t now) {
    auto root = SigningKey::generate();
    auto signing = SigningKey::generate();
    std::vector<SigningKey> deputies;
    for (std::size_t i = 0; i < options.deputies.size(); ++i)
        deputies.push_back(SigningKey::generate());
    const auto message = first_keyring(root.public_key(), signing.public_key(), options, now);
    auto keyring = sign_first(message, root, deputies, options.threshold);
    if (const auto read = Keyring::verify(keyring, root.public_key()); !read)
        return Error{Errc::invalid,
                     "readers would refuse the feed's keyring: " + read.error().message,
                     "choose a shorter name or homepage"};
    Link link{root.public_key(), options.name, options.trackers, options.mirrors, options.peers};
    COLPORT_TRY(check_link(link));
    return NewFeed{std::move(root), std::move(signing), std::move(deputies), std::move(keyring),
                   std::move(link)};
}

/// A folder that only its owner enters, whatever the umask.
Status make_private(const fs::path& path) {
    COLPORT_TRY(make_directory(path, 0700));
    std::error_code error;
    fs::permissions(path, fs::perms::owner_all, error);
    if (error)
        return Error{Errc::io, fmt::format("cannot protect {}: {}", path.string(),
                                           error.message())};
    return done();
}

Status fill(const Workshop& workshop, const InitOptions& options, const NewFeed& made,
            const Secret& passphrase) {
    const auto feed = workshop.feed();
    COLPORT_TRY(make_directory(workshop.root));
    for (const auto& folder :
         {workshop.secrets(), workshop.keys(), workshop.drafts(), workshop.pictures()})
        COLPORT_TRY(make_private(folder));
    COLPORT_TRY(make_directory(feed.signing()));
    COLPORT_TRY(make_directory(feed.volumes()));
    COLPORT_TRY(DraftStore::open(workshop.drafts()));
    COLPORT_TRY(write_file(workshop.secrets() / "lock", "", 0600));
    if (!options.all_keys_elsewhere)
        COLPORT_TRY(write_file(workshop.signing_key(),
                               key_file::seal(made.signing, "signing", passphrase), 0600));
    COLPORT_TRY(write_file(feed.key(), minisign::public_key_file(made.root.public_key())));
    COLPORT_TRY(write_file(feed.signing_key(made.signing.public_key()),
                           minisign::public_key_file(made.signing.public_key())));
    COLPORT_TRY(write_file(feed.keyring(), made.keyring));
    COLPORT_TRY(write_file(feed.readme(), readme_of(options.name)));
    COLPORT_TRY(save_link(workshop, made.link));
    if (!options.root_keys.empty()) return done();
    return write_file(workshop.keys() / "root.key", key_file::seal(made.root, "root", passphrase),
                      0600);
}

/// The folder as the file system knows it, without a slash at the end.
fs::path real_path(const fs::path& path) {
    std::error_code error;
    auto out = fs::weakly_canonical(fs::absolute(path, error), error);
    if (error) out = path.lexically_normal();
    return out.has_filename() ? out : out.parent_path();
}

bool is_within(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

/// Where root keys go, but for one that stays in the workshop.
std::vector<fs::path> folders_elsewhere(const InitOptions& options) {
    auto out = options.deputies;
    if (!options.root_keys.empty()) out.push_back(options.root_keys);
    return out;
}

Status check_places(const fs::path& target, const InitOptions& options) {
    std::error_code error;
    const auto kind = fs::status(target, error).type();
    if (kind != fs::file_type::not_found &&
        (kind != fs::file_type::directory || !fs::is_empty(target, error) || error))
        return Error{Errc::exists, fmt::format("{} is not empty", target.string()),
                     "name a folder that does not exist yet"};
    std::set<fs::path> folders;
    for (const auto& folder : folders_elsewhere(options)) {
        if (is_within(real_path(folder), target))
            return Error{Errc::invalid,
                         fmt::format("the folder for a root key lies inside {}", target.string()),
                         "name one elsewhere, such as on a USB stick, or leave --keys out"};
        if (!folders.insert(real_path(folder)).second)
            return Error{Errc::invalid, fmt::format("{} is named twice", folder.string()),
                         "each root key needs a folder of its own"};
        if (const auto key = folder / "root.key"; fs::exists(fs::symlink_status(key, error)))
            return Error{Errc::exists, fmt::format("{} exists", key.string()),
                         "a key is never overwritten: name another folder"};
    }
    if (!options.all_keys_elsewhere) return done();
    if (const auto key = options.root_keys / "signing.key"; fs::exists(fs::symlink_status(key, error)))
        return Error{Errc::exists, fmt::format("{} exists", key.string()),
                     "a key is never overwritten: name another folder"};
    return done();
}

/// Makes a workshop of a copy of its feed directory, without what is signed by nobody, or
/// by a key that may be a thief's: where to meet peers.
Status adopt_copy(const Workshop& workshop) {
    const auto feed = workshop.feed();
    const auto state = COLPORT_TRY(load_records(feed, std::nullopt));
    COLPORT_TRY(write_file(workshop.adopted(), "", 0600));
    COLPORT_TRY(save_link(workshop, {state.feed, state.keyring.message().name(), {}, {}, {}}));
    COLPORT_TRY(remove_path(feed.dht_nodes()));
    for (const auto& volume : volumes_of(state)) {
        const auto info = load_info(feed, volume, state.feed);
        if (!info && info.error().code == Errc::not_found) continue;
        COLPORT_TRY(write_file(feed.torrent(volume.number),
                               encode(TorrentFile{encode(COLPORT_TRY(info)), {}, {}})));
        COLPORT_TRY(remove_path(feed.torrent_signature(volume.number)));
    }
    return done();
}

Result<PressLock> take_lock(const Workshop& workshop) {
    while (true) {
        auto lock = LockFile::take(
            workshop.secrets() / "lock",
            fmt::format("another colport-press is working in {}", workshop.root.string()),
            "wait until it is done");
        if (lock || lock.error().code != Errc::locked || !workshop.waits || !workshop.waits())
            return lock;
    }
}

/// Straight into a Secret: what passes through a string leaves traces.
Result<Secret> read_secret_file(const fs::path& path) {
    const auto file = COLPORT_TRY(open_regular(path));
    Secret buffer(longest_key_file);
    std::size_t size = 0;
    while (size < buffer.size()) {
        const auto got = ::read(file.get(), buffer.data() + size, buffer.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error("read", path);
        if (got == 0) return Secret::copy(buffer.view().substr(0, size));
        size += static_cast<std::size_t>(got);
    }
    return Error{Errc::corrupt, fmt::format("{}: not a colport secret key", path.string())};
}

}  // namespace

Result<DraftStore*> Workshop::draft_store() const {
    if (!opened_drafts)
        opened_drafts = std::make_shared<DraftStore>(COLPORT_TRY(DraftStore::open(drafts())));
    return opened_drafts.get();
}

Result<SignedRecords> Workshop::records(std::optional<std::int64_t> now) const {
    std::error_code ignored;
    if (!fs::exists(feed().key(), ignored))
        return Error{Errc::not_found, fmt::format("no feed in {}", root.string()),
                     fmt::format("make one: colport-press init {} --name NAME", root.string())};
    if (is_redaction_due(*this)) COLPORT_TRY(lock_workshop(*this));
    return load_records(feed(), now);
}

Result<PressLock> lock_workshop(const Workshop& workshop) {
    std::error_code ignored;
    if (!fs::exists(workshop.feed().key(), ignored)) return workshop.records().error();
    COLPORT_TRY(make_private(workshop.secrets()));
    const auto is_there = [&](const fs::path& path) { return fs::exists(path, ignored); };
    // But for a key, perhaps, that was carried here, nothing else is left.
    if (!is_there(workshop.secrets() / "lock") && !is_there(workshop.drafts()) &&
        !is_there(workshop.pictures()))
        COLPORT_TRY(adopt_copy(workshop));
    for (const auto& folder : {workshop.keys(), workshop.drafts(), workshop.pictures()})
        if (!is_there(folder)) COLPORT_TRY(make_private(folder));
    auto lock = COLPORT_TRY(take_lock(workshop));
    remove_half_written(workshop.pictures());
    COLPORT_TRY(resume_redaction(workshop));
    COLPORT_TRY(remove_leftovers(workshop.feed()));
    return lock;
}

bool is_adopted(const Workshop& workshop) {
    std::error_code ignored;
    return fs::exists(workshop.adopted(), ignored);
}

void settle_adopted(const Workshop& workshop) {
    std::error_code ignored;
    fs::remove(workshop.adopted(), ignored);
}

Result<PublicKey> init_workshop(const Workshop& workshop, const InitOptions& options,
                                const Secret& passphrase, std::int64_t now) {
    COLPORT_TRY(check_options(options));
    const auto target = real_path(workshop.root);
    COLPORT_TRY(check_places(target, options));
    const auto made = COLPORT_TRY(make_feed(options, now));
    const auto feed = made.root.public_key();
    if (target.has_parent_path()) COLPORT_TRY(make_directory(target.parent_path()));
    const bool keys_elsewhere = !options.root_keys.empty();
    for (const auto& folder : folders_elsewhere(options)) COLPORT_TRY(make_directory(folder, 0700));

    auto name = target.string() + ".XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        return Error{errno == EACCES || errno == EROFS ? Errc::denied : Errc::io,
                     fmt::format("cannot make {}: {}", target.string(), strerror(errno))};
    const ScratchFolder scratch{name};
    const Workshop fresh{scratch.path() / "feed"};
    COLPORT_TRY(fill(fresh, options, made, passphrase));
    std::error_code error;
    fs::rename(fresh.root, target, error);
    if (error)
        return Error{Errc::io,
                     fmt::format("cannot make {}: {}", target.string(), error.message())};
    ScratchFolder undo{target};
    // Last, so that a command that was killed leaves no key in the way of the next.
    for (std::size_t i = 0; i < made.deputies.size(); ++i)
        COLPORT_TRY(write_file(options.deputies[i] / "root.key",
                               key_file::seal(made.deputies[i], "root", passphrase), 0600));
    if (options.all_keys_elsewhere)
        COLPORT_TRY(write_file(options.root_keys / "signing.key",
                               key_file::seal(made.signing, "signing", passphrase), 0600));
    if (keys_elsewhere)
        COLPORT_TRY(write_file(options.root_keys / "root.key",
                               key_file::seal(made.root, "root", passphrase), 0600));
    undo.keep();
    COLPORT_TRY(sync_file(target.parent_path()));
    return feed;
}

Result<SigningKey> load_key(const fs::path& path, std::string_view role,
                            const AskPassphrase& ask) {
    const auto file = COLPORT_TRY(read_secret_file(path));
    if ((COLPORT_TRY(mode_of(path)) & 077) != 0)
        return Error{Errc::denied, fmt::format("{} can be read by others", path.string()),
                     fmt::format("chmod 600 {}", path.string())};
    Secret passphrase(0);
    if (key_file::needs_passphrase(file.view()))
        passphrase = COLPORT_TRY(ask(fmt::format("passphrase of the {} key in {}", role,
                                                 path.parent_path().string())));
    auto key = key_file::open(file.view(), role, passphrase);
    if (!key) return std::move(key).error().in(path.string());
    return key;
}

Result<SigningKey> load_signing_key(const Workshop& workshop, const AskPassphrase& ask) {
    std::error_code ignored;
    if (!fs::exists(workshop.signing_key(), ignored))
        return Error{Errc::not_found, fmt::format("the signing key is not in {}",
                                                  workshop.keys().string()),
                     "colport-press release DIR --prepare FILE writes what to sign where it is"};
    return load_key(workshop.signing_key(), "signing", ask);
}

Result<Link> load_link(const Workshop& workshop) {
    const auto path = workshop.feed().link();
    const auto text = COLPORT_TRY(read_file(path, limits::link));
    auto link = parse_link(text);
    if (!link) return std::move(link).error().in(path.string());
    return link;
}

Status save_link(const Workshop& workshop, const Link& link) {
    COLPORT_TRY(check_link(link));
    return write_file(workshop.feed().link(), to_string(link) + "\n");
}

}  // namespace colport
