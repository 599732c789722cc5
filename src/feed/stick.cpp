#include "feed/stick.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/bundle.h"
#include "feed/files.h"
#include "feed/link.h"
#include "feed/shelf.h"
#include "feed/unlisted.h"
#include "metainfo/torrent_file.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t small_file = 1024;

bool is_feed_directory(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_regular_file(FeedDirectory{folder}.key(), ignored);
}

/// A real folder: a link on somebody's stick could lead anywhere.
Status make_real_directory(const fs::path& path) {
    COLPORT_TRY(make_directory(path));
    std::error_code ignored;
    if (fs::is_symlink(fs::symlink_status(path, ignored)))
        return Error{Errc::io, fmt::format("{} is a link to another place", path.string())};
    return done();
}

bool holds(const fs::path& path, const VolumeFile& file) {
    std::error_code ignored;
    // A link would leave its file behind when the stick goes.
    if (!fs::is_regular_file(fs::symlink_status(path, ignored))) return false;
    const auto hash = hash_file(path, file.size);
    return hash && *hash == file.sha256;
}

/// The name as one line: it must not speak for the page around it.
std::string one_line(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const auto rest = name.substr(at);
        const auto byte = [&](std::size_t i) {
            return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0u;
        };
        const bool c1 = byte(0) == 0xC2 && byte(1) < 0xA0;
        // Ends of lines and paragraphs, and marks that turn the direction of writing.
        const bool mark = (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) ||
                          (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);
        if (byte(0) < 0x20 || byte(0) == 0x7F || c1 || mark) out += ' ';
        else out += rest[0];
        at += mark ? 2 : c1 ? 1 : 0;
    }
    return out;
}

class Export {
public:
    Export(const FeedDirectory& source, const FeedDirectory& target, const SignedRecords& state,
           const ExportOptions& options, const ExportProgress& progress)
        : source_(source), target_(target), state_(state), options_(options),
          progress_(progress) {}

    Result<ExportReport> run() {
        const auto link = COLPORT_TRY(choose_link());
        COLPORT_TRY(make_directory(target_.root));
        COLPORT_TRY(make_real_directory(target_.volumes()));
        COLPORT_TRY(write_file(target_.key(), minisign::public_key_file(state_.feed)));
        COLPORT_TRY(write_file(target_.keyring(), state_.keyring.file()));
        find_volumes();
        if (options_.only) COLPORT_TRY(choose_files());
        for (const auto& info : volumes_) COLPORT_TRY(copy_volume(info, link));
        if (report_.missing != 0 && options_.only)
            return Error{Errc::io, "the bundle is damaged, or not whole", "wait until it is here"};
        if (progress_) progress_(total_, total_);
        COLPORT_TRY(write_words(link));
        if (state_.shelf.volumes_size() != 0)
            COLPORT_TRY(write_file(target_.shelf(), encode_shelf(state_.shelf)));
        COLPORT_TRY(write_file(target_.head(), state_.head->file));
        for (const auto& info : volumes_) COLPORT_TRY(remove_unlisted(target_, info));
        // What an earlier copy took along must vanish from it too.
        for (const auto& info : left_out_) COLPORT_TRY(remove_unlisted(target_, info));
        return report_;
    }

private:
    Result<Link> choose_link() {
        Link out{state_.feed, state_.keyring.message().name(), {}, {}, {}};
        const auto beside = read_file(source_.link(), limits::link);
        if (options_.only) {
            // Whoever is handed an article gets none of the addresses that this reader uses.
        } else if (!options_.link.empty()) {
            out = COLPORT_TRY(parse_link(options_.link));
            out.peers.clear();
            if (out.feed != state_.feed)
                return Error{Errc::invalid, "the link leads to another feed"};
        } else if (const auto own = beside ? parse_link(*beside) : beside.error();
                   own && own->feed == state_.feed) {
            out = *own;
        }
        for (const auto& peer : options_.peers) {
            if (!is_endpoint(peer) ||
                std::find(out.peers.begin(), out.peers.end(), peer) != out.peers.end())
                continue;
            out.peers.push_back(peer);
            if (!parse_link(to_string(out))) out.peers.pop_back();
        }
        return out;
    }

    void find_volumes() {
        for (const auto& volume : volumes_of(state_)) {
            const bool newest = volume.number == state_.head->message.volume();
            auto info = load_info(source_, volume, state_.feed);
            if (!newest && volume.time < options_.since) {
                if (info) left_out_.push_back(std::move(*info));
                continue;
            }
            if (!info) {
                info = load_info(target_, volume, state_.feed);
                if (info) note_vanishing(*info);
            }
            if (!info) {
                // How many files it has is not known.
                ++report_.missing;
                continue;
            }
            total_ += info->files.size();
            volumes_.push_back(std::move(*info));
        }
    }

    /// Where a list of a later release lies in the source already, what that names no more
    /// is about to be deleted, and not for handing on.
    void note_vanishing(const InfoDictionary& info) {
        const auto torrent = read_file(source_.torrent(info.volume), limits::torrent_file);
        const auto inside = torrent ? info_of_torrent(*torrent) : torrent.error();
        const auto later = inside ? parse_info_dictionary(*inside) : inside.error();
        if (!later || later->feed != info.feed || later->seq <= info.seq) return;
        for (const auto& file : info.files)
            if (std::none_of(later->files.begin(), later->files.end(),
                             [&](const auto& other) { return other.name == file.name; }))
                vanishing_.insert({info.volume, file.name});
    }

    /// The names of what goes along with one bundle, and of itself.
    Status choose_files() {
        const auto& wanted = *options_.only;
        std::erase_if(volumes_, [&](const auto& info) { return info.volume != wanted.volume; });
        report_.missing = 0;
        const Error unlisted{Errc::invalid, "no release lists the bundle " + wanted.name};
        if (volumes_.empty() || kind_of(wanted.name) != FileKind::articles) return unlisted;
        const auto& files = volumes_.front().files;
        if (std::none_of(files.begin(), files.end(),
                         [&](const auto& file) { return file.name == wanted.name; }))
            return unlisted;
        const auto path = source_.volume(wanted.volume) / wanted.name;
        const auto bundle = COLPORT_TRY(read_file(path, limits::bundle));
        auto reader = BundleReader::open(bundle, state_.keyring);
        if (!reader) return std::move(reader).error().in(path.string());
        const auto dictionary = reader->dictionary();
        for (const auto& file : files)
            if (file.name == wanted.name ||
                (dictionary && kind_of(file.name) == FileKind::dictionary &&
                 file.sha256 == *dictionary))
                chosen_.insert(file.name);
        total_ = chosen_.size();
        return done();
    }

    Status copy_volume(const InfoDictionary& info, const Link& link) {
        const auto from = source_.volume(info.volume), to = target_.volume(info.volume);
        COLPORT_TRY(make_real_directory(to));
        std::size_t present = 0;
        for (const auto& file : info.files) {
            if (options_.only && !chosen_.contains(file.name)) continue;
            if (progress_) progress_(at_, total_);
            ++at_;
            if (vanishing_.contains({info.volume, file.name})) {
                ++report_.missing;
                continue;
            }
            if (holds(to / file.name, file)) {
                ++report_.kept;
            } else if (COLPORT_TRY(copy_whole(from / file.name, to / file.name, file.size,
                                              file.sha256))) {
                ++report_.files;
                report_.bytes += file.size;
            } else {
                ++report_.missing;
                continue;
            }
            ++present;
        }
        if (present == 0) {
            // Unless something else is in it.
            std::error_code ignored;
            fs::remove(to, ignored);
            return done();
        }
        ++report_.volumes;
        return copy_torrent(info, link);
    }

    /// As the publisher signed it for minisign, where the source has it of this
    /// very release.
    Status copy_torrent(const InfoDictionary& info, const Link& link) {
        const auto bytes = encode(info);
        const auto torrent =
            read_file(source_.torrent(info.volume), limits::torrent_file);
        const auto inside = torrent ? info_of_torrent(*torrent) : torrent.error();
        const bool same = inside && *inside == bytes;
        const auto signature = read_file(source_.torrent_signature(info.volume), small_file);
        const bool by_publisher = same && signature && is_signed(*torrent, *signature);
        // One that this reader's peer made names the trackers of the reader's link.
        const auto content = by_publisher || (same && !options_.only) ? *torrent : encode(TorrentFile{bytes, link.trackers, {}});
        // An old signature beside a new .torrent would look like a forgery.
        std::error_code ignored;
        fs::remove(target_.torrent_signature(info.volume), ignored);
        COLPORT_TRY(write_file(target_.torrent(info.volume), content));
        if (!by_publisher) return done();
        return write_file(target_.torrent_signature(info.volume), *signature);
    }

    bool is_signed(Bytes content, Bytes signature) {
        const auto by = [&](const auto& key) {
            return minisign::check(*PublicKey::from(key.key()), content, signature).ok();
        };
        const auto& keys = state_.keyring.message();
        return std::any_of(keys.signing().begin(), keys.signing().end(), by) ||
               std::any_of(keys.revoked().begin(), keys.revoked().end(), by);
    }

    /// What nobody signed, and the keys for minisign.
    Status write_words(const Link& link) {
        COLPORT_TRY(write_file(target_.link(), to_string(link) + "\n"));
        COLPORT_TRY(write_file(target_.readme(), readme_of(state_.keyring.message().name())));
        std::error_code ignored;
        const auto nodes = options_.only ? std::string() : write_dht_nodes(options_.dht_nodes);
        if (nodes.empty()) fs::remove(target_.dht_nodes(), ignored);
        else COLPORT_TRY(write_file(target_.dht_nodes(), nodes));
        for (const auto& signing : state_.keyring.message().signing()) {
            const auto key = *PublicKey::from(signing.key());
            if (!fs::exists(source_.signing_key(key), ignored)) continue;
            COLPORT_TRY(make_real_directory(target_.signing()));
            COLPORT_TRY(write_file(target_.signing_key(key), minisign::public_key_file(key)));
        }
        return done();
    }

    const FeedDirectory& source_;
    const FeedDirectory& target_;
    const SignedRecords& state_;
    const ExportOptions& options_;
    const ExportProgress& progress_;
    std::vector<InfoDictionary> volumes_;
    std::vector<InfoDictionary> left_out_;   ///< too old
    std::set<std::string> chosen_;       ///< files, where not all are wanted
    std::set<std::pair<std::uint32_t, std::string>> vanishing_;   ///< volume and name
    ExportReport report_;
    std::size_t at_ = 0, total_ = 0;
};

/// What is in the target's place must be nothing, garbage, or an older copy.
Status check_target(const FeedDirectory& target, const SignedRecords& state, std::int64_t now) {
    const auto ahead = [&](std::string_view what) {
        return Error{Errc::stale,
                     fmt::format("{} holds a newer {} than what would be copied there",
                                 target.root.string(), what),
                     "run colport import on it first"};
    };
    const auto key_file = read_file(target.key(), small_file);
    const auto key = key_file ? minisign::parse_public_key_file(*key_file) : key_file.error();
    if (key && *key != state.feed)
        return Error{Errc::exists, fmt::format("{} holds another feed", target.root.string()),
                     "name another folder"};
    const auto keyring_file = read_file(target.keyring(), limits::keyring);
    const auto keyring =
        keyring_file ? Keyring::verify(*keyring_file, state.feed) : keyring_file.error();
    if (keyring) {
        const auto order = keyring->compared_with(state.keyring);
        if (order == KeyringOrder::newer) return ahead("keyring");
        if (order == KeyringOrder::fork)
            return Error{Errc::forked,
                         fmt::format("{} holds another list of keys with the same number: the root "
                                     "key may be in other hands", target.root.string()),
                         "keep both copies apart, and ask the newsroom by another way"};
    }
    const auto head_file = read_file(target.head(), limits::head);
    const auto head =
        head_file ? verify_head(*head_file, state.keyring, 0, now) : head_file.error();
    if (!head) return done();
    if (head->seq() > state.head->seq()) return ahead("release");
    if (head->seq() == state.head->seq() && !head->same_as(*state.head))
        return Error{Errc::forked,
                     fmt::format("{} holds another release {}: the signing key may be in other hands",
                                 target.root.string(), head->seq())};
    return done();
}

}  // namespace

Result<std::vector<fs::path>> feed_directories_in(const fs::path& folder) {
    if (is_feed_directory(folder)) return std::vector{folder};
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (is_feed_directory(at->path())) out.push_back(at->path());
    if (error && error != std::errc::no_such_file_or_directory)
        return Error{error == std::errc::permission_denied ? Errc::denied : Errc::io,
                     fmt::format("cannot read {}: {}", folder.string(), error.message())};
    if (out.empty())
        return Error{Errc::not_found,
                     fmt::format("there is no feed directory in {}", folder.string()),
                     "name the folder that holds feed.pub, or the one around it"};
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<std::string> read_dht_nodes(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty() && out.size() < limits::dht_nodes_read) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (is_endpoint(line)) out.emplace_back(line);
    }
    return out;
}

std::string write_dht_nodes(std::span<const std::string> addresses) {
    std::string out;
    std::size_t count = 0;
    for (const auto& address : addresses) {
        if (!is_endpoint(address)) continue;
        if (++count > limits::dht_nodes_read) break;
        out += address + "\n";
    }
    return out;
}

std::string readme_of(std::string_view feed_name) {
    return fmt::format(
        "These are articles of \"{}\", for reading without a network.\n"
        "\n"
        "CAREFUL: in some countries it is dangerous to have this, or to have opened\n"
        "it on your computer. If you do not know that it is safe where you are, put\n"
        "it back or destroy it, and tell nobody.\n"
        "\n"
        "To read them, install Colport, from a source that you trust, and run\n"
        "\n"
        "    colport import THIS-FOLDER\n"
        "\n"
        "Then they are on your own computer, and you can search them. Nothing in this\n"
        "folder is a program, and nothing in it needs to be clicked. To get what is\n"
        "published later, follow the link in link.txt.\n"
        "\n"
        "Copying this folder and handing it on is welcome. Colport refuses articles\n"
        "that were changed on the way; this page itself is not signed, so anybody may\n"
        "have changed it.\n",
        one_line(feed_name));
}

Result<ExportReport> export_feed(const FeedDirectory& source, const fs::path& target,
                                 const ExportOptions& options, std::int64_t now,
                                 const ExportProgress& progress) {
    const auto state = COLPORT_TRY(load_records(source, now));
    if (!state.head)
        return Error{Errc::not_found,
                     fmt::format("{} has no head: there is nothing to carry yet",
                                 source.root.string())};
    std::error_code ignored;
    if (fs::equivalent(source.root, target, ignored))
        return Error{Errc::invalid, "a feed cannot be copied onto itself"};
    const FeedDirectory copy{target};
    COLPORT_TRY(check_target(copy, state, now));
    return Export(source, copy, state, options, progress).run();
}

}  // namespace colport
