#pragma once

#include <string_view>

#include "press/formats/xml_tree.h"

namespace colport {

/// What an element of HTML means to an article.
enum class Tag {
    text,        ///< inline, or unknown: only what it holds counts
    dropped,
    block,       ///< ends the paragraph before and after
    heading,
    list,
    item,
    term,
    quote,
    preformatted,
    table,
    figure,
    gallery,     ///< gallery_element, which takes the place of what a page calls so
    image,
    frame,       ///< iframe, embed, object
    player,      ///< video, audio
    rule,
    line_break,
    ruby_text,
};
inline constexpr const char* gallery_element = "colport-gallery";

Tag tag_of(std::string_view name);

/// The Span::Style that an element gives its text.
std::uint32_t style_of(const xmlNode* node, std::uint32_t around);

/// Not shown to readers of the page.
bool is_hidden(const xmlNode* node);

/// Opens and shuts the text below a heading, whose words it holds.
bool is_heading_button(const xmlNode* node);

/// Whether one of `words` stands in the element's class, as a whole word.
bool has_class_word(const xmlNode* node, std::initializer_list<std::string_view> words);

/// An attribute as a small number; -1 when it is none.
int number_attribute(const xmlNode* node, std::string_view name);

}  // namespace colport
