#include "feed/unlisted.h"

#include <fmt/format.h>

#include <set>

#include "feed/files.h"

namespace colport {

Status remove_unlisted(const FeedDirectory& directory, const InfoDictionary& info) {
    namespace fs = std::filesystem;
    const auto folder = directory.volume(info.volume);
    std::error_code error;
    // The folder itself may be a link on somebody's stick.
    if (fs::symlink_status(folder, error).type() != fs::file_type::directory) return done();
    std::set<std::string, std::less<>> listed;
    for (const auto& file : info.files) listed.insert(file.name);
    std::vector<fs::path> unlisted;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const auto name = at->path().filename().string();
        std::error_code ignored;
        if (is_release_file(name) && !listed.contains(name) &&
            !fs::is_directory(at->symlink_status(ignored)))
            unlisted.push_back(at->path());
    }
    for (const auto& path : unlisted)
        if (!fs::remove(path, error) && error)
            return Error{Errc::io,
                         fmt::format("cannot remove {}: {}", path.string(), error.message())};
    return unlisted.empty() ? done() : sync_file(folder);
}

}  // namespace colport
