#pragma once

#include "web/context.h"

/// The JSON API, the same for the page and for our own command line. Keys are
/// added, never renamed. Errors are {"error":{"code","message","hint"}}.
///
///   GET  /api/v1/search?q&feed&language&since&until&sort&limit&offset&before
///   GET  /api/v1/complete?q&client
///   GET  /api/v1/latest?feed&language&since&until&limit&offset
///   GET  /api/v1/articles/IDPREFIX?feed&format=json|text|markdown|html
///   GET  /api/v1/feeds
///   GET  /api/v1/status       `blocks_read` of a feed is that of the process
///   POST /api/v1/follow       {"link": magnet link or path}   control only
///   POST /api/v1/unfollow     {"feed": name or key}           control only
///   POST /api/v1/import       {"path": folder}                control only
///   POST /api/v1/fetch        {"feed": name or key, "since": a day; "": all}   control only
///   POST /api/v1/mode         {"mode": a mode, "proxy": address or ""}   control only
///   POST /api/v1/look         {}: tries every carrier now     control only
///
/// A search says `total`; if not `total_is_exact` there are more, or may be. If
/// `partial` it was cut short, and goes on with `before` as `next` says; without
/// `next` the index is not whole. `did_you_mean` is {"query","marked"} or null.
///
/// A completion ends early when the connection is closed, or when the same
/// `client`, a name that it made up, asks again; then `stopped` is true.
///
/// Control alone sees where the daemon listens, folders on disk, and the format
/// html.
namespace colport::web {

inline constexpr std::string_view api_root = "/api/v1/";
inline constexpr std::string_view complete_path = "/api/v1/complete";

/// Precondition: the path begins with api_root.
Response api(const Context& context);

}  // namespace colport::web
