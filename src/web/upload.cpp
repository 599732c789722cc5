#include "web/upload.h"

#include <fmt/format.h>
#include <microhttpd.h>

#include <algorithm>
#include <mutex>

#include "core/crypto.h"
#include "core/limits.h"
#include "core/minisign.h"
#include "feed/directory.h"
#include "feed/files.h"
#include "feed/package.h"
#include "feed/stick.h"

namespace colport::web {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view folder_begin = "upload-", taken_end = "-taken",
                           share_begin = "share-", import_begin = "import-";
constexpr std::size_t most_field = 16 * limits::kib;
constexpr std::size_t buffer = 32 * limits::kib;
constexpr std::uint64_t most_file = std::uint64_t{4} << 30;
// That what is uploaded leaves free on the disk, looked at each so many bytes.
constexpr std::uint64_t left_free = std::uint64_t{256} << 20;
constexpr std::uint64_t looks_each = std::uint64_t{16} << 20;
constexpr std::chrono::seconds forgotten_after(3600);
// No import that is still at work began so long ago.
constexpr std::chrono::seconds import_forgotten_after(7 * 86'400);
// What the daemon says of itself is a second old.
constexpr std::chrono::seconds surely_seen_after(5);

std::mutex& taking_in() {
    static std::mutex mutex;
    return mutex;
}

bool is_tar(Bytes content) {
    constexpr std::size_t magic_at = 257;
    return content.size() > magic_at && content.substr(magic_at).starts_with("ustar");
}

}  // namespace

struct Upload::State {
    fs::path folder;
    std::function<bool(const std::map<std::string, std::string>&)> may_send;
    MHD_PostProcessor* processor = nullptr;
    std::map<std::string, std::string> fields;
    std::uint64_t size = 0;      ///< of the file
    bool allowed = false;
    bool handed_over = false;    ///< unpacked, and somebody knows
    Descriptor file;             ///< once it is more than a link
    Status status = done();

    [[nodiscard]] fs::path package() const { return folder / "package"; }

    Status open_file() {
        if (file) return done();
        COLPORT_TRY(make_directory(folder, 0700));
        file = COLPORT_TRY(open_new(package(), 0600));
        return write_all(file.get(), fields["file"], package());
    }

    Status take_file(Bytes part) {
        if (!allowed && !may_send(fields)) return Error{Errc::denied, ""};
        allowed = true;
        const auto before = size;
        size += part.size();
        if (size > most_file) return Error{Errc::too_large, "the file is over 4 GiB"};
        auto& begin = fields["file"];
        if (!file && size <= most_field) {
            begin += part;
            return done();
        }
        std::error_code ignored;
        const bool looks = !file || before / looks_each != size / looks_each;
        // It is unpacked beside itself.
        if (looks && fs::space(folder.parent_path(), ignored).available < left_free + size)
            return Error{Errc::io, "there is no room for the file", "free some disk space"};
        COLPORT_TRY(open_file());
        return write_all(file.get(), part, package());
    }

    Status take_field(std::string_view name, Bytes part) {
        for (const std::string_view known : {"token", "link", "folder"}) {
            if (name != known) continue;
            auto& field = fields[std::string(name)];
            if (field.size() + part.size() > most_field)
                return Error{Errc::too_large, "a field is over 16 KiB"};
            field += part;
        }
        return done();
    }
};

Upload::Upload(std::unique_ptr<State> state) : state_(std::move(state)) {}

std::unique_ptr<Upload> Upload::begin(
    MHD_Connection* connection, fs::path data,
    std::function<bool(const std::map<std::string, std::string>&)> may_send) {
    auto state = std::make_unique<State>();
    state->folder = data / (std::string(folder_begin) + to_hex(random_bytes(8)));
    state->may_send = std::move(may_send);
    const auto part = [](void* kept, MHD_ValueKind, const char* name, const char*, const char*,
                         const char*, const char* content, std::uint64_t, std::size_t size) {
        auto& upload = *static_cast<State*>(kept);
        if (name == nullptr || content == nullptr || size == 0) return MHD_YES;
        const Bytes bytes(content, size);
        upload.status = std::string_view(name) == "file" ? upload.take_file(bytes)
                                                         : upload.take_field(name, bytes);
        return upload.status ? MHD_YES : MHD_NO;
    };
    const MHD_PostDataIterator on_part = part;
    state->processor = MHD_create_post_processor(connection, buffer, on_part, state.get());
    if (state->processor == nullptr) return nullptr;
    return std::unique_ptr<Upload>(new Upload(std::move(state)));
}

Upload::~Upload() {
    if (state_->processor != nullptr) MHD_destroy_post_processor(state_->processor);
    std::error_code ignored;
    if (state_->handed_over) fs::remove(state_->package(), ignored);
    else fs::remove_all(state_->folder, ignored);
}

void Upload::drop() {
    state_->status = Error{Errc::denied, ""};
    state_->file.reset();
    std::error_code ignored;
    fs::remove_all(state_->folder, ignored);
}

bool Upload::take(const char* data, std::size_t size) {
    return state_->status && MHD_post_process(state_->processor, data, size) == MHD_YES;
}

Result<std::map<std::string, std::string>> Upload::finish(const std::atomic<bool>& stop) {
    auto& state = *state_;
    MHD_destroy_post_processor(state.processor);
    state.processor = nullptr;
    COLPORT_TRY(std::move(state.status));
    if (!state.file && is_tar(state.fields["file"])) COLPORT_TRY(state.open_file());
    if (!state.file) return std::move(state.fields);
    state.file.reset();
    state.fields.erase("file");
    const auto unpacked = state.folder / "feeds";
    COLPORT_TRY(unpack(state.package(), unpacked, most_file, &stop));
    state.handed_over = true;
    state.fields["package"] = state.folder.string();
    return std::move(state.fields);
}

std::map<std::string, std::string> Upload::token() const {
    const auto found = state_->fields.find("token");
    if (found == state_->fields.end()) return {};
    return {*found};
}

bool is_upload(const fs::path& folder, const fs::path& data) {
    const auto name = folder.filename().string();
    std::error_code ignored;
    return folder.parent_path() == data && name.starts_with(folder_begin) &&
           !name.ends_with(taken_end) && fs::is_directory(folder, ignored);
}

Status take_in_upload(const fs::path& folder, const fs::path& data, Peer& peer) {
    if (!is_upload(folder, data))
        return Error{Errc::invalid, "the file is no longer here", "choose it again"};
    const auto taken = folder.string() + std::string(taken_end);
    std::error_code error;
    const std::lock_guard lock(taking_in());
    fs::rename(folder, taken, error);
    if (error) return Error{Errc::io, "cannot rename " + folder.string() + ": " + error.message()};
    const auto imported = peer.import(fs::path(taken) / "feeds");
    fs::last_write_time(taken, fs::file_time_type::clock::now(), error);
    COLPORT_TRY(imported);
    return done();
}

void sweep_uploads(const fs::path& data, const Peer* peer, bool all) {
    const std::lock_guard lock(taking_in());
    std::vector<fs::path> old;
    std::error_code error;
    for (fs::directory_iterator at(data, error), end; !error && at != end; at.increment(error)) {
        const auto name = at->path().filename().string();
        const bool imported = name.starts_with(import_begin);
        if (!imported && !name.starts_with(folder_begin) && !name.starts_with(share_begin))
            continue;
        std::error_code ignored;
        const auto age = fs::file_time_type::clock::now() - at->last_write_time(ignored);
        const auto kept = imported                    ? import_forgotten_after
                          : name.ends_with(taken_end) ? surely_seen_after
                                                      : forgotten_after;
        if ((all && !imported) || age > kept) old.push_back(at->path());
    }
    if (old.empty()) return;
    if (!all && peer != nullptr)
        for (const auto& feed : peer->status().feeds)
            if (feed.importing) return;
    for (const auto& path : old) fs::remove_all(path, error);
}

void forget_uploads_of(const PublicKey& feed, const fs::path& data) {
    const std::lock_guard lock(taking_in());
    std::vector<fs::path> gone;
    std::error_code error;
    for (fs::directory_iterator at(data, error), end; !error && at != end; at.increment(error)) {
        const auto name = at->path().filename().string();
        const bool imported = name.starts_with(import_begin);
        if (!imported && !name.starts_with(folder_begin)) continue;
        const auto roots = feed_directories_in(imported ? at->path() : at->path() / "feeds");
        if (roots && std::any_of(roots->begin(), roots->end(), [&](const fs::path& root) {
                const auto text = read_file(FeedDirectory{root}.key(), 1024);
                const auto key = text ? minisign::parse_public_key_file(*text) : text.error();
                return key && *key == feed;
            }))
            gone.push_back(at->path());
    }
    for (const auto& path : gone) fs::remove_all(path, error);
}

}  // namespace colport::web
