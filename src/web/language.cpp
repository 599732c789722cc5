#include "web/language.h"

#include <unicode/uenum.h>
#include <unicode/uloc.h>

#include <deque>
#include <map>
#include <mutex>

#include "web/catalogue.h"

namespace colport::web {
namespace {

constexpr Language all[] = {
    {"en", "en", "en_GB", "English"},
    {"ar", "ar", "ar", "العربية"},
    {"be", "be", "be", "Беларуская"},
    {"es", "es", "es", "Español"},
    {"fa", "fa", "fa", "فارسی"},
    {"my", "my", "my", "မြန်မာ"},
    {"ru", "ru", "ru", "Русский"},
    {"tr", "tr", "tr", "Türkçe"},
    {"uk", "uk", "uk", "Українська"},
    {"zh", "zh-Hans", "zh_Hans", "简体中文"},
};
constexpr std::size_t longest_header = 1000;

thread_local const Language* speaking = all;

/// Sentences in brackets, each kept from the first time that it is asked for.
std::string_view bracketed(std::string_view english) {
    static std::mutex mutex;
    static std::map<std::string, std::string, std::less<>> kept;
    const std::lock_guard lock(mutex);
    const auto found = kept.find(english);
    if (found != kept.end()) return found->second;
    return kept.emplace(english, "⟦" + std::string(english) + "⟧").first->second;
}

std::string_view or_english(std::string_view found, std::string_view english) {
    if (speaking == &test_language) return bracketed(english);
    return found.empty() ? english : found;
}

}  // namespace

const Language test_language{"test", "en", "en_GB", "⟦⟧"};

std::span<const Language> languages() { return all; }

const Language* language_named(std::string_view code) {
    for (const auto& language : all)
        if (code == language.code) return &language;
    return nullptr;
}

const Language& language_wanted(const std::string& accept_language) {
    if (accept_language.empty() || accept_language.size() > longest_header) return all[0];
    const char* codes[std::size(all)];
    for (std::size_t i = 0; i < std::size(all); ++i) codes[i] = all[i].code;
    UErrorCode error = U_ZERO_ERROR;
    UEnumeration* known =
        uenum_openCharStringsEnumeration(codes, static_cast<std::int32_t>(std::size(codes)), &error);
    char code[ULOC_FULLNAME_CAPACITY] = "";
    UAcceptResult how = ULOC_ACCEPT_FAILED;
    uloc_acceptLanguageFromHTTP(code, sizeof code, &how, accept_language.c_str(), known, &error);
    uenum_close(known);
    if (U_FAILURE(error) != 0 || how == ULOC_ACCEPT_FAILED) return all[0];
    const auto* found = language_named(code);
    return found == nullptr ? all[0] : *found;
}

Speaking::Speaking(const Language& language) : before_(speaking) { speaking = &language; }
Speaking::~Speaking() { speaking = before_; }

const Language& spoken() { return *speaking; }

std::string_view Text::view() const {
    const auto* catalogue = catalogue_of(speaking->code);
    if (catalogue == nullptr) return or_english({}, english);
    if (context == nullptr) return or_english(catalogue->find(english), english);
    return or_english(catalogue->find(std::string(context) + '\4' + english), english);
}

std::string_view Plural::view(std::uint64_t number) const {
    const auto* catalogue = catalogue_of(speaking->code);
    const char* english = number == 1 ? one : many;
    if (catalogue == nullptr) return or_english({}, english);
    return or_english(catalogue->find(std::string(one) + '\0' + many, number), english);
}

std::string fill(std::string_view sentence, std::initializer_list<std::string> values) {
    std::string out;
    while (!sentence.empty()) {
        const auto brace = sentence.find('{');
        out += sentence.substr(0, brace);
        if (brace == sentence.npos) break;
        sentence.remove_prefix(brace);
        const bool number = sentence.size() >= 3 && sentence[2] == '}' && sentence[1] >= '0' &&
                            sentence[1] < '0' + static_cast<int>(values.size());
        if (number) out += *(values.begin() + (sentence[1] - '0'));
        else out += '{';
        sentence.remove_prefix(number ? 3 : 1);
    }
    return out;
}

}  // namespace colport::web
