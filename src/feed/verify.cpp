#include "feed/verify.h"

#include <fmt/format.h>

#include <set>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/bundle.h"
#include "feed/directory.h"
#include "feed/files.h"
#include "feed/link.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_titles = 20;

/// One pass over a feed directory; collects errors instead of stopping.
class DirectoryCheck {
public:
    DirectoryCheck(const FeedDirectory& directory, const SignedRecords& state, Verification& out,
                   const VerifyProgress& progress, Extent extent)
        : directory_(directory), state_(state), out_(out), progress_(progress), extent_(extent) {}

    void run() {
        check_signing_keys();
        note(check_link());
        std::vector<InfoDictionary> infos;
        for (const auto& volume : volumes_of(state_)) {
            if (is_left_out(directory_.torrent(volume.number))) continue;
            auto info = load_info(directory_, volume, state_.feed);
            if (!info) {
                out_.errors.push_back(info.error().message);
                continue;
            }
            note(check_torrent_signature(volume.number));
            total_ += info->files.size();
            infos.push_back(std::move(*info));
        }
        warn_of_strays(infos);
        for (const auto& info : infos) {
            ++out_.volumes;
            for (std::size_t i = 0; i < info.files.size(); ++i) {
                if (progress_) progress_(out_.files + out_.missing, total_);
                if (is_left_out(directory_.volume(info.volume) / info.files[i].name)) continue;
                note(check_file(info, i));
                ++out_.files;
            }
        }
    }

private:
    bool is_left_out(const fs::path& path) {
        std::error_code error;
        const bool out = extent_ == Extent::part &&
                         fs::symlink_status(path, error).type() == fs::file_type::not_found;
        if (out) ++out_.missing;
        return out;
    }

    void note(const Status& status) {
        if (!status) out_.errors.push_back(status.error().message);
    }

    /// Whoever follows the feed from here on trusts this file.
    Status check_link() {
        std::error_code error;
        if (!fs::exists(directory_.link(), error)) return done();
        const auto text = COLPORT_TRY(read_file(directory_.link(), limits::link));
        const auto link = parse_link(text);
        if (!link) return Error(link.error()).in(directory_.link().string());
        if (link->feed == state_.feed) return done();
        return Error{Errc::forged, directory_.link().string() + ": leads to another feed"};
    }

    /// Files among the volumes that no release lists.
    void warn_of_strays(const std::vector<InfoDictionary>& infos) {
        std::set<fs::path> listed;
        for (const auto& info : infos) {
            const auto folder = directory_.volume(info.volume);
            listed.insert({directory_.torrent(info.volume),
                           directory_.torrent_signature(info.volume)});
            for (const auto& file : info.files) listed.insert(folder / file.name);
        }
        std::error_code error;
        for (fs::recursive_directory_iterator at(directory_.volumes(), error), end;
             !error && at != end; at.increment(error))
            if (!at->is_directory(error) && !listed.contains(at->path()))
                out_.warnings.push_back(at->path().string() + ": no release lists it");
    }

    /// Whoever checks with minisign trusts these files.
    void check_signing_keys() {
        std::error_code error;
        for (fs::directory_iterator at(directory_.signing(), error), end;
             !error && at != end; at.increment(error)) {
            if (at->path().extension() != ".pub") continue;
            const auto file = read_file(at->path(), 1024);
            const auto key = file ? minisign::parse_public_key_file(*file) : file.error();
            if (!key || !state_.keyring.knows(*key) || directory_.signing_key(*key) != at->path())
                out_.errors.push_back(at->path().string() + ": not a key of this feed");
        }
    }

    /// For stock minisign: nothing depends on it, and a copy that a peer made of
    /// the feed has none.
    Status check_torrent_signature(std::uint32_t number) {
        const auto read = read_file(directory_.torrent_signature(number), 1024);
        if (!read && read.error().code == Errc::not_found) return done();
        const auto signature = COLPORT_TRY(read);
        const auto content = COLPORT_TRY(
            read_file(directory_.torrent(number), limits::torrent_file));
        for (const auto& key : state_.keyring.message().signing())
            if (minisign::check(*PublicKey::from(key.key()), content, signature)) return done();
        for (const auto& key : state_.keyring.message().revoked())
            if (minisign::check(*PublicKey::from(key.key()), content, signature)) return done();
        return Error{Errc::forged,
                     fmt::format("{}: not a signature by a key of this feed",
                                 directory_.torrent_signature(number).string())};
    }

    Status check_file(const InfoDictionary& info, std::size_t index) {
        const auto& file = info.files[index];
        const auto path = directory_.volume(info.volume) / file.name;
        const auto hash = COLPORT_TRY(hash_file(path, file.size));
        if (hash != file.sha256)
            return Error{Errc::forged, path.string() + ": does not match its signed hash"};
        const auto pieces = COLPORT_TRY(hash_pieces(path));
        if (info.pieces.compare(20 * info.first_piece(index), pieces.size(), pieces) != 0)
            return Error{Errc::forged, path.string() + ": does not match its piece hashes"};
        auto checked = check_content(info, file, path);
        if (!checked) return std::move(checked).error().in(path.string());
        return done();
    }

    Status check_content(const InfoDictionary& info, const VolumeFile& file,
                         const std::filesystem::path& path) {
        const auto kind = kind_of(file.name);
        if (!kind) return done();
        if (*kind == FileKind::dictionary) {
            COLPORT_TRY(load_dictionary(directory_, info, file.sha256));
            return done();
        }
        const auto parts = COLPORT_TRY(FileParts::open(path, limits::bundle));
        const auto bundle = COLPORT_TRY(BundleReader::open(parts, state_.keyring));
        const BundleOrigin origin{bundle.signer(), bundle.index().seq(), bundle.index().time(),
                                  {0, state_.head->signer}};
        if (const auto key = state_.keyring.withdrawn(origin))
            if (key->doubtful)
                out_.warnings.push_back(
                    path.string() + ": signed with a key that was withdrawn, after others may have "
                                    "had it; the newest release lists it all the same");
        std::shared_ptr<const Dictionary> dictionary;
        if (const auto hash = bundle.dictionary()) {
            dictionary = COLPORT_TRY(dictionary_.load(directory_, info, *hash));
        }
        if ((bundle.index().kind() == pb::BundleIndex::MEDIA) != (*kind == FileKind::media))
            return Error{Errc::corrupt, "the bundle holds another kind than its name says"};
        COLPORT_TRY(bundle.verify_all(dictionary.get()));
        (*kind == FileKind::media ? out_.pictures : out_.articles) += bundle.size();
        if (*kind == FileKind::articles) return take_titles(bundle, dictionary.get());
        return done();
    }

    Status take_titles(const BundleReader& bundle, const Dictionary* dictionary) {
        for (std::size_t i = 0; i < bundle.size() && out_.titles.size() < most_titles; ++i)
            if (!bundle.entry(i).retracted())
                out_.titles.push_back(COLPORT_TRY(bundle.article(i, dictionary)).title());
        return done();
    }

    const FeedDirectory& directory_;
    const SignedRecords& state_;
    Verification& out_;
    const VerifyProgress& progress_;
    Extent extent_;
    LastDictionary dictionary_;
    std::size_t total_ = 0;
};

Result<std::shared_ptr<const Dictionary>> dictionary_beside(const fs::path& file,
                                                           const Sha256& hash) {
    std::error_code error;
    for (fs::directory_iterator at(fs::absolute(file).parent_path(), error), end;
         !error && at != end; at.increment(error)) {
        if (kind_of(at->path().filename().string()) != FileKind::dictionary) continue;
        auto bytes = read_file(at->path(), limits::dictionary);
        if (bytes && sha256(*bytes) == hash) return Dictionary::load(std::move(*bytes));
    }
    return Error{Errc::not_found,
                 fmt::format("the dictionary {} that the bundle needs is not beside it",
                             hash.hex().substr(0, 16))};
}

Status check_bundle(const std::filesystem::path& file, std::int64_t now, Verification& out) {
    const FeedDirectory directory{std::filesystem::absolute(file).parent_path().parent_path()
                                      .parent_path()};
    const auto parts = COLPORT_TRY(FileParts::open(file, limits::bundle));
    std::error_code ignored;
    std::optional<SignedRecords> records;
    if (fs::exists(directory.key(), ignored)) {
        records = COLPORT_TRY(load_records(directory, now));
        out.name = records->keyring.message().name();
    } else {
        out.warnings.push_back(file.string() +
                               ": no keyring beside it says whether its signer speaks for the feed");
    }
    const auto bundle = records ? BundleReader::open(parts, records->keyring)
                                : BundleReader::open_alone(parts);
    if (!bundle) return bundle.error();
    out.feed = PublicKey::from(bundle->index().feed());
    out.signer = bundle->signer();
    out.seq = bundle->index().seq();
    out.files = 1;
    std::shared_ptr<const Dictionary> dictionary;
    if (const auto hash = bundle->dictionary()) {
        dictionary = COLPORT_TRY(dictionary_beside(file, *hash));
    }
    COLPORT_TRY(bundle->verify_all(dictionary.get()));
    (bundle->index().kind() == pb::BundleIndex::MEDIA ? out.pictures : out.articles) =
        bundle->size();
    return done();
}

}  // namespace

Verification verify_directory(const std::filesystem::path& root, std::int64_t now,
                              const VerifyProgress& progress, Extent extent) {
    Verification out;
    const FeedDirectory directory{root};
    const auto state = load_records(directory, now);
    if (!state) {
        out.errors.push_back(state.error().message);
        return out;
    }
    out.name = state->keyring.message().name();
    out.feed = state->feed;
    if (!state->head) {
        out.errors.push_back(
            fmt::format("{}: no head, so nothing is released yet", root.string()));
        return out;
    }
    out.seq = state->head->seq();
    out.signer = state->head->signer;
    DirectoryCheck(directory, *state, out, progress, extent).run();
    return out;
}

Verification verify_bundle(const std::filesystem::path& file, std::int64_t now) {
    Verification out;
    auto checked = check_bundle(file, now, out);
    if (!checked) {
        auto& message = checked.error().message;
        out.errors.push_back(message.starts_with(file.string())
                                 ? message
                                 : fmt::format("{}: {}", file.string(), message));
    }
    return out;
}

}  // namespace colport
