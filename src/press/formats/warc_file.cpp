#include "press/formats/warc_file.h"

#include <fmt/format.h>

#include <charconv>

#include "core/limits.h"
#include "press/clean_text.h"

namespace colport {
namespace {

constexpr std::size_t max_line = 64 * limits::kib;
constexpr int max_lines = 200;

Error cut_off() { return {Errc::corrupt, "is cut off in the middle of a record"}; }

}  // namespace

/// False at the end of the bytes.
Result<bool> WarcFile::fill() {
    if (piece_.empty()) piece_ = COLPORT_TRY(bytes_->next());
    return !piece_.empty();
}

Result<std::string> WarcFile::line() {
    std::string out;
    while (COLPORT_TRY(fill())) {
        const auto end = piece_.find('\n');
        out += piece_.substr(0, end);
        piece_.remove_prefix(end == piece_.npos ? piece_.size() : end + 1);
        if (out.size() > max_line) return Error{Errc::corrupt, "has a line without an end"};
        if (end == piece_.npos) continue;
        if (out.ends_with('\r')) out.pop_back();
        return out;
    }
    return cut_off();
}

Status WarcFile::pass(std::uint64_t size) {
    while (size > 0) {
        if (!COLPORT_TRY(fill())) return cut_off();
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(size, piece_.size()));
        piece_.remove_prefix(step);
        size -= step;
    }
    return done();
}

Result<bool> WarcFile::next() {
    COLPORT_TRY(pass(std::exchange(left_, 0)));
    std::string version;
    while (version.empty()) {
        if (!COLPORT_TRY(fill())) return false;
        version = COLPORT_TRY(line());
    }
    if (!version.starts_with("WARC/"))
        return Error{Errc::corrupt, "is damaged: no record where one should begin"};
    head_ = {};
    bool sized = false;
    for (int lines = 0;; ++lines) {
        const auto field = COLPORT_TRY(line());
        if (field.empty()) break;
        if (lines == max_lines) return Error{Errc::corrupt, "has a record with too long a head"};
        const auto colon = field.find(':');
        if (colon == field.npos) continue;
        const auto name = ascii_lower(field.substr(0, colon));
        auto value = clean_line(std::string_view(field).substr(colon + 1));
        if (name == "warc-type") head_.type = ascii_lower(value);
        if (name == "warc-date") head_.date = value;
        if (name == "content-type") head_.media_type = ascii_lower(value);
        if (name == "warc-target-uri") {
            // The first drafts of the format had it in angle brackets.
            if (value.starts_with('<') && value.ends_with('>'))
                value = value.substr(1, value.size() - 2);
            head_.address = value;
        }
        if (name == "content-length")
            sized = std::from_chars(value.data(), value.data() + value.size(), head_.size).ec ==
                    std::errc();
    }
    if (!sized) return Error{Errc::corrupt, "has a record without a length"};
    left_ = head_.size;
    return true;
}

Result<std::string> WarcFile::block(std::size_t limit) {
    if (left_ > limit) return Error{Errc::too_large, "is too large"};
    return beginning(limit);
}

Result<std::string> WarcFile::beginning(std::size_t limit) {
    std::string out;
    while (left_ > 0 && out.size() < limit) {
        if (!COLPORT_TRY(fill())) return cut_off();
        const auto step = static_cast<std::size_t>(
            std::min<std::uint64_t>({left_, piece_.size(), limit - out.size()}));
        out += piece_.substr(0, step);
        piece_.remove_prefix(step);
        left_ -= step;
    }
    return out;
}

}  // namespace colport
