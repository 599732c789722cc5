#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "press/intake/fetch_page.h"

namespace colport {

/// A page as it was fetched, now or earlier.
struct WebPage {
    std::string address;       ///< where redirects led
    std::string body;
    std::string media_type;
    std::string charset;       ///< what the server said; may be empty
    bool unchanged = false;    ///< since it was fetched the last time
};

/// Fetches pages and keeps them in private/web, so that a server is asked only
/// for what changed. Only the newsroom's own hosts are asked, redirects included:
/// a feed must not make this machine read others, least of all those that only
/// this machine reaches.
class WebPages {
public:
    /// A null `fetch` gives what was kept, and nothing else.
    WebPages(FetchPage fetch, std::filesystem::path folder);

    /// Allows the host of an address, its subdomains, and the site above `www`.
    void allow(const std::string& url);
    [[nodiscard]] bool is_allowed(const std::string& url) const;

    /// Asks whether it changed. Errors: denied (the host), network, not_found,
    /// too_large, io.
    Result<WebPage> get(const std::string& url, std::size_t limit);
    /// Asks only for what is not kept: pictures do not change at one address.
    Result<WebPage> get_once(const std::string& url, std::size_t limit);

    /// Removes what nobody asked for in 90 days.
    void sweep() const;

private:
    struct Kept {
        WebPage page;
        std::string etag, last_modified;
    };
    [[nodiscard]] std::filesystem::path path_of(const std::string& url) const;
    [[nodiscard]] std::optional<Kept> load(const std::string& url, std::size_t limit) const;
    Status keep(const std::string& url, const Kept& kept) const;
    Result<WebPage> fetch(const std::string& url, std::size_t limit, std::optional<Kept> kept);

    FetchPage fetch_;
    std::filesystem::path folder_;
    std::set<std::string> hosts_;
};

}  // namespace colport
