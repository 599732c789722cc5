#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
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

/// Whether there is time for another request.
using HasTime = std::function<bool()>;

/// Fetches pages and keeps them in private/web, so that a server is asked only
/// for what changed. Only the newsroom's own hosts are asked, redirects included:
/// a feed must not make this machine read others, least of all those that only
/// this machine reaches. One that fails is left alone for as long as this lives: an
/// address at once, a host when it let too much time pass without an answer.
class WebPages {
public:
    /// A null `fetch` gives what was kept, and nothing else. `has_time` is asked before
    /// each request, and after one that failed, for it may have been broken off; null:
    /// there is always time. `patience` is how long a host may be waited for in vain.
    WebPages(FetchPage fetch, std::filesystem::path folder, HasTime has_time = {},
             std::chrono::milliseconds patience = std::chrono::minutes(2));

    /// Allows the host of an address, its subdomains, and the site above `www`.
    void allow(const std::string& url);
    [[nodiscard]] bool is_allowed(const std::string& url) const;

    /// Asks whether it changed. Errors: denied (the host), network, not_found,
    /// too_large, io.
    Result<WebPage> get(const std::string& url, std::size_t limit);
    /// As get(), but where time is short each of many addresses has its turn: one that was
    /// asked for within the hour is not asked again, and where there is no time at all what
    /// was kept is given.
    Result<WebPage> get_in_turn(const std::string& url, std::size_t limit);
    /// As get(), but asks at most every six hours, and gives what was kept while the
    /// network fails or the server refuses.
    Result<WebPage> get_picture(const std::string& url, std::size_t limit);
    /// Whether get_picture() has failed for want of the network for over a day.
    [[nodiscard]] bool is_given_up(const std::string& url) const;

    /// Keeps nothing of it.
    void forget(const std::string& url) const;
    /// Removes what was not fetched or confirmed in 90 days.
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
    Result<WebPage> follow(const std::string& url, std::size_t limit, std::optional<Kept> kept);
    Result<FetchAnswer> ask(const FetchRequest& request);
    [[nodiscard]] bool has_time() const { return !has_time_ || has_time_(); }
    /// Marks an address whose picture the network does not give.
    [[nodiscard]] std::filesystem::path mark_of(const std::string& url) const;

    FetchPage fetch_;
    HasTime has_time_;
    std::filesystem::path folder_;
    std::set<std::string> hosts_;
    std::chrono::nanoseconds patience_;
    /// Waited for in vain since the last answer, by host.
    std::map<std::string, std::chrono::nanoseconds> waited_;
    std::map<std::string, Error> failed_;  ///< by address
};

}  // namespace colport
