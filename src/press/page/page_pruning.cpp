#include "press/page/page_pruning.h"

#include <algorithm>

#include "press/page/class_words.h"
#include "press/page/html_tags.h"
#include "press/page/picture_sources.h"

namespace colport {
namespace {

// Suspect by its name, but with this share of the page's text it is the article.
constexpr double too_much_to_drop = 0.4;
// Hidden until a reader asks for it, this much is the article; a copy for other
// screens is not as much.
constexpr double most_hidden = 0.6;
// A row of pictures with more of the page's prose is the article itself.
constexpr double gallery_share = 0.4;
// In bytes: less prose beside comments is a teaser of what they are about.
constexpr double enough_beside_comments = 500;

double visible_size(std::string_view text) {
    return static_cast<double>(std::count_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; }));
}

bool is_dropped_element(std::string_view name) {
    return name == "script" || name == "style" || name == "noscript" || name == "template" ||
           name == "head";
}

/// The tree is at most 256 deep.
Mass weigh_below(const xmlNode* node, bool in_link, bool in_paragraph, Masses& out) {
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
            part = weigh_below(at, in_link || name == "a",
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

/// What a reader of the page sees when she clicks: below a heading, or the rest of
/// a text whose beginning stands right before.
bool opens_on_click(const xmlNode* node, const Mass& mass, double whole) {
    const auto* before = node->prev;
    while (before && !is_element(before)) before = before->prev;
    if (!before || is_hidden(before) || has_noise_name(node)) return false;
    if (name_of(before) == "p") return mass.prose > most_hidden * whole;
    return tag_of(name_of(before)) == Tag::heading && name_of(before) != "h1";
}

Noise noise_of(const xmlNode* node, const Mass& mass, double whole, Pruning pruning) {
    const auto yes = [](bool noise) { return noise ? Noise::yes : Noise::no; };
    const auto name = name_of(node);
    if (is_dropped_element(name) && name != "head") return Noise::yes;
    if (name == "html" || name == "body" || name == "head") return Noise::no;
    if (is_hidden(node)) return opens_on_click(node, mass, whole) ? Noise::no : Noise::by_name;
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
    const double whole = weigh(root, masses).prose;
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
    const double whole = weigh(root, masses).prose;
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

}  // namespace

Mass weigh(const xmlNode* root, Masses& out) { return weigh_below(root, false, false, out); }

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

std::size_t prune_page(xmlNode* body, Pruning pruning) {
    take_from_noscript(body);
    const auto out = static_cast<std::size_t>(prune(body, pruning));
    unwrap_forms(body);
    return out;
}

}  // namespace colport
