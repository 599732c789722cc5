#include "press/pictures/pictures.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crypto.h"
#include "core/limits.h"
#include "core/message.h"
#include "press/clean_text.h"
#include "press/pictures/off_limits.h"
#include "press/pictures/picture_file.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

// All pictures of one import are held in memory.
constexpr std::size_t max_total = 512 * limits::mib;
constexpr std::size_t max_warned = 1000;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        out += low >= 0 ? static_cast<char>(high * 16 + low) : text[i];
        if (low >= 0) i += 2;
    }
    return out;
}

bool is_remote(std::string_view source) {
    const auto start = ascii_lower(source.substr(0, 8));
    return start.starts_with("http:") || start.starts_with("https:") || start.starts_with("//");
}

bool has_scheme(std::string_view source) {
    const auto colon = source.find(':');
    return colon != source.npos && source.find('/') > colon;
}

bool is_within(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

/// A regular file of at most `limit` bytes. The path is canonical: a link at
/// its end can only have appeared since.
Result<std::string> read_regular_file(const fs::path& path, std::size_t limit) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (file < 0) return Error{Errc::io, "cannot be opened"};
    struct Close {
        int file;
        ~Close() { ::close(file); }
    } close{file};
    struct stat facts {};
    if (::fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode))
        return Error{Errc::invalid, "not a file"};
    std::string out;
    std::array<char, 65'536> buffer;
    while (true) {
        const auto got = ::read(file, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{Errc::io, "cannot be read"};
        if (got == 0) return out;
        out.append(buffer.data(), static_cast<std::size_t>(got));
        if (out.size() > limit)
            return Error{Errc::too_large,
                         fmt::format("larger than {} MiB", limit / limits::mib)};
    }
}

}  // namespace

Pictures::Pictures(const fs::path& folder, PictureLookup lookup, const PictureRules& rules)
    : lookup_(std::move(lookup)), rules_(rules) {
    std::error_code failed;
    if (!folder.empty()) folder_ = fs::canonical(folder, failed);
    if (failed) folder_.clear();
}

std::optional<fs::path> Pictures::locate(const std::string& source) {
    const auto warn = [&](const std::string& why) {
        if (warned_.size() < max_warned && warned_.insert(source).second)
            warnings_.push_back(
                fmt::format("picture '{}': {}", shorten(clean_line(source), 200), why));
        return std::nullopt;
    };
    if (has_scheme(source)) return warn("not a file's name");
    if (folder_.empty()) return warn(lookup_ ? "not found" : "no folder to look for it in");
    std::error_code failed;
    std::string why = "not found";
    // A name may hold a '?' or a '%' itself; then it is meant as it stands.
    for (const auto& name : {source, unescape(source.substr(0, source.find_first_of("?#")))}) {
        if (name.empty() || name.find('\0') != name.npos) continue;
        // A path from the site's root is looked for from the folder on.
        const auto relative = fs::path(name).relative_path().lexically_normal();
        if (relative.empty()) continue;
        if (*relative.begin() == "..") return warn("outside the folder");
        const auto path = fs::canonical(folder_ / relative, failed);
        if (failed) continue;
        if (!is_within(path, folder_)) return warn("outside the folder");
        if (is_off_limits(relative, path)) return warn("hidden, or in a workshop's private folder");
        return path;
    }
    return warn(why);
}

Pictures::Entry Pictures::read(const fs::path& path, const std::string& source) {
    const auto file = read_regular_file(path, max_picture_file);
    if (file) return take(*file, source);
    if (warnings_.size() < max_warned)
        warnings_.push_back(fmt::format("picture '{}': {}", shorten(clean_line(source), 200),
                                        file.error().message));
    return {};
}

std::optional<std::string> Pictures::load(const std::string& source) {
    if (is_remote(source) || has_scheme(source)) return {};
    const auto path = locate(source);
    if (!path) return {};
    auto file = read_regular_file(*path, max_picture_file);
    if (!file) return {};
    return std::move(*file);
}

Pictures::Entry Pictures::take(const std::string& file, const std::string& source) {
    Entry out;
    const auto warn = [&](const std::string& why) {
        if (warnings_.size() < max_warned)
            warnings_.push_back(
                fmt::format("picture '{}': {}", shorten(clean_line(source), 200), why));
        return Entry{};
    };
    auto picture = shrink_picture(file, rules_.size);
    if (!picture) return warn(picture.error().message);
    if (picture->bytes.size() > limits::picture) return warn("too large");
    if (!picture->warning.empty()) warn(picture->warning);
    if (total_ + picture->bytes.size() > max_total)
        return warn("left out: too many pictures in one import");
    const auto hash = sha256(picture->bytes);
    out.usable = true;
    out.facts.set_picture(hash.str());
    out.facts.set_width(picture->width);
    out.facts.set_height(picture->height);
    out.facts.set_size(static_cast<std::uint32_t>(picture->bytes.size()));
    const auto [at, added] = pictures_.try_emplace(hash.str());
    if (added) {
        total_ += picture->bytes.size();
        at->second.set_media_type(picture->media_type);
        at->second.set_data(std::move(picture->bytes));
    }
    return out;
}

/// Null when the lookup knows nothing of it.
const Pictures::Entry* Pictures::look_up(const std::string& source, const std::string& base) {
    if (!lookup_) return nullptr;
    const auto file = lookup_(source, base);
    if (!file) return nullptr;
    // What the sandbox does not hand out is empty, whatever it was.
    const auto key = sha256(file->empty() ? source : *file);
    auto known = looked_up_.find(key);
    if (known == looked_up_.end()) known = looked_up_.emplace(key, take(*file, source)).first;
    return &known->second;
}

bool Pictures::attach(const std::string& source, const std::string& base, pb::Figure& figure) {
    if (rules_.none) return false;
    if (const auto* entry = look_up(source, base)) {
        if (entry->usable) figure.MergeFrom(entry->facts);
        return entry->usable;
    }
    if (is_remote(source)) {
        ++remote_;
        return false;
    }
    const auto path = locate(source);
    if (!path) return false;
    auto known = seen_.find(*path);
    if (known == seen_.end()) known = seen_.emplace(*path, read(*path, source)).first;
    if (!known->second.usable) return false;
    figure.MergeFrom(known->second.facts);
    return true;
}

bool Pictures::attach_any(const std::vector<std::string>& sources, const std::string& base,
                          pb::Figure& figure) {
    struct Noted {
        std::size_t warnings, remote;
    };
    const Noted before{warnings_.size(), remote_};
    std::optional<Noted> first;
    const auto keep = [&](const Noted& noted) {
        warnings_.resize(noted.warnings);
        remote_ = noted.remote;
    };
    for (const auto& source : sources) {
        if (attach(source, base, figure)) {
            keep(before);
            return true;
        }
        if (!first) first = Noted{warnings_.size(), remote_};
    }
    if (first) keep(*first);
    return false;
}

std::vector<std::string> Pictures::take_warnings() {
    auto out = std::exchange(warnings_, {});
    if (const auto count = std::exchange(remote_, 0); count > 0)
        out.push_back(count == 1 ? "one picture on the web is left out"
                                 : fmt::format("{} pictures on the web are left out", count));
    return out;
}

const pb::Picture* Pictures::find(Bytes sha256) const {
    const auto at = pictures_.find(sha256);
    return at == pictures_.end() ? nullptr : &at->second;
}

}  // namespace colport
