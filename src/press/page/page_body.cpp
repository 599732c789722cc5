#include "press/page/page_body.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "press/page/class_words.h"
#include "press/page/html_tags.h"
#include "press/page/page_noise.h"
#include "press/page/picture_sources.h"

namespace colport {
namespace {

// A container holds the article if this much of the text around it is inside.
constexpr double dominant = 0.6;
// Marked as the article by its element, it needs less.
constexpr double marked_dominant = 0.4;
// Beside the largest part of a text, this share of it is worth keeping.
constexpr double other_part = 0.1;
constexpr double most_linked = 0.25;
// Suspect by its name, but with this share of the page's text it is the article.
constexpr double too_much_to_drop = 0.4;
// Hidden until a reader asks for it, this much is the article; a copy for other
// screens is not as much.
constexpr double most_hidden = 0.6;
// A row of pictures with more of the page's prose is the article itself.
constexpr double gallery_share = 0.4;

// In bytes: less is a label.
constexpr double least_lead = 25;
constexpr double least_paragraph = 50;
// In bytes: less prose beside comments is a teaser of what they are about.
constexpr double enough_beside_comments = 500;

using Masses = std::unordered_map<const xmlNode*, Mass>;

double visible_size(std::string_view text) {
    return static_cast<double>(std::count_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; }));
}

bool is_dropped_element(std::string_view name) {
    return name == "script" || name == "style" || name == "noscript" || name == "template" ||
           name == "head";
}

/// Masses of all elements below `root`. The tree is at most 256 deep.
Mass weigh(const xmlNode* node, bool in_link, bool in_paragraph, Masses& out) {
    Mass sum;
    for (const xmlNode* at = node->children; at; at = at->next) {
        Mass part;
        if (is_text_node(at)) {
            part.text = visible_size(view(at->content));
            // A few words between tags are a label, not prose.
            if (in_link) part.linked = part.text;
            if (!in_link && (in_paragraph || part.text >= 60)) part.prose = part.text;
        } else if (is_element(at) && !is_dropped_element(name_of(at))) {
            const auto name = name_of(at);
            part = weigh(at, in_link || name == "a",
                         in_paragraph || name == "p" || name == "pre" || name == "blockquote", out);
        }
        sum.text += part.text;
        sum.linked += part.linked;
        sum.prose += part.prose;
    }
    return out[node] = sum;
}

void remove(xmlNode* node) {
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

enum class Noise { no, yes, by_name };

Noise noise_of(const xmlNode* node, const Mass& mass, double whole, Pruning pruning) {
    const auto yes = [](bool noise) { return noise ? Noise::yes : Noise::no; };
    const auto name = name_of(node);
    if (is_dropped_element(name) && name != "head") return Noise::yes;
    if (name == "html" || name == "body" || name == "head") return Noise::no;
    if (is_hidden(node)) return yes(mass.prose <= most_hidden * whole);
    if (is_heading_button(node)) return Noise::no;
    const bool most = whole > 0 && mass.prose > too_much_to_drop * whole;
    if (name == "aside" && !most && mass.link_density() < most_linked)
        return pruning == Pruning::relaxed ? Noise::no : Noise::by_name;
    if (name == "form" && !most) return Noise::by_name;
    if (is_furniture(name)) return yes(!most);
    if (most) return Noise::no;
    if (is_link_list(node, mass)) return Noise::yes;
    if (pruning == Pruning::relaxed || name == "article" || name == "main") return Noise::no;
    const bool named = has_noise_name(node) || (mass.linked > 0 && has_teaser_name(node));
    return named ? Noise::by_name : Noise::no;
}

/// Pictures that page readers leaf through; of the text there only captions count.
bool is_gallery(const xmlNode* node, const Masses& masses, double whole) {
    const auto tag = tag_of(name_of(node));
    if ((tag != Tag::block && tag != Tag::list) || !has_gallery_name(node)) return false;
    const auto at = masses.find(node);
    return at != masses.end() && at->second.prose < gallery_share * whole;
}

xmlNode* find_element(xmlNode* root, std::string_view name) {
    for (xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == name) return node;
    return nullptr;
}

/// A picture that a script loads late stands once more in `noscript`, where it
/// says where it is.
void take_from_noscript(xmlNode* root) {
    for (xmlNode* node = root; node; node = next_node(node, root)) {
        if (!is_element(node) || name_of(node) != "noscript") continue;
        auto* before = node->prev;
        while (before && !is_element(before)) before = before->prev;
        auto* late = before ? find_element(before, "img") : nullptr;
        if (!late || !picture_sources(late).empty()) continue;
        if (auto* image = find_element(node, "img"))
            xmlSetProp(late, reinterpret_cast<const xmlChar*>("src"),
                       reinterpret_cast<const xmlChar*>(attribute(image, "src").c_str()));
    }
}

/// Readers' comments can be most of a page: they go if there is an article
/// beside them.
void remove_comments(xmlNode* root) {
    Masses masses;
    const double whole = weigh(root, false, false, masses).prose;
    for (xmlNode* node = root; node;) {
        const auto at = is_element(node) && node != root ? masses.find(node) : masses.end();
        const bool gone = at != masses.end() && whole - at->second.prose >= enough_beside_comments &&
                          name_of(node) != "article" && name_of(node) != "main" &&
                          name_of(node) != "body" && has_comments_name(node);
        auto* next = next_node(node, root, gone);
        if (gone) remove(node);
        node = next;
    }
}

void show(xmlNode* node) {
    for (const char* name : {"hidden", "style"})
        xmlUnsetProp(node, reinterpret_cast<const xmlChar*>(name));
}

/// Readers' words are not the article's, however many there are.
bool is_comment(const xmlNode* node) {
    static const WordSet known{"comment"};
    return has_comments_name(node) || has_name_word(node, known);
}

/// Returns how much prose went for the names of its elements.
double prune(xmlNode* root, Pruning pruning) {
    remove_comments(root);
    Masses masses;
    const double whole = weigh(root, false, false, masses).prose;
    double suspected = 0;
    for (xmlNode* node = root; node;) {
        const auto at = is_element(node) && node != root ? masses.find(node) : masses.end();
        const auto mass = at == masses.end() ? Mass{} : at->second;
        const auto noise = is_element(node) && node != root
                               ? noise_of(node, mass, whole, pruning)
                               : Noise::no;
        if (node->type == XML_COMMENT_NODE || noise != Noise::no) {
            if (noise == Noise::by_name && !is_comment(node)) suspected += mass.prose;
            auto* next = next_node(node, root, true);
            remove(node);
            node = next;
        } else {
            if (is_element(node) && node != root && is_hidden(node)) show(node);
            if (is_element(node) && node != root && is_gallery(node, masses, whole))
                xmlNodeSetName(node, reinterpret_cast<const xmlChar*>(gallery_element));
            node = next_node(node, root);
        }
    }
    return suspected;
}

/// A form that pruning left holds the page: some servers work that way.
void unwrap_forms(xmlNode* root) {
    for (xmlNode* node = root; node; node = next_node(node, root))
        if (is_element(node) && name_of(node) == "form")
            xmlNodeSetName(node, reinterpret_cast<const xmlChar*>("div"));
}

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
    for (auto* at = text->next; at; at = at->next)
        if (is_element(at) && name_of(at) == "p" && is_own_paragraph(at, masses))
            after.push_back(at);
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

/// Goes down as long as one child holds nearly all of the text.
xmlNode* descend(xmlNode* node, const Masses& masses) {
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
        node = heaviest;
    }
}

}  // namespace

std::size_t page_text_size(const xmlDoc* page) {
    const auto* root = xmlDocGetRootElement(page);
    if (!root) return 0;
    std::size_t out = 0;
    for (const auto* node = root; node;) {
        const bool skipped = is_element(node) && is_dropped_element(name_of(node));
        if (is_text_node(node)) out += static_cast<std::size_t>(visible_size(view(node->content)));
        node = next_node(node, root, skipped);
    }
    return out;
}

PageBody find_page_body(xmlDoc* page, Pruning pruning) {
    auto* root = xmlDocGetRootElement(page);
    auto* body = root ? find_element(root, "body") : nullptr;
    if (!body) return {root, 0};
    take_from_noscript(body);
    const auto suspected = static_cast<std::size_t>(prune(body, pruning));
    unwrap_forms(body);
    Masses masses;
    if (weigh(body, false, false, masses).text == 0) return {body, suspected};
    auto* marked = find_marked(body, masses);
    if (marked && marked != body) {
        if (has_other_parts(marked, masses)) marked = marked->parent;
        else take_paragraphs(marked, masses);
    }
    return {descend(marked ? marked : body, masses), suspected};
}

}  // namespace colport
