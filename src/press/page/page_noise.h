#pragma once

#include "press/formats/xml_tree.h"

namespace colport {

/// Text of one subtree, in bytes without white space.
struct Mass {
    double text = 0;
    double linked = 0;
    double prose = 0;   ///< in paragraphs, outside links
    [[nodiscard]] double link_density() const { return text > 0 ? linked / text : 0; }
};

/// Elements that are never part of an article, unless they hold most of it.
bool is_furniture(std::string_view name);

/// Named by its class, id or role as something beside the article: comments,
/// newsletters, sharing, what else there is to read, payment, consent.
bool has_noise_name(const xmlNode* node);

/// Named as what leads to another article, or as the lead of this one.
bool has_teaser_name(const xmlNode* node);

/// Named as the readers' comments.
bool has_comments_name(const xmlNode* node);

/// Named as a row of pictures.
bool has_gallery_name(const xmlNode* node);

/// Hardly anything but links.
bool is_link_list(const xmlNode* node, const Mass& mass);

}  // namespace colport
