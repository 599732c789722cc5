#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The language that a page speaks: its sentences from the catalogues of po/,
/// its numbers and dates from ICU.
///
/// Whoever makes a page says its language once, by a Speaking; everything below
/// on the same thread follows. Plain text: escaped where it is shown.
namespace colport::web {

struct Language {
    const char* code;    ///< of its catalogue, and for people who choose: "zh"
    const char* tag;     ///< BCP 47, for HTML: "zh-Hans"
    const char* locale;  ///< ICU's
    const char* name;    ///< in itself
};
/// English, whose catalogue is the source, is the first.
std::span<const Language> languages();
/// Null for an unknown code.
const Language* language_named(std::string_view code);
/// What a browser asks for (RFC 9110, Accept-Language), or English.
const Language& language_wanted(const std::string& accept_language);

/// For the time that it lives, this thread's pages are in that language. The test
/// language brackets each sentence, so that what is in no catalogue shows.
class Speaking {
public:
    explicit Speaking(const Language& language);
    Speaking(const Speaking&) = delete;
    ~Speaking();

private:
    const Language* before_;
};
const Language& spoken();
/// Not among languages().
extern const Language test_language;

/// A sentence of a catalogue, by its English. What is filled in stands in braces
/// with its number, "{0} of {1}", since the order differs between languages.
struct Text {
    const char* context;  ///< tells apart what is one word in English; or null
    const char* english;
    /// In the spoken language. Lives as long as the program.
    [[nodiscard]] std::string_view view() const;
    operator std::string_view() const { return view(); }
};
/// One that depends on a number, which is {0}.
struct Plural {
    const char* one;
    const char* many;
    [[nodiscard]] std::string_view view(std::uint64_t number) const;
};
// xgettext looks for these.
constexpr Text text(const char* english) { return {nullptr, english}; }
constexpr Text text_in(const char* context, const char* english) { return {context, english}; }
constexpr Plural plural(const char* one, const char* many) { return {one, many}; }

/// "1,234", "1 234", "۱٬۲۳۴"; a size as "1.4 MB"; a share as "12%".
std::string number_text(std::int64_t number);
std::string size_text(std::int64_t bytes);
std::string percent_text(int percent);
std::string grams_text(int grams);

/// By the clock and the calendar of the place; "" for 0.
std::string day_text(std::int64_t seconds, std::int32_t zone);    ///< with the weekday
std::string date_text(std::int64_t seconds, std::int32_t zone);
std::string clock_text(std::int64_t seconds, std::int32_t zone);
std::string moment_text(std::int64_t seconds, std::int32_t zone);  ///< date and clock

/// `sentence` with what stands in braces filled in.
std::string fill(std::string_view sentence, std::initializer_list<std::string> values);
inline std::string count_text(const Plural& sentence, std::uint64_t number) {
    return fill(sentence.view(number), {number_text(static_cast<std::int64_t>(number))});
}

}  // namespace colport::web
