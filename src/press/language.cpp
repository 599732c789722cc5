#include "press/language.h"

#include <cld2/public/compact_lang_det.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <array>

#include "press/clean_text.h"

namespace colport {
namespace {

constexpr std::size_t sample_bytes = 2048;
// Percent of a text, which must not be short.
constexpr int clear_share = 60;
constexpr int other_share = 5;
constexpr int clear_bytes = 200;
// Less text than this does not outvote what a template says.
constexpr std::size_t enough_bytes = 200;

bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/// The script a language is usually written in, such as "Arab" for fa.
std::string script_of(const std::string& language) {
    std::array<char, 64> full{};
    std::array<char, 16> script{};
    UErrorCode status = U_ZERO_ERROR;
    uloc_addLikelySubtags(language.c_str(), full.data(), full.size() - 1, &status);
    uloc_getScript(full.data(), script.data(), script.size() - 1, &status);
    return U_FAILURE(status) ? std::string() : std::string(script.data());
}

bool is_written_in_two_scripts(const std::string& language) {
    static constexpr std::array<std::string_view, 10> known{"sr", "bs", "uz", "kk", "az",
                                                            "ku", "pa", "tg", "zh", "mn"};
    const auto primary = language.substr(0, language.find('-'));
    return std::find(known.begin(), known.end(), primary) != known.end();
}

}  // namespace

std::string normalize_language(std::string_view tag) {
    std::string out = clean_line(tag);
    out = ascii_lower(out.substr(0, out.find('.')));
    std::replace(out.begin(), out.end(), '_', '-');
    const auto primary = std::min(out.find('-'), out.size());
    if (primary < 2 || primary > 3 || out.size() > 35 || out.back() == '-') return {};
    for (std::size_t begin = 0; begin <= out.size();) {
        const auto end = std::min(out.find('-', begin), out.size());
        const auto size = end - begin;
        if (size == 0 || size > 8 || !std::all_of(out.begin() + begin, out.begin() + end, is_alnum))
            return {};
        if (begin > 0 && (size == 2 || size == 4) && out[begin] >= 'a')
            for (auto i = begin; i < (size == 2 ? end : begin + 1); ++i)
                if (out[i] >= 'a') out[i] = static_cast<char>(out[i] - 'a' + 'A');
        begin = end + 1;
    }
    return out;
}

std::string detect_language(std::string_view text) {
    std::size_t size = std::min(text.size(), sample_bytes);
    while (size < text.size() && size > 0 && (text[size] & 0xc0) == 0x80) --size;
    bool reliable = false;
    int bytes = 0;
    std::array<CLD2::Language, 3> languages{};
    std::array<int, 3> shares{};
    const auto language =
        CLD2::DetectLanguageSummary(text.data(), static_cast<int>(size), true, languages.data(),
                                    shares.data(), &bytes, &reliable);
    // Rare words make it unsure, though it knows no other language to name.
    const bool clear = shares[0] >= clear_share && shares[1] <= other_share && bytes >= clear_bytes;
    if ((!reliable && !clear) || language == CLD2::UNKNOWN_LANGUAGE) return {};
    const std::string code = CLD2::LanguageCode(language);
    if (code == "iw") return "he";
    if (code == "jw") return "jv";
    return code == "un" || code.starts_with("xx") ? std::string() : normalize_language(code);
}

std::string choose_language(std::string_view around, std::string_view fallback,
                            std::string_view text) {
    const auto detected = detect_language(text);
    if (auto whole = normalize_language(around); !whole.empty()) {
        const bool other = text.size() >= enough_bytes && !detected.empty() &&
                           !is_written_in_two_scripts(whole) &&
                           script_of(detected) != script_of(whole);
        return other ? detected : whole;
    }
    return detected.empty() ? normalize_language(fallback) : detected;
}

}  // namespace colport
