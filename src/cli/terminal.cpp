#include "cli/terminal.h"

#include <fmt/format.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace colport::cli {
namespace {

/// Is it obeyed rather than shown?
bool is_control(UChar32 c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

/// Embeddings, overrides and isolates: text can pose as other text with them.
bool is_bidi_control(UChar32 c) {
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool breaks_line(UChar32 c) {
    return c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029;
}

std::string clean(std::string_view text, bool keep_lines) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c);
        if (c < 0) out += "\xef\xbf\xbd";
        else if (breaks_line(c) && keep_lines) out += text.substr(begin, at - begin);
        else if (breaks_line(c) || is_control(c)) out += ' ';
        else if (!is_bidi_control(c)) out += text.substr(begin, at - begin);
    }
    return out;
}

}  // namespace

int report(const std::string& program, const Error& error) {
    auto text = fmt::format("{}: error: {}\n", program, one_line(error.message));
    if (!error.hint.empty()) text += fmt::format("hint: {}\n", one_line(error.hint));
    say(text);
    return exit_failed;
}

void say(std::string_view text) noexcept { std::fwrite(text.data(), 1, text.size(), stderr); }

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(::isatty(2) != 0) {}

Progress::~Progress() {
    if (shown_) say("\r\033[K");
}

void Progress::show(std::size_t done, std::size_t total) {
    if (!terminal_) return;
    say(fmt::format("\r\033[K{}: {} of {}", what_, done, total));
    shown_ = true;
}

std::string human_size(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} bytes", bytes);
    double value = static_cast<double>(bytes);
    const char* unit = "KiB";
    value /= 1024;
    for (const char* next : {"MiB", "GiB", "TiB"}) {
        if (value < 1024) break;
        value /= 1024;
        unit = next;
    }
    return fmt::format("{:.1f} {}", value, unit);
}

Result<std::int64_t> publishing_time() {
    const char* given = std::getenv("SOURCE_DATE_EPOCH");
    if (given == nullptr || *given == '\0') return now();
    const std::string_view text(given);
    std::int64_t out = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || stop != text.data() + text.size() || out <= 0)
        return Error{Errc::invalid, fmt::format("SOURCE_DATE_EPOCH is no time: {}", text),
                     "it is a number of seconds since 1970"};
    return out;
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string printable(std::string_view text) { return clean(text, true); }

std::string one_line(std::string_view text) { return clean(text, false); }

void print_json(const nlohmann::json& value) {
    fmt::print("{}\n",
               value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace colport::cli
