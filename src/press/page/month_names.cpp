#include "press/page/month_names.h"

#include <unicode/udat.h>
#include <unicode/ustring.h>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>

#include "press/formats/fold_line.h"

namespace colport {
namespace {

using Names = std::unordered_map<std::string, MonthName>;

// Where names differ between languages of one script the first one wins.
constexpr std::array<const char*, 28> locales{
    "en", "ru", "uk", "be", "ar", "ar_SY", "ar_DZ", "tr", "es", "my", "fr", "de", "pt",
    "it", "pl", "nl", "id", "az", "kk",    "ka",    "hy", "he", "hi", "ur", "am",
    "ug", "ti", "fa@calendar=gregorian"};
constexpr std::array<const char*, 2> solar_locales{"fa_IR@calendar=persian",
                                                   "ps_AF@calendar=persian"};

std::string utf8_of(const UChar* text, int32_t size) {
    std::array<char, 256> out{};
    int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(out.data(), out.size(), &length, text, size, &status);
    return U_FAILURE(status) ? std::string() : std::string(out.data(), static_cast<std::size_t>(length));
}

void add_names(const char* locale, bool solar, Names& out) {
    UErrorCode status = U_ZERO_ERROR;
    struct Close {
        void operator()(UDateFormat* format) const { udat_close(format); }
    };
    const std::unique_ptr<UDateFormat, Close> format(
        udat_open(UDAT_LONG, UDAT_LONG, locale, u"Etc/UTC", -1, nullptr, 0, &status));
    if (U_FAILURE(status)) return;
    for (const auto kind : {UDAT_MONTHS, UDAT_STANDALONE_MONTHS, UDAT_SHORT_MONTHS,
                            UDAT_STANDALONE_SHORT_MONTHS}) {
        const auto count = udat_countSymbols(format.get(), kind);
        for (int32_t i = 0; i < count && i < 12; ++i) {
            std::array<UChar, 64> name{};
            status = U_ZERO_ERROR;
            const auto size =
                udat_getSymbols(format.get(), kind, i, name.data(), name.size(), &status);
            if (U_FAILURE(status)) continue;
            auto word = fold_line(utf8_of(name.data(), size));
            while (word.ends_with('.')) word.pop_back();
            // Some languages number their months.
            if (word.size() >= 3 && word.find_first_of("0123456789") == word.npos)
                out.emplace(std::move(word), MonthName{i + 1, solar});
        }
    }
}

const Names& names() {
    static const Names out = [] {
        Names made;
        for (const auto* locale : locales) add_names(locale, false, made);
        for (const auto* locale : solar_locales) add_names(locale, true, made);
        made.emplace("sept", MonthName{9, false});
        return made;
    }();
    return out;
}

}  // namespace

std::optional<MonthName> find_month(std::string_view word) {
    if (word.size() < 3 || word.size() > 60) return std::nullopt;
    for (const std::string_view ending : {"", "လ", " ماه", "ماه"}) {
        if (!word.ends_with(ending)) continue;
        const auto at = names().find(std::string(word.substr(0, word.size() - ending.size())));
        if (at != names().end()) return at->second;
    }
    return std::nullopt;
}

}  // namespace colport
