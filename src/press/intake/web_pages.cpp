#include "press/intake/web_pages.h"

#include <fmt/format.h>

#include <chrono>

#include "core/crypto.h"
#include "core/limits.h"
#include "feed/files.h"
#include "press/clean_text.h"
#include "press/formats/json_fields.h"
#include "press/urls.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

constexpr int max_redirects = 5;
constexpr std::size_t max_head = 64 * limits::kib;
constexpr auto kept_for = std::chrono::hours(24 * 90);
// A picture that was replaced at its address arrives within so long.
constexpr auto ask_again_after = std::chrono::hours(6);
constexpr auto has_its_turn_after = std::chrono::hours(1);
constexpr auto give_up_after = std::chrono::hours(24);

/// Without the port: a site may move between them.
std::string host_name(const std::string& url) {
    auto host = ascii_lower(host_of(url));
    const auto colon = host.rfind(':');
    if (colon != host.npos && host.find(']', colon) == host.npos) host.erase(colon);
    return host;
}

/// Since it was written or touched; negative where a clock was wrong.
std::optional<fs::file_time_type::duration> age_of(const fs::path& path) {
    std::error_code failed;
    const auto time = fs::last_write_time(path, failed);
    if (failed) return std::nullopt;
    return fs::file_time_type::clock::now() - time;
}

void touch(const fs::path& path) {
    std::error_code ignored;
    fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
}

bool is_number_address(const std::string& host) {
    return host.find_first_not_of("0123456789.") == host.npos || host.starts_with('[');
}

}  // namespace

WebPages::WebPages(FetchPage fetch, fs::path folder, HasTime has_time,
                   std::chrono::milliseconds patience)
    : fetch_(std::move(fetch)),
      has_time_(std::move(has_time)),
      folder_(std::move(folder)),
      patience_(patience) {}

void WebPages::allow(const std::string& url) {
    if (auto host = host_name(url); !host.empty()) hosts_.insert(std::move(host));
}

bool WebPages::is_allowed(const std::string& url) const {
    const auto host = host_name(url);
    if (hosts_.contains(host)) return true;
    if (is_number_address(host)) return false;
    for (const auto& known : hosts_)
        if (known.find('.') != known.npos && host.ends_with("." + known)) return true;
    return false;
}

fs::path WebPages::path_of(const std::string& url) const {
    return folder_ / (sha256(url).hex().substr(0, 32) + ".web");
}

fs::path WebPages::mark_of(const std::string& url) const {
    return path_of(url).replace_extension(".silent");
}

std::optional<WebPages::Kept> WebPages::load(const std::string& url, std::size_t limit) const {
    const auto path = path_of(url);
    auto file = read_file(path, limit + max_head);
    if (!file) return std::nullopt;
    const auto end = file->find('\n');
    if (end == file->npos) return std::nullopt;
    const auto head = nlohmann::json::parse(file->data(), file->data() + end, nullptr, false);
    if (!head.is_object() || string_of(head, {"url"}) != url) return std::nullopt;
    Kept out{{string_of(head, {"address"}), file->substr(end + 1), string_of(head, {"type"}),
              string_of(head, {"charset"}), true},
             string_of(head, {"etag"}),
             string_of(head, {"modified"})};
    // Without the server's word on its encoding it is fetched again.
    if (!head.contains("charset")) out.etag = out.last_modified = {};
    if (sha256(out.page.body).hex() != string_of(head, {"sha256"})) return std::nullopt;
    return out;
}

Status WebPages::keep(const std::string& url, const Kept& kept) const {
    const nlohmann::json head{{"url", url},           {"address", kept.page.address},
                              {"type", kept.page.media_type},
                              {"charset", kept.page.charset}, {"etag", kept.etag},
                              {"modified", kept.last_modified},
                              {"sha256", sha256(kept.page.body).hex()}};
    COLPORT_TRY(make_directory(folder_, 0700));
    return write_file(path_of(url),
                      head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n" +
                          kept.page.body,
                      0600);
}

Result<FetchAnswer> WebPages::ask(const FetchRequest& request) {
    if (!has_time()) return Error{Errc::network, "not fetched: there is no time for it now"};
    const auto host = host_name(request.url);
    auto& waited = waited_[host];
    if (waited >= patience_)
        return Error{Errc::network, fmt::format("not fetched: {} does not answer", host)};
    const auto begin = std::chrono::steady_clock::now();
    auto answer = fetch_(request);
    if (answer || answer.error().code != Errc::network) waited = {};
    else waited += std::chrono::steady_clock::now() - begin;
    return answer;
}

Result<WebPage> WebPages::fetch(const std::string& url, std::size_t limit,
                                std::optional<Kept> kept) {
    if (!fetch_) {
        if (kept) return std::move(kept->page);
        return Error{Errc::not_found, "not fetched: no network is to be used"};
    }
    if (const auto known = failed_.find(url); known != failed_.end()) return known->second;
    auto page = follow(url, limit, std::move(kept));
    if (!page && page.error().code != Errc::denied) failed_.emplace(url, page.error());
    return page;
}

Result<WebPage> WebPages::follow(const std::string& url, std::size_t limit,
                                 std::optional<Kept> kept) {
    FetchRequest request{url, {}, {}, limit};
    if (kept) {
        request.etag = kept->etag;
        request.last_modified = kept->last_modified;
    }
    for (int redirects = 0;; ++redirects) {
        if (!is_allowed(request.url))
            return Error{Errc::denied,
                         fmt::format("{} is not the newsroom's own", host_name(request.url)),
                         "allow it with --from " + host_name(request.url)};
        auto answer = COLPORT_TRY(ask(request));
        if (answer.unchanged && kept) {
            touch(path_of(url));
            return std::move(kept->page);
        }
        if (answer.moved_to.empty()) {
            Kept fresh{{request.url, std::move(answer.body), answer.media_type, answer.charset,
                        false},
                       answer.etag,
                       answer.last_modified};
            fresh.page.unchanged = kept && kept->page.body == fresh.page.body;
            COLPORT_TRY(keep(url, fresh));
            return std::move(fresh.page);
        }
        if (redirects == max_redirects)
            return Error{Errc::not_found, "redirected more than five times"};
        request.url = resolve_web_address(answer.moved_to, request.url);
        if (request.url.empty()) return Error{Errc::not_found, "redirected to no web address"};
    }
}

Result<WebPage> WebPages::get(const std::string& url, std::size_t limit) {
    return fetch(url, limit, load(url, limit));
}

Result<WebPage> WebPages::get_in_turn(const std::string& url, std::size_t limit) {
    auto kept = load(url, limit);
    const auto age = kept && has_time_ ? age_of(path_of(url)) : std::nullopt;
    if (age && ((age->count() >= 0 && *age < has_its_turn_after) || !has_time()))
        return std::move(kept->page);
    return fetch(url, limit, std::move(kept));
}

Result<WebPage> WebPages::get_picture(const std::string& url, std::size_t limit) {
    auto kept = load(url, limit);
    const auto age = age_of(path_of(url));
    if (kept && age && age->count() >= 0 && *age < ask_again_after) return std::move(kept->page);
    auto page = fetch(url, limit, kept);
    if (page) {
        std::error_code ignored;
        fs::remove(mark_of(url), ignored);
        return page;
    }
    // Taken down: what was kept must not stand in for it when the network fails.
    if (page.error().code == Errc::not_found) forget(url);
    // One that may not be had today may be tomorrow.
    if (kept && page.error().code == Errc::denied) return std::move(kept->page);
    if (page.error().code != Errc::network) return page;
    if (kept) {
        if (has_time()) touch(path_of(url));
        return std::move(kept->page);
    }
    std::error_code ignored;
    const auto marked = age_of(mark_of(url));
    if (has_time() && (!marked || marked->count() < 0))
        if (make_directory(folder_, 0700)) static_cast<void>(write_file(mark_of(url), "", 0600).ok());
    return page;
}

bool WebPages::is_given_up(const std::string& url) const {
    const auto age = age_of(mark_of(url));
    return age && *age > give_up_after;
}

void WebPages::forget(const std::string& url) const {
    std::error_code ignored;
    fs::remove(path_of(url), ignored);
}

void WebPages::sweep() const {
    std::error_code failed;
    for (fs::directory_iterator entry(folder_, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        std::error_code ignored;
        const auto used = fs::last_write_time(entry->path(), ignored);
        if (!ignored && used + kept_for < fs::file_time_type::clock::now())
            fs::remove(entry->path(), ignored);
    }
}

}  // namespace colport
