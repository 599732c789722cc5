#include "web/carrying.h"

#include <fmt/format.h>

namespace colport::web {
namespace {

/// Thrown through export_feed(), which leaves a copy whole whatever ends it.
struct Stopped {};

}  // namespace

Carrying::~Carrying() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

Carrying::Progress Carrying::progress() const {
    const std::lock_guard lock(mutex_);
    return progress_;
}

Status Carrying::start(std::vector<Carried> feeds, const std::filesystem::path& folder,
                       std::int64_t now) {
    std::error_code ignored;
    if (!folder.is_absolute())
        return Error{Errc::invalid, "the folder must begin with a slash", "such as /media/stick"};
    if (!std::filesystem::is_directory(folder, ignored))
        return Error{Errc::not_found, fmt::format("there is no folder {}", folder.string()),
                     "plug the stick in, and look where it is"};
    const std::lock_guard lock(mutex_);
    if (progress_.running)
        return Error{Errc::locked, "a copy is under way", "wait until it is done"};
    if (thread_.joinable()) thread_.join();
    progress_ = {};
    progress_.running = true;
    thread_ = std::jthread([this, feeds = std::move(feeds), folder, now](std::stop_token stop) {
        Status copied = done();
        try {
            copied = copy(feeds, folder, now, stop);
        } catch (const Stopped&) {
        }
        const std::lock_guard end(mutex_);
        progress_.running = false;
        progress_.ended = true;
        if (!copied) progress_.problem = copied.error().message;
    });
    return done();
}

Status Carrying::copy(const std::vector<Carried>& feeds, const std::filesystem::path& folder,
                      std::int64_t now, const std::stop_token& stop) {
    for (const auto& feed : feeds) {
        const auto report = COLPORT_TRY(
            export_feed({feed.directory}, folder / feed.folder, feed.options, now,
                        [&](std::size_t files, std::size_t total) {
                            if (stop.stop_requested()) throw Stopped{};
                            const std::lock_guard lock(mutex_);
                            progress_.done = files;
                            progress_.total = total;
                        }));
        const std::lock_guard lock(mutex_);
        progress_.files += report.files;
        progress_.bytes += report.bytes;
    }
    return done();
}

}  // namespace colport::web
