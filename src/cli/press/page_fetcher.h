#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "net/proxy.h"
#include "press/intake/fetch_page.h"

namespace colport::cli {

struct PageFetcherSettings {
    std::optional<Proxy> proxy;                       ///< used alone, names looked up there
    std::chrono::milliseconds pause{1000};            ///< between the end of one request and the next
    std::function<bool()> gives_up = {};              ///< asked all the while: true breaks off with a network error
};

/// Reads pages with libcurl: one connection at a time, kept open, with a pause
/// between requests; asks for gzip and brotli; waits once for a server that says
/// when to come again, a minute at most. Follows no redirect by itself, keeps no
/// cookies, uses no proxy of the environment. Gives up on a page after 60 s.
/// One thread. Errors: network (libcurl cannot be set up).
Result<FetchPage> make_page_fetcher(const PageFetcherSettings& settings);

}  // namespace colport::cli
