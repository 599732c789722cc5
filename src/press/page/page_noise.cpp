#include "press/page/page_noise.h"

#include "press/clean_text.h"
#include "press/page/class_words.h"
#include "press/page/line_shape.h"
#include "press/page/pleas.h"

namespace colport {

bool is_furniture(std::string_view name) {
    static const WordSet known{"nav",    "aside",  "footer", "form",
                               "button", "select", "dialog", "menu"};
    return known.contains(name);
}

bool has_noise_name(const xmlNode* node) {
    static const WordSet known{
        "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adsense", "dfp",
        "banner", "banners", "breadcrumb", "breadcrumbs", "byline", "bylines", "comment",
        "comments", "commentlist", "disqus", "respond", "contentinfo", "cookie", "cookies",
        "consent", "gdpr", "copyright", "donate", "donation", "footer", "foot", "footnav", "login",
        "signin", "signup", "menu", "menus", "modal", "popup", "overlay", "nav", "navbar",
        "navigation", "navigate", "newsletter", "newsletters", "outbrain", "taboola", "pager",
        "pagination", "paywall", "popular", "trending", "print", "printfriendly", "promo", "promos",
        "promotion", "rail", "readmore", "recirc",
        "recirculation", "recommend", "recommended", "recommendation", "recommendations",
        "related", "relatedposts", "share", "sharing", "sharebar", "sharedaddy", "shares",
        "addthis", "addtoany", "sidebar", "sidebars", "sitemap", "skip", "social", "socials",
        "sponsor", "sponsored", "subscribe", "subscription", "subscriptions", "tags", "taglist",
        "toolbar", "tools", "widget", "widgets", "masthead", "morelinks", "hidden",
        "noprint", "inreadmore", "shoutbox", "screenreader", "metadata", "postmeta", "dateline",
        "timestamp", "syndication", "teasers", "upnext", "jumplinks",
        "jplikes", "livechat", "crosslinks", "authorbio",
        "authorbox", "feedback", "tooltip", "lightbox",
        "onward", "mostread", "mostpopular", "moreon", "toplist", "followus",
        "anzeige", "werbung", "teilen", "kommentare", "publicidad", "compartir", "relacionados",
        "relacionadas", "comentarios", "commentaires", "reklama", "reklam", "ilgili", "paylas",
        "yorumlar", "kommentarii"};
    if (has_name_word(node, known)) return true;
    static const WordSet roles{"navigation", "complementary", "contentinfo", "search",
                               "dialog",     "banner",        "menu"};
    const auto role = ascii_lower(attribute(node, "role"));
    return !role.empty() && roles.contains(role);
}

bool has_teaser_name(const xmlNode* node) {
    static const WordSet known{"teaser"};
    return has_name_word(node, known);
}

bool has_comments_name(const xmlNode* node) {
    static const WordSet known{"comments", "commentlist", "commentarea", "disqus", "respond",
                               "comentarios", "commentaires", "kommentare", "kommentarii",
                               "yorumlar"};
    return has_name_word(node, known);
}

bool has_gallery_name(const xmlNode* node) {
    static const WordSet known{"gallery", "slideshow", "carousel", "slider", "slides", "slick"};
    return has_name_word(node, known);
}

namespace {

/// The paragraph before it says what it lists.
bool is_introduced(const xmlNode* list) {
    const auto* before = list->prev;
    while (before && !is_element(before)) before = before->prev;
    if (!before || name_of(before) != "p") return false;
    const auto line = clean_line(text_of(before));
    return (line.ends_with(':') || line.ends_with("：")) && !announces_links(line);
}

}  // namespace

bool is_link_list(const xmlNode* node, const Mass& mass) {
    const auto name = name_of(node);
    if (name == "ul" || name == "ol" || name == "dl" || name == "table")
        return mass.link_density() > 0.6 && !is_introduced(node);
    const bool box = name == "div" || name == "section" || name == "p";
    return box && mass.link_density() > 0.75 && mass.linked > 20 && mass.text < 2000 &&
           !(name == "p" && is_long_statement(clean_line(text_of(node))));
}

}  // namespace colport
