#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "press/formats/xml_tree.h"
#include "press/import_sink.h"
#include "press/page/html_blocks.h"

/// What the readers of RSS, Atom and WordPress exports share.
namespace colport {

/// An element's name with the usual prefix of its namespace, whatever the feed
/// calls it. RSS has none here; a foreign namespace keeps its own.
std::string qualified_name(const xmlNode* node);

/// The first child of that name, or null.
const xmlNode* child(const xmlNode* parent, std::string_view name);

/// Text of the first child that is there and not blank.
std::string child_text(const xmlNode* parent, std::initializer_list<std::string_view> names);

template <class Visit>
void each_child(const xmlNode* parent, std::string_view name, const Visit& visit) {
    for (const xmlNode* node = parent->children; node; node = node->next)
        if (is_element(node) && qualified_name(node) == name) visit(node);
}

/// xml:lang of the element or of what is around it.
std::string language_attribute(const xmlNode* node);

/// xml:base around the element as an absolute address, else `otherwise`.
std::string base_address(const xmlNode* node, const std::string& otherwise);

/// A title is text, but most feeds write HTML into it.
std::string title_text(const std::string& title);

/// A fragment that is HTML, or text where a bracket opens no tag.
HtmlFragment fragment_blocks(const std::string& text, const HtmlContext& context);

/// The first paragraph of a fragment of HTML: what follows it in a summary tells
/// where the summary is from.
std::string summary_text(const std::string& html);

/// Whether an address is that of a reader's comment, as WordPress has it.
bool is_comment_address(const std::string& address);

/// A name that stays the same as the feed goes on, for an item without any.
std::string name_for(const ImportSink& sink, const pb::Article& article);

/// Puts the blocks into the article, with a warning when their end is missing.
void set_blocks(FoundArticle& found, HtmlFragment fragment, ImportSink& sink);

/// Media RSS and enclosures: the first picture leads an article that shows none;
/// sound, film and documents follow as titled links.
void add_media(const xmlNode* item, FoundArticle& found, const std::string& base,
               ImportSink& sink);

/// A picture as an article's lead, unless it has one. True when it was usable.
bool add_lead(pb::Article& article, const std::string& source, const std::string& base,
              ImportSink& sink);

/// A file that an article comes with, as a titled link.
void add_attachment(pb::Article& article, const std::string& address, std::string_view title);

}  // namespace colport
