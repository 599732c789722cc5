#pragma once

#include <nlohmann/json_fwd.hpp>
#include <functional>
#include <string>

#include "article.pb.h"
#include "core/bytes.h"

/// Renderings of an article. All are pure and escape whatever it says.
namespace colport {

/// Text alone: blocks separated by a blank line, list items and table rows one
/// a line. What is indexed, and what `read` prints.
std::string to_text(const pb::Article& article);

/// CommonMark with the title as a level 1 heading.
std::string to_markdown(const pb::Article& article);

/// Where a picture is served; "" leaves a box with its alt text and size.
using PictureUrl = std::function<std::string(const pb::Figure&)>;
/// What that box says besides, as plain text.
using MissingText = std::function<std::string(const pb::Figure&)>;

/// The lead and the body as HTML without html, head or body elements, without
/// the title; uses only elements, `href`, `src`, `alt`, `width`, `height`,
/// `lang` and `class`, `dir`.
std::string to_html(const pb::Article& article, const PictureUrl& picture_url,
                    const MissingText& missing = {});

/// Escapes text for HTML content and quoted attributes.
std::string escape_html(std::string_view text);

/// The object that `read --format json` prints, without "feed" and "name".
nlohmann::json to_json(const pb::Article& article);

}  // namespace colport
