#include "press/page/class_words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace colport {
namespace {

// No word that anybody lists is longer.
constexpr std::size_t max_word = 24;
// A class or an id is a name, not a text.
constexpr std::size_t max_names = 2000;

bool has_word(std::string_view names, const WordSet& words) {
    std::array<char, max_word> word{};
    std::size_t size = 0;
    bool said_of_it = false;
    const auto ends_known = [&] {
        if (size == 0) return false;
        const std::string_view whole(word.data(), std::min(std::exchange(size, 0), word.size()));
        const bool known = !said_of_it && words.contains(whole);
        // `has-sidebar` tells what is beside the element, not what it is.
        said_of_it = whole == "has" || whole == "with" || whole == "without";
        return known;
    };
    char before = ' ';
    for (const char c : names.substr(0, max_names)) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool lower = c >= 'a' && c <= 'z';
        const bool hump = upper && before >= 'a' && before <= 'z';
        if (((!upper && !lower) || hump) && ends_known()) return true;
        if (upper || lower) {
            if (size < word.size()) word[size] = static_cast<char>(c | 0x20);
            ++size;
        }
        before = c;
    }
    return ends_known();
}

}  // namespace

bool has_name_word(const xmlNode* node, const WordSet& words) {
    for (const xmlAttr* attr = node->properties; attr; attr = attr->next) {
        const auto name = view(attr->name);
        if (name != "class" && name != "id") continue;
        for (const xmlNode* part = attr->children; part; part = part->next)
            if (is_text_node(part) && has_word(view(part->content), words)) return true;
    }
    return false;
}

}  // namespace colport
