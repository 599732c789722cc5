#include <fmt/format.h>

#include "press/clean_text.h"
#include "press/dates.h"
#include "press/formats/feed_elements.h"
#include "press/formats/import_feed.h"
#include "press/formats/wordpress_text.h"
#include "press/urls.h"

namespace colport {
namespace {

/// What WordPress keeps for itself, and what this reader looks up by id.
bool is_internal(const std::string& type) {
    for (const char* known :
         {"attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset",
          "oembed_cache", "user_request", "wp_block", "wp_template", "wp_template_part",
          "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face"})
        if (type == known) return true;
    return false;
}

std::string count_of(std::size_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string meta_of(const xmlNode* item, std::string_view key) {
    std::string out;
    each_child(item, "wp:postmeta", [&](const xmlNode* meta) {
        if (out.empty() && clean_line(child_text(meta, {"wp:meta_key"})) == key)
            out = clean_line(child_text(meta, {"wp:meta_value"}));
    });
    return out;
}

}  // namespace

void WxrReader::begin(const xmlNode* channel) {
    language_ = clean_line(child_text(channel, {"language"}));
    site_ = resolve_web_address(
        child_text(channel, {"wp:base_blog_url", "wp:base_site_url", "link"}), {});
    sink_.set_site(site_);
    // The first version of the format had no list of authors and wrote their names.
    names_are_logins_ = clean_line(child_text(channel, {"wp:wxr_version"})) != "1.0";
    each_child(channel, "wp:author", [&](const xmlNode* node) {
        authors_[clean_line(child_text(node, {"wp:author_login"}))] =
            clean_line(child_text(node, {"wp:author_display_name"}));
    });
}

void WxrReader::remember(const xmlNode* item) {
    const auto type = clean_line(child_text(item, {"wp:post_type"}));
    const auto id = clean_line(child_text(item, {"wp:post_id"}));
    if (type == "wp_block" && clean_line(child_text(item, {"wp:status"})) == "publish")
        library_.blocks[id] = child_text(item, {"content:encoded"});
    if (type != "attachment") return;
    library_.files[id] = {clean_line(child_text(item, {"wp:attachment_url", "guid"})),
                          meta_of(item, "_wp_attachment_image_alt"),
                          child_text(item, {"excerpt:encoded"}),
                          clean_line(child_text(item, {"wp:post_parent"}))};
}

/// Exports hold drafts, private posts, menus and settings as well.
bool WxrReader::goes_out(const xmlNode* item) {
    const auto type = clean_line(child_text(item, {"wp:post_type"}));
    if (is_internal(type)) return false;
    const auto access = meta_of(item, "_jetpack_newsletter_access");
    const bool published = clean_line(child_text(item, {"wp:status"})) == "publish" &&
                           clean_line(child_text(item, {"wp:post_password"})).empty() &&
                           (access.empty() || access == "everybody");
    if (type == "post" || type == "page") {
        unpublished_ += published ? 0 : 1;
        return published;
    }
    if (published) ++other_types_[type];
    return false;
}

void WxrReader::read(const xmlNode* item) {
    if (!goes_out(item)) return;
    FoundArticle found;
    found.bare_counts = true;
    auto& article = found.article;
    article.set_title(title_text(child_text(item, {"title"})));
    article.set_url(resolve_web_address(child_text(item, {"link"}), site_));
    const auto date = clean_line(child_text(item, {"wp:post_date_gmt"}));
    auto at = parse_date(child_text(item, {"pubDate"}));
    if (!at) at = parse_date(date);
    if (at) {
        article.set_published(at->seconds);
        article.set_zone(at->zone);
    }
    found.guid = clean_line(child_text(item, {"guid"}));
    if (found.guid.empty()) found.guid = article.url();
    if (found.guid.empty()) found.guid = name_for(sink_, article);
    found.language_around = language_;
    read_names(item, article);
    read_body(item, found);
    found.origin = TextOrigin::site_export;
    sink_.add(std::move(found));
}

void WxrReader::read_names(const xmlNode* item, pb::Article& article) {
    each_child(item, "dc:creator", [&](const xmlNode* node) {
        auto name = clean_line(text_of(node));
        // With a login somebody can try to get in.
        if (names_are_logins_) {
            const auto known = authors_.find(name);
            name = known == authors_.end() ? std::string() : known->second;
        }
        if (name.find('@') == name.npos) add_author(article, name);
    });
    each_child(item, "category", [&](const xmlNode* node) {
        const auto domain = attribute(node, "domain");
        if (domain == "category" || domain == "post_tag" || domain == "tag" || domain.empty())
            add_tag(article, text_of(node));
    });
}

void WxrReader::read_body(const xmlNode* item, FoundArticle& found) {
    auto& article = found.article;
    const auto content = child_text(item, {"content:encoded"});
    HtmlContext context{article.url().empty() ? site_ : article.url(), sink_.pictures()};
    context.blank_lines_split = !is_block_markup(content);
    const auto id = clean_line(child_text(item, {"wp:post_id"}));
    const auto shown = wordpress_html(content, id, library_);
    hidden_ += shown.left_out;
    set_blocks(found, html_blocks(shown.text, context), sink_);
    add_featured(item, found);
    set_summary(article, summary_text(child_text(item, {"excerpt:encoded"})));
}

/// The featured picture.
void WxrReader::add_featured(const xmlNode* item, FoundArticle& found) {
    auto& article = found.article;
    const auto file = library_.files.find(meta_of(item, "_thumbnail_id"));
    if (file == library_.files.end()) return;
    if (!add_lead(article, file->second.address, site_, sink_)) return;
    auto* figure = article.mutable_lead();
    figure->set_alt(shorten(file->second.alt, 1000));
    if (const auto caption = title_text(file->second.caption); !caption.empty())
        figure->add_caption()->set_text(shorten(caption, 1000));
}

void WxrReader::say_what_is_left_out() {
    if (unpublished_ > 0)
        sink_.warn(fmt::format(
            "{}: {} not published, left out", sink_.name(),
            count_of(unpublished_, "post or page is", "posts and pages are")));
    if (hidden_ > 0)
        sink_.warn(fmt::format(
            "{}: {} hidden from visitors, left out", sink_.name(),
            count_of(hidden_, "passage is", "passages are")));
    for (const auto& [type, count] : other_types_)
        sink_.warn(fmt::format("{}: {} of type '{}', left out", sink_.name(),
                               count_of(count, "entry is", "entries are"),
                               shorten(type, 40)));
}

}  // namespace colport
