#include "query/alphabet.h"

#include <unicode/ulocdata.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "query/typed_text.h"
#include "words/character.h"

namespace colport::typed {
namespace {

// A letter that only another language has would be tried in vain.
constexpr const char* languages[] = {"ru", "uk", "be", "en", "de", "fr", "es",
                                     "tr", "fa", "ar", "el", "he", "hy", "ka"};

using Alphabets = std::map<UScriptCode, std::u32string>;

struct CloseData {
    void operator()(ULocaleData* data) const { ulocdata_close(data); }
};
struct CloseSet {
    void operator()(USet* set) const { uset_close(set); }
};

UScriptCode script_of(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(static_cast<UChar32>(c), &status);
    return U_FAILURE(status) ? USCRIPT_UNKNOWN : script;
}

void add(Alphabets& out, char32_t c) {
    const auto described = words::describe(static_cast<std::int32_t>(c));
    if (described->kind != words::Kind::letter) return;
    const auto folded = decode(described.plain());
    if (folded.size() == 1) out[script_of(folded[0])] += folded;
}

void add_language(Alphabets& out, const char* language) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<ULocaleData, CloseData> data(ulocdata_open(language, &status));
    const std::unique_ptr<USet, CloseSet> set(uset_openEmpty());
    ulocdata_getExemplarSet(data.get(), set.get(), 0, ULOCDATA_ES_STANDARD, &status);
    if (U_FAILURE(status)) return;
    for (std::int32_t i = 0; i < uset_getItemCount(set.get()); ++i) {
        UChar32 first = 0, last = -1;
        UErrorCode item = U_ZERO_ERROR;
        // Groups of letters are spelt with letters that are here as well.
        if (uset_getItem(set.get(), i, &first, &last, nullptr, 0, &item) != 0) continue;
        for (auto c = first; c <= last; ++c) add(out, static_cast<char32_t>(c));
    }
}

Alphabets make_alphabets() {
    Alphabets out;
    for (const auto* language : languages) add_language(out, language);
    for (auto& [script, letters] : out) {
        std::sort(letters.begin(), letters.end());
        letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    }
    return out;
}

}  // namespace

std::u32string_view alphabet_of(char32_t letter) {
    static const auto alphabets = make_alphabets();
    const auto found = alphabets.find(script_of(letter));
    return found == alphabets.end() ? std::u32string_view() : found->second;
}

}  // namespace colport::typed
