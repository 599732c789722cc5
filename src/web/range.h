#pragma once

#include <string_view>

#include "web/web.h"

/// Parts of a body (RFC 9110 section 14) and answers that a browser has already.
/// Pure.
namespace colport::web {

/// Does a list of entity tags, as in If-None-Match, name this one?
bool names_tag(std::string_view list, std::string_view tag);

/// What `request` wants of `whole`, a 200 with an ETag: nothing of it (304), the one
/// range that it asks for (206), a refusal of a range beyond its end (416), or all.
/// Several ranges at once get all, and so does what is no range: that is allowed.
Response wanted_part(const Request& request, Response whole);

}  // namespace colport::web
