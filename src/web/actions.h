#pragma once

#include "web/context.h"

/// What the page's forms change. Each is a POST to /do/NAME that carries the
/// page's token and leads to a page when it is done.
namespace colport::web {

inline constexpr std::string_view action_root = "/do/";

/// True for what came from a form of this very page: the token says so, and
/// nothing that the browser tells contradicts it.
bool is_our_form(const Request& request, const std::string& token);

/// Precondition: a POST whose path begins with action_root, and is_our_form().
Response act(const Context& context);

}  // namespace colport::web
