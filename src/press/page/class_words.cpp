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

bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/// Takes the next word off `name`, and what parts it from the one before. Empty at
/// the end. A capital after a small letter begins another.
std::string_view take_word(std::string_view& name) {
    while (!name.empty() && !is_letter(name.front())) name.remove_prefix(1);
    std::size_t size = 0;
    while (size < name.size() && is_letter(name[size]) &&
           (size == 0 || name[size] >= 'a' || name[size - 1] < 'a'))
        ++size;
    const auto out = name.substr(0, size);
    name.remove_prefix(size);
    return out;
}

class LowerWord {
public:
    explicit LowerWord(std::string_view word) : size_(std::min(word.size(), max_word)) {
        for (std::size_t i = 0; i < size_; ++i) letters_[i] = static_cast<char>(word[i] | 0x20);
    }
    [[nodiscard]] std::string_view view() const { return {letters_.data(), size_}; }

private:
    std::array<char, max_word> letters_{};
    std::size_t size_;
};

/// `has-sidebar` tells what is beside the element, `elementor-widget` who made it.
bool takes_meaning(std::string_view before, std::string_view word) {
    return before == "has" || before == "with" || before == "without" || before == "no" ||
           (before == "elementor" && (word == "widget" || word == "hidden"));
}

/// `hidden-xs` shows it elsewhere, `comments-open` is said of an article.
bool takes_meaning_back(std::string_view word, std::string_view after) {
    static const WordSet screens{"xs", "sm", "md", "lg", "xl", "print", "mobile", "tablet", "phone",
                                 "desktop"};
    static const WordSet states{"open", "closed", "enabled", "disabled", "off"};
    return (word == "hidden" && screens.contains(after)) ||
           (word == "comments" && states.contains(after));
}

/// Of one name. Those with a colon hold on some screens only: `md:hidden`; what
/// follows `overflow` is how it is cut, and what follows `tag` its subject.
bool name_has_word(std::string_view name, const WordSet& words) {
    if (name.find(':') != name.npos) return false;
    LowerWord before({});
    for (auto word = LowerWord(take_word(name)); !word.view().empty();) {
        if (word.view() == "overflow" || word.view() == "tag" || word.view() == "category")
            return words.contains(word.view());
        const LowerWord after(take_word(name));
        if (words.contains(word.view()) && !takes_meaning(before.view(), word.view()) &&
            !takes_meaning_back(word.view(), after.view()))
            return true;
        before = std::exchange(word, after);
    }
    return false;
}

bool has_word(std::string_view names, const WordSet& words) {
    constexpr std::string_view blanks = " \t\r\n\f";
    names = names.substr(0, max_names);
    while (!names.empty()) {
        const auto end = std::min(names.find_first_of(blanks), names.size());
        if (name_has_word(names.substr(0, end), words)) return true;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
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
