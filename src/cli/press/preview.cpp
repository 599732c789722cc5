#include "cli/press/preview.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/command.h"
#include "cli/press/key_commands.h"
#include "core/message.h"
#include "feed/files.h"
#include "feed/lock_file.h"
#include "peer/peer.h"
#include "press/drafts.h"
#include "press/signing/release.h"
#include "storage/archive.h"
#include "web/server.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";
constexpr const char* folder_prefix = "colport-preview-";

struct Options {
    std::string directory;
    std::string http = "127.0.0.1:0";
    bool json = false;
};

/// Where files live in memory, if there is such a place: what is not published yet
/// has no business on a disk outside the workshop.
fs::path place_for_previews() {
    std::error_code error;
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    for (const fs::path& place : {fs::path(runtime ? runtime : ""), fs::path("/dev/shm")})
        if (!place.empty() && fs::is_directory(place, error) &&
            ::access(place.c_str(), W_OK | X_OK) == 0)
            return place;
    return fs::temp_directory_path(error);
}

/// A private folder that is gone at the end.
class Scratch {
public:
    static Result<Scratch> make() {
        const auto place = place_for_previews();
        sweep(place);
        auto name = (place / (std::string(folder_prefix) + "XXXXXX")).string();
        if (::mkdtemp(name.data()) == nullptr)
            return Error{Errc::io, fmt::format("cannot make {}: {}", name, strerror(errno))};
        Scratch out(name);
        out.lock_.emplace(COLPORT_TRY(take_lock(name)));
        return out;
    }
    Scratch(Scratch&& other) noexcept
        : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    explicit Scratch(fs::path path) : path_(std::move(path)) {}

    static Result<LockFile> take_lock(const fs::path& folder) {
        COLPORT_TRY(write_file(folder / "lock", "", 0600));
        return LockFile::take(folder / "lock", "another preview is using it", "");
    }

    /// What a preview that was killed left behind: nobody holds its lock.
    static void sweep(const fs::path& place) {
        std::error_code error;
        for (fs::directory_iterator entry(place, error), end; !error && entry != end;
             entry.increment(error)) {
            if (!entry->path().filename().string().starts_with(folder_prefix)) continue;
            std::error_code ignored;
            if (fs::exists(entry->path() / "lock", ignored) &&
                LockFile::take(entry->path() / "lock", "in use", ""))
                fs::remove_all(entry->path(), ignored);
        }
    }

    fs::path path_;
    std::optional<LockFile> lock_;
};

/// A picture that nobody has is shown as missing, not refused.
void forget_missing(pb::Article& article, const std::set<Sha256>& known) {
    const auto forget = [&](pb::Figure& figure) {
        const auto id = Sha256::from(figure.picture());
        if (id && !known.contains(*id)) figure.clear_picture();
    };
    if (article.has_lead()) forget(*article.mutable_lead());
    for (auto& block : *article.mutable_blocks())
        if (block.has_figure()) forget(*block.mutable_figure());
}

Status put_picture(const Workshop& copy, const pb::Picture& picture) {
    return write_file(copy.pictures() / (sha256(picture.data()).hex() + ".picture"),
                      encode_message(picture), 0600);
}

/// The drafts and all pictures that they show, in a workshop of their own.
Status copy_drafts(const Workshop& workshop, const SignedRecords& state,
                   const Catalogue& published, const Drafts& drafts, const Workshop& copy) {
    std::set<Sha256> known;
    for (const auto& entry : drafts.pictures) {
        COLPORT_TRY(put_picture(copy, COLPORT_TRY(load_draft_picture(workshop, entry.id))));
        known.insert(entry.id);
    }
    std::set<Sha256> shown;
    for (const auto& entry : drafts.articles) {
        const auto named = pictures_of(COLPORT_TRY(load_draft(workshop, entry.id)));
        std::copy_if(named.begin(), named.end(), std::inserter(shown, shown.end()),
                     [&](const Sha256& id) { return published.pictures.contains(id); });
    }
    for (const auto& picture :
         COLPORT_TRY(published_pictures(workshop.feed(), state, shown)))
        COLPORT_TRY(put_picture(copy, picture));
    known.insert(shown.begin(), shown.end());
    for (const auto& entry : drafts.articles) {
        auto article = COLPORT_TRY(load_draft(workshop, entry.id));
        forget_missing(article, known);
        COLPORT_TRY(save_draft(copy, article));
    }
    return done();
}

Status release_copy(const Workshop& copy) {
    const auto key = COLPORT_TRY(load_signing_key(
        copy, [](const std::string&) -> Result<Secret> { return Secret(0); }));
    ReleaseOptions options;
    options.level = 1;
    COLPORT_TRY(release_drafts(copy, key, options, now()));
    return done();
}

/// What a follower does with a release that is whole.
Status fill_archive(const fs::path& file, const Workshop& copy) {
    const auto directory = copy.feed();
    const auto state = COLPORT_TRY(copy.records());
    auto archive = COLPORT_TRY(Archive::open(file));
    FeedRecord record;
    record.feed = state.feed;
    record.name = state.keyring.message().name();
    record.directory = fs::absolute(directory.root);
    record.in_place = true;
    record.keyring = state.keyring.file();
    record.head = state.head->file;
    record.seen_seq = state.head->seq();
    record.updated = now();
    COLPORT_TRY(archive.save_feed(record));
    for (const auto& volume : volumes_of(state)) {
        const auto info = COLPORT_TRY(load_info(directory, volume, state.feed));
        for (const auto& listed : info.files) {
            const auto kind = kind_of(listed.name);
            if (!kind || *kind == FileKind::dictionary) continue;
            const auto parts = COLPORT_TRY(
                FileParts::open(directory.volume(info.volume) / listed.name, limits::bundle));
            const auto bundle = COLPORT_TRY(BundleReader::open(parts, state.keyring));
            std::shared_ptr<const Dictionary> dictionary;
            if (const auto hash = bundle.dictionary())
                dictionary = COLPORT_TRY(load_dictionary(directory, info, *hash));
            COLPORT_TRY(archive.import_bundle(state.feed, info.volume, listed.name, bundle,
                                              dictionary.get(), {}, {now(), state.head->signer}));
        }
    }
    return done();
}

void tell(const Options& options, const std::string& address, const Drafts& drafts) {
    if (options.json) {
        auto articles = nlohmann::json::array();
        for (const auto& entry : drafts.articles)
            articles.push_back({{"id", entry.id.hex()},
                                {"title", entry.title},
                                {"warnings", entry.warnings}});
        print_json({{"address", address}, {"articles", articles}});
    } else {
        fmt::print("{} drafts at {}\n", drafts.articles.size(), address);
    }
    std::fflush(stdout);
    if (!options.json) fmt::print(stderr, "Ctrl-C ends the preview; nothing of it is kept.\n");
}

Status run_preview(const Options& options) {
    // Before any thread, so that a signal at any time ends it in order.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const Workshop workshop{options.directory};
    const auto state = COLPORT_TRY(workshop.records());
    const auto published = COLPORT_TRY(read_catalogue(workshop.feed(), state));
    const auto drafts = COLPORT_TRY(list_drafts(workshop, published));
    if (drafts.articles.empty())
        return Error{Errc::not_found, "there are no drafts to preview",
                     fmt::format("colport-press add {} SOURCE", options.directory)};
    for (const auto& line : drafts.missing)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(line));

    const auto scratch = COLPORT_TRY(Scratch::make());
    const Workshop copy{scratch.path() / "newsroom"};
    const auto& keyring = state.keyring.message();
    InitOptions init;
    init.name = keyring.name();
    init.language = keyring.language();
    init.homepage = keyring.homepage();
    COLPORT_TRY(init_workshop(copy, init, Secret(0), now()));
    COLPORT_TRY(copy_drafts(workshop, state, published, drafts, copy));
    COLPORT_TRY(release_copy(copy));
    const DataDirectory data{scratch.path() / "data"};
    COLPORT_TRY(make_directory(data.root, 0700));
    COLPORT_TRY(fill_archive(data.archive(), copy));

    const auto server = COLPORT_TRY(web::Server::start(
        {options.http, web::Origin::page, data.archive()}, nullptr, now));
    if (!server->address().starts_with("http://127.") &&
        !server->address().starts_with("http://[::1]"))
        fmt::print(stderr, "{}: warning: others on the network can read the drafts at {}\n",
                   program, server->address());
    tell(options, server->address(), drafts);
    int number = 0;
    sigwait(&signals, &number);
    return done();
}

}  // namespace

void declare_preview_command(CLI::App& app, int& exit_code) {
    static Options options;
    auto* preview = app.add_subcommand("preview", "show the drafts as readers will see them");
    preview->add_option("DIR", options.directory, "the publisher's folder")->required();
    preview->add_option("--http", options.http, "IP:PORT to show them at (port 0: any)")
        ->capture_default_str();
    preview->add_flag("--json", options.json, "print the address as one JSON object");
    preview->footer("Example: colport-press preview harbour\n"
                    "Nothing is released, and nothing is left behind.");
    on_call(preview, program, exit_code, [] { return run_preview(options); });
}

}  // namespace colport::cli
