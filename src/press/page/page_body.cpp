#include "press/page/page_body.h"

#include <algorithm>
#include <string>
#include <vector>

#include "press/page/class_words.h"
#include "press/page/html_tags.h"

namespace colport {
namespace {

// A container holds the article if this much of the text around it is inside.
constexpr double dominant = 0.6;
// Marked as the article by its element, it needs less.
constexpr double marked_dominant = 0.4;
// Beside the largest part of a text, this share of it is worth keeping.
constexpr double other_part = 0.25;
// In bytes: less is a label.
constexpr double least_lead = 25;
constexpr double least_paragraph = 50;
bool is_marked_article(const xmlNode* node) {
    const auto name = name_of(node);
    return name == "article" || name == "main" || attribute(node, "itemprop") == "articleBody" ||
           attribute(node, "role") == "main";
}

/// The innermost element marked as the article that holds enough of the text.
xmlNode* find_marked(xmlNode* root, const Masses& masses) {
    xmlNode* best = nullptr;
    double best_prose = marked_dominant * masses.at(root).prose;
    for (xmlNode* node = root; node; node = next_node(node, root)) {
        if (!is_element(node) || !is_marked_article(node)) continue;
        const double prose = masses.at(node).prose;
        const bool body = attribute(node, "itemprop") == "articleBody";
        if (prose > best_prose || (best && prose > (body ? 0.5 : 0.85) * best_prose)) {
            best = node;
            best_prose = std::max(best_prose, prose);
        }
    }
    return best;
}

/// A paragraph of the text, or a box that is called the beginning of it.
bool is_own_paragraph(const xmlNode* node, const Masses& masses) {
    static const WordSet known{"lead", "lede", "intro", "lid", "anons", "entradilla", "chapo",
                               "spot"};
    const auto at = masses.find(node);
    if (at == masses.end() || at->second.link_density() >= most_linked) return false;
    const auto& mass = at->second;
    if (name_of(node) == "p" && mass.prose >= least_paragraph) return true;
    return mass.text >= least_lead && tag_of(name_of(node)) == Tag::block &&
           has_name_word(node, known);
}

/// A paragraph, or what else stands between paragraphs.
bool is_own_part(const xmlNode* node, const Masses& masses) {
    const auto tag = tag_of(name_of(node));
    if (tag != Tag::quote && tag != Tag::preformatted && tag != Tag::list)
        return name_of(node) == "p" && is_own_paragraph(node, masses);
    const auto at = masses.find(node);
    return at != masses.end() && at->second.text >= least_paragraph &&
           at->second.link_density() < most_linked;
}

bool is_text_box(const xmlNode* node, const Masses& masses) {
    const auto at = masses.find(node);
    return at != masses.end() && tag_of(name_of(node)) == Tag::block &&
           at->second.prose >= 2 * least_paragraph && at->second.link_density() < most_linked;
}

bool holds_headline(const xmlNode* node) {
    for (const auto* at = node; at; at = next_node(at, node))
        if (is_element(at) && name_of(at) == "h1") return true;
    return false;
}

/// Puts paragraphs that stand beside the element with the text, or below the
/// headline before it, into it: first lines, notes and corrections.
void take_paragraphs(xmlNode* text, const Masses& masses) {
    std::vector<xmlNode*> before;
    for (auto* at = text->parent->children; at != text; at = at->next) {
        if (!is_element(at)) continue;
        if (is_own_paragraph(at, masses)) {
            before.push_back(at);
        } else if (holds_headline(at)) {
            for (auto* inside = at; inside;) {
                const bool own = inside != at && is_element(inside) && is_own_paragraph(inside, masses);
                if (own) before.push_back(inside);
                inside = next_node(inside, at, own);
            }
        }
    }
    std::vector<xmlNode*> after;
    xmlNode* heading = nullptr;
    for (auto* at = text->next; at; at = at->next) {
        if (!is_element(at)) continue;
        const bool heads = tag_of(name_of(at)) == Tag::heading;
        // Boxes hold their headings themselves.
        if (!heads && (is_own_part(at, masses) || (heading && is_text_box(at, masses)))) {
            if (heading) after.push_back(heading);
            after.push_back(at);
        }
        heading = heads ? at : nullptr;
    }
    auto* first = text->children;
    for (auto* node : before) {
        xmlUnlinkNode(node);
        if (first) xmlAddPrevSibling(first, node);
        else xmlAddChild(text, node);
    }
    for (auto* node : after) {
        xmlUnlinkNode(node);
        xmlAddChild(text, node);
    }
}

/// What an element is called: its tag and the names in its class.
class Kind {
public:
    explicit Kind(const xmlNode* node) : tag_(name_of(node)), text_(attribute(node, "class")) {
        each_name(text_, [&](std::string_view name) {
            names_.insert(name);
            return false;
        });
    }
    Kind(const Kind&) = delete;
    Kind& operator=(const Kind&) = delete;

    /// As far as the page says: parts of one text are alike, its sidebar is not.
    [[nodiscard]] bool is_of(const xmlNode* other) const {
        if (name_of(other) != tag_ || tag_of(tag_) != Tag::block || tag_ == "td") return false;
        const auto text = attribute(other, "class");
        bool named = false;
        const bool shared = each_name(text, [&](std::string_view name) {
            named = true;
            return names_.contains(name);
        });
        return shared || (!named && names_.empty());
    }

private:
    /// True when `found` is so of a name, after which it is asked no more.
    template <class Found>
    static bool each_name(std::string_view names, const Found& found) {
        constexpr std::size_t longest = 2000;
        constexpr std::string_view blanks = " \t\r\n\f";
        names = names.substr(0, longest);
        while (!names.empty()) {
            const auto end = std::min(names.find_first_of(blanks), names.size());
            if (end > 0 && found(names.substr(0, end))) return true;
            names.remove_prefix(std::min(end + 1, names.size()));
        }
        return false;
    }

    std::string_view tag_;
    std::string text_;
    WordSet names_;     ///< into text_
};

/// Has a headline of its own, or one that leads to it.
bool is_other_article(const xmlNode* node) {
    for (const auto* at = node; at; at = next_node(at, node)) {
        if (!is_element(at) || tag_of(name_of(at)) != Tag::heading) continue;
        if (name_of(at) == "h1" || (is_element(at->parent) && name_of(at->parent) == "a")) return true;
        for (const auto* inside = at; inside; inside = next_node(inside, at))
            if (is_element(inside) && name_of(inside) == "a") return true;
    }
    return false;
}

/// Whether much of what stands beside `part`, under the same parent, is text of the
/// article too: paragraphs, and elements like it.
bool has_other_parts(const xmlNode* part, const Masses& masses) {
    const Kind kind(part);
    double prose = 0;
    for (const auto* at = part->parent->children; at; at = at->next) {
        const auto mass = at != part && is_element(at) ? masses.find(at) : masses.end();
        if (mass == masses.end() || mass->second.link_density() > most_linked) continue;
        if (name_of(at) == "p" || (kind.is_of(at) && !is_other_article(at)))
            prose += mass->second.prose;
    }
    return prose >= other_part * masses.at(part->parent).prose;
}

/// Prose beside `part` that is neither of it nor leads elsewhere.
double prose_beside(const xmlNode* part, const Masses& masses) {
    double out = 0;
    for (const auto* at = part->parent->children; at; at = at->next) {
        const auto mass = at != part && is_element(at) ? masses.find(at) : masses.end();
        if (mass != masses.end() && mass->second.link_density() < most_linked)
            out += mass->second.prose;
    }
    return out;
}

/// Goes down as long as one child holds nearly all of the text. Adds to `left` the
/// bytes of prose that it leaves behind.
xmlNode* descend(xmlNode* node, const Masses& masses, std::size_t& left) {
    while (true) {
        xmlNode* heaviest = nullptr;
        double most = dominant * masses.at(node).prose;
        for (xmlNode* at = node->children; at; at = at->next) {
            if (!is_element(at) || !masses.contains(at)) continue;
            const auto tag = tag_of(name_of(at));
            if (tag != Tag::block && tag != Tag::text && tag != Tag::table) continue;
            if (name_of(at) == "p") continue;
            if (const double prose = masses.at(at).prose; prose > most) {
                most = prose;
                heaviest = at;
            }
        }
        if (!heaviest || has_other_parts(heaviest, masses)) return node;
        take_paragraphs(heaviest, masses);
        left += static_cast<std::size_t>(prose_beside(heaviest, masses));
        node = heaviest;
    }
}

}  // namespace

PageBody find_page_body(xmlDoc* page, Pruning pruning) {
    auto* root = xmlDocGetRootElement(page);
    auto* body = root;
    while (body && !(is_element(body) && name_of(body) == "body")) body = next_node(body, root);
    if (!body) return {root, 0, 0};
    PageBody out{body, prune_page(body, pruning), 0};
    Masses masses;
    if (weigh(body, masses).text == 0) return out;
    auto* marked = find_marked(body, masses);
    if (marked && marked != body) {
        if (has_other_parts(marked, masses)) marked = marked->parent;
        else take_paragraphs(marked, masses);
    }
    out.node = descend(marked ? marked : body, masses, out.left);
    return out;
}

}  // namespace colport
