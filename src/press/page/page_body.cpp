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
// Suspect by its name, but with this share of the page's text it is the article.
constexpr double too_much_to_drop = 0.4;
// A row of pictures with more of the page's prose is the article itself.
constexpr double gallery_share = 0.4;

// In bytes: less is a label.
constexpr double least_lead = 25;
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
    if (is_hidden(node)) return Noise::yes;
    const bool most = whole > 0 && mass.prose > too_much_to_drop * whole;
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

/// Puts first paragraphs that a page keeps in a box of their own into the one
/// with the text.
void take_lead_paragraphs(xmlNode* text, const Masses& masses) {
    static const WordSet known{"lead", "lede", "intro", "lid", "anons", "entradilla", "chapo",
                               "spot"};
    std::vector<xmlNode*> leads;
    for (auto* at = text->prev; at; at = at->prev) {
        const auto mass = is_element(at) ? masses.find(at) : masses.end();
        if (mass != masses.end() && mass->second.text >= least_lead &&
            mass->second.link_density() < 0.25 && tag_of(name_of(at)) == Tag::block &&
            has_name_word(at, known))
            leads.push_back(at);
    }
    for (auto* lead : leads) {
        xmlUnlinkNode(lead);
        if (text->children)
            xmlAddPrevSibling(text->children, lead);
        else
            xmlAddChild(text, lead);
    }
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
        if (!heaviest) return node;
        take_lead_paragraphs(heaviest, masses);
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
    return {descend(marked ? marked : body, masses), suspected};
}

}  // namespace colport
