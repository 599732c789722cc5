#include "press/intake/watch_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/limits.h"
#include "feed/files.h"
#include "feed/lock_file.h"
#include "press/clean_text.h"

namespace colport {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr unsigned most_doublings = 3;
// A change takes milliseconds.
constexpr int most_tries = 200;
constexpr auto between_tries = std::chrono::milliseconds(50);

bool is_address(const std::string& source) {
    const auto begin = ascii_lower(source.substr(0, 8));
    return begin.starts_with("http://") || begin.starts_with("https://");
}

/// As it is kept: the same whatever folder the command is given in.
std::string kept_name(const std::string& source) {
    if (is_address(source)) return source;
    std::error_code error;
    auto path = fs::weakly_canonical(fs::absolute(source, error), error);
    return error ? source : path.string();
}

Error damaged(const fs::path& path) {
    return {Errc::corrupt, fmt::format("{}: damaged list of sources", path.string()),
            "remove the file and add the sources again with --add"};
}

}  // namespace

Result<WatchList> WatchList::load(const fs::path& path) {
    WatchList out;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return out;
    const auto json = Json::parse(COLPORT_TRY(read_file(path, limits::mib)), nullptr, false);
    if (!json.is_object() || !json.contains("sources") || !json["sources"].is_array())
        return damaged(path);
    try {
        for (const auto& entry : json["sources"])
            out.sources.push_back({entry.at("source").get<std::string>(),
                                   entry.value("full_text", false), entry.value("problem", ""),
                                   entry.value("failures", 0U), entry.value("due", std::int64_t{0}),
                                   entry.value("hosts", std::vector<std::string>())});
    } catch (const Json::exception&) {
        return damaged(path);
    }
    return out;
}

Status WatchList::save(const fs::path& path) const {
    auto list = Json::array();
    for (const auto& source : sources)
        list.push_back({{"source", source.source},
                        {"full_text", source.full_text},
                        {"problem", source.problem},
                        {"failures", source.failures},
                        {"due", source.due},
                        {"hosts", source.hosts}});
    const Json json{{"sources", list}};
    return write_file(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", 0600);
}

Status WatchList::update(const fs::path& path, const std::function<Status(WatchList&)>& change) {
    for (int tries = 1;; ++tries) {
        const auto lock = LockFile::take(path.string() + ".lock",
                                         "another colport-press is changing " + path.string(),
                                         "try again");
        if (lock) {
            auto list = COLPORT_TRY(load(path));
            COLPORT_TRY(change(list));
            return list.save(path);
        }
        if (lock.error().code != Errc::locked || tries == most_tries) return lock.error();
        std::this_thread::sleep_for(between_tries);
    }
}

Status WatchList::add(const std::string& source, bool full_text,
                      const std::vector<std::string>& hosts) {
    const auto name = kept_name(source);
    std::error_code ignored;
    if (!is_address(name) && !fs::exists(name, ignored))
        return Error{Errc::invalid, fmt::format("no such file or folder: {}", source),
                     "an address begins with https:// or http://"};
    for (const auto& known : sources)
        if (known.source == name)
            return Error{Errc::exists, fmt::format("{} is watched already", name)};
    sources.push_back({.source = name, .full_text = full_text, .hosts = hosts});
    return done();
}

Status WatchList::remove(const std::string& source) {
    const auto name = kept_name(source);
    if (std::erase_if(sources, [&](const auto& known) {
            return known.source == name || known.source == source;
        }) == 0)
        return Error{Errc::not_found, fmt::format("{} is not watched", source)};
    return done();
}

bool is_due(const WatchedSource& source, std::int64_t now, std::int64_t every) {
    return source.due <= now || source.due > next_look(now, every, most_doublings, 1);
}

std::int64_t next_look(std::int64_t now, std::int64_t every, unsigned failures, double chance) {
    const auto wait = static_cast<double>(every << std::min(failures, most_doublings));
    return now + std::max<std::int64_t>(1, static_cast<std::int64_t>(wait * (0.75 + chance / 2)));
}

}  // namespace colport
