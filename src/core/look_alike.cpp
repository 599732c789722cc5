#include "core/look_alike.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <map>
#include <memory>

namespace colport {
namespace {

struct CloseChecker {
    void operator()(USpoofChecker* checker) const noexcept { uspoof_close(checker); }
};

/// Letters and digits alone; marks, such as accents, are neither.
icu::UnicodeString letters_of(const icu::UnicodeString& text) {
    icu::UnicodeString out;
    for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
        const auto point = text.char32At(at);
        if (u_isalnum(point)) out.append(point);
    }
    return out;
}

/// Forms that a name shares with those that look like it. Capitals of one script may
/// look like those of another while the small letters do not, and the other way round:
/// one form takes shapes before it lets case go, the other after.
std::vector<std::string> looks_of(const std::string& name) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<USpoofChecker, CloseChecker> checker(uspoof_open(&error));
    const auto* compatible = icu::Normalizer2::getNFKDInstance(error);
    if (U_FAILURE(error)) return {name};
    const auto plain = letters_of(compatible->normalize(icu::UnicodeString::fromUTF8(name), error));
    std::vector<std::string> out;
    for (const bool shapes_first : {true, false}) {
        auto text = plain;
        if (!shapes_first) text.foldCase();
        icu::UnicodeString shape;
        uspoof_getSkeletonUnicodeString(checker.get(), 0, text, shape, &error);
        shape = letters_of(compatible->normalize(shape.foldCase(), error));
        if (U_FAILURE(error)) return {name};
        if (shape.isEmpty()) continue;
        out.emplace_back(shapes_first ? "1" : "2");
        shape.toUTF8String(out.back());
    }
    return out;
}

}  // namespace

std::vector<std::optional<std::size_t>> look_alikes(const std::vector<std::string>& names) {
    std::map<std::string, std::size_t> first;
    std::vector<std::optional<std::size_t>> out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        out.emplace_back();
        for (const auto& look : looks_of(names[i])) {
            const auto [known, is_new] = first.emplace(look, i);
            if (!is_new && known->second != i && (!out[i] || known->second < *out[i]))
                out[i] = known->second;
        }
    }
    return out;
}

}  // namespace colport
