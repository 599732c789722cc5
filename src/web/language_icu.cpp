#include <unicode/dtptngen.h>
#include <unicode/numberformatter.h>
#include <unicode/simpletz.h>
#include <unicode/smpdtfmt.h>

#include <map>
#include <memory>
#include <tuple>

#include "web/language.h"

namespace colport::web {
namespace {

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

using Formatter = icu::number::LocalizedNumberFormatter;

Formatter make_formatter(const char* locale) {
    return icu::number::NumberFormatter::withLocale(icu::Locale(locale));
}

/// Making one costs more than a page; each thread keeps those that it used.
const Formatter& formatter(const icu::MeasureUnit* unit, int digits) {
    using Key = std::tuple<const char*, std::string, int>;
    thread_local std::map<Key, Formatter> kept;
    const char* locale = spoken().locale;
    const Key key{locale, unit == nullptr ? "" : unit->getSubtype(), digits};
    const auto found = kept.find(key);
    if (found != kept.end()) return found->second;
    auto made = make_formatter(locale).precision(icu::number::Precision::maxFraction(digits));
    if (unit != nullptr)
        made = made.unit(*unit).unitWidth(UNUM_UNIT_WIDTH_SHORT);
    return kept.emplace(key, std::move(made)).first->second;
}

std::string formatted(double number, const icu::MeasureUnit* unit, int digits) {
    UErrorCode error = U_ZERO_ERROR;
    const auto text = formatter(unit, digits).formatDouble(number, error).toString(error);
    return U_FAILURE(error) != 0 ? fmt::format("{}", number) : utf8(text);
}

/// A format by its ICU skeleton, which says what is shown and not in what order.
icu::SimpleDateFormat* date_format(const char* skeleton) {
    using Key = std::pair<const char*, const char*>;
    thread_local std::map<Key, std::unique_ptr<icu::SimpleDateFormat>> kept;
    const char* locale_name = spoken().locale;
    auto& out = kept[{locale_name, skeleton}];
    if (out) return out.get();
    UErrorCode error = U_ZERO_ERROR;
    const icu::Locale locale(locale_name);
    const std::unique_ptr<icu::DateTimePatternGenerator> patterns(
        icu::DateTimePatternGenerator::createInstance(locale, error));
    if (U_FAILURE(error) != 0) return nullptr;
    const auto pattern =
        patterns->getBestPattern(icu::UnicodeString::fromUTF8(skeleton), error);
    out = std::make_unique<icu::SimpleDateFormat>(pattern, locale, error);
    if (U_FAILURE(error) != 0) out.reset();
    return out.get();
}

/// Not of a catalogue, and not to be taken for a sentence outside of one.
std::string marked(std::string text) {
    return &spoken() == &test_language ? "⟦" + text + "⟧" : text;
}

std::string date_by(const char* skeleton, std::int64_t seconds, std::int32_t zone) {
    auto* format = seconds == 0 ? nullptr : date_format(skeleton);
    if (format == nullptr) return "";
    format->adoptTimeZone(new icu::SimpleTimeZone(zone * 60'000, icu::UnicodeString()));
    icu::UnicodeString text;
    format->format(static_cast<UDate>(seconds) * 1000, text);
    return marked(utf8(text));
}

}  // namespace

std::string number_text(std::int64_t number) {
    return formatted(static_cast<double>(number), nullptr, 0);
}

std::string size_text(std::int64_t bytes) {
    static const icu::MeasureUnit units[] = {
        icu::MeasureUnit::getByte(), icu::MeasureUnit::getKilobyte(),
        icu::MeasureUnit::getMegabyte(), icu::MeasureUnit::getGigabyte(),
        icu::MeasureUnit::getTerabyte()};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 999.5 && unit + 1 < std::size(units); ++unit) size /= 1000;
    return marked(formatted(size, &units[unit], unit == 0 || size >= 100 ? 0 : 1));
}

std::string percent_text(int percent) {
    static const auto unit = icu::MeasureUnit::getPercent();
    return formatted(percent, &unit, 0);
}

std::string grams_text(int grams) {
    static const auto unit = icu::MeasureUnit::getGram();
    return marked(formatted(grams, &unit, 0));
}

// The same pointers each time: they are keys.
std::string day_text(std::int64_t seconds, std::int32_t zone) {
    static constexpr const char* skeleton = "yMMMMEEEEd";
    return date_by(skeleton, seconds, zone);
}

std::string date_text(std::int64_t seconds, std::int32_t zone) {
    static constexpr const char* skeleton = "yMMMd";
    return date_by(skeleton, seconds, zone);
}

std::string clock_text(std::int64_t seconds, std::int32_t zone) {
    static constexpr const char* skeleton = "Hm";
    return date_by(skeleton, seconds, zone);
}

std::string moment_text(std::int64_t seconds, std::int32_t zone) {
    static constexpr const char* skeleton = "yMMMMdHm";
    return date_by(skeleton, seconds, zone);
}

}  // namespace colport::web
