#pragma once

#include "web/context.h"

/// The JSON API, the same for programs and for our own command line. What it takes
/// and gives is written in assets/api.txt, which is served as /api.
///
/// Control alone changes things, and alone sees where the daemon listens, folders
/// on disk, and the format html.
namespace colport::web {

inline constexpr std::string_view api_root = "/api/v1/";
inline constexpr std::string_view complete_path = "/api/v1/complete";

/// Precondition: the path begins with api_root.
Response api(const Context& context);

}  // namespace colport::web
