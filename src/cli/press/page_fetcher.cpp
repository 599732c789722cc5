#include "cli/press/page_fetcher.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "cli/terminal.h"
#include "net/http_validators.h"
#include "press/formats/text_encoding.h"

namespace colport::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr long connect_seconds = 20;
constexpr long total_seconds = 60;
constexpr curl_off_t longest_wait = 60;
constexpr auto look_up_every = std::chrono::milliseconds(100);

struct FreeCurl {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

struct Body {
    std::string bytes;
    std::size_t limit = 0;
    bool too_large = false;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<Body*>(to);
    if (body.bytes.size() + size * count > body.limit) {
        body.too_large = true;
        return 0;
    }
    body.bytes.append(data, size * count);
    return size * count;
}

int on_progress(void* gives_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<const std::function<bool()>*>(gives_up))() ? 1 : 0;
}

std::string header(CURL* handle, const char* name) {
    curl_header* found = nullptr;
    return curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value
                                                                                    : "";
}

class PageFetcher {
public:
    explicit PageFetcher(const PageFetcherSettings& settings)
        : settings_(settings), handle_(curl_easy_init()) {}

    [[nodiscard]] bool ready() const { return handle_ != nullptr; }

    Result<FetchAnswer> fetch(const FetchRequest& request) {
        auto answer = fetch_once(request);
        if (const auto wait = std::exchange(wait_, 0); wait > 0 && wait <= longest_wait)
            if (sleep_until(Clock::now() + std::chrono::seconds(wait))) answer = fetch_once(request);
        return answer;
    }

private:
    [[nodiscard]] bool gives_up() const { return settings_.gives_up && settings_.gives_up(); }

    /// False when it gave up before.
    [[nodiscard]] bool sleep_until(Clock::time_point end) const {
        while (!gives_up()) {
            const auto left = end - Clock::now();
            if (left <= Clock::duration::zero()) return true;
            std::this_thread::sleep_for(std::min<Clock::duration>(left, look_up_every));
        }
        return false;
    }

    Result<FetchAnswer> fetch_once(const FetchRequest& request) {
        if (!sleep_until(free_at_)) return Error{Errc::network, "broken off"};
        curl_easy_reset(handle_.get());
        Body body;
        body.limit = request.limit;
        char reason[CURL_ERROR_SIZE] = {};
        const auto headers = set_up(request, body, reason);
        const auto result = curl_easy_perform(handle_.get());
        free_at_ = Clock::now() + settings_.pause;
        if (body.too_large)
            return Error{Errc::too_large,
                         fmt::format("larger than {}", human_size(request.limit))};
        if (result == CURLE_ABORTED_BY_CALLBACK) return Error{Errc::network, "broken off"};
        if (result != CURLE_OK)
            return Error{Errc::network,
                         one_line(reason[0] ? reason : curl_easy_strerror(result))};
        return judge(std::move(body));
    }

    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle_.get(), option, value);
    }

    std::unique_ptr<curl_slist, FreeCurl> set_up(const FetchRequest& request, Body& body,
                                                 char* reason) {
        set(CURLOPT_URL, request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
        set(CURLOPT_TIMEOUT, total_seconds);
        set(CURLOPT_ACCEPT_ENCODING, "gzip, br");
        set(CURLOPT_USERAGENT, "colport-press");
        set(CURLOPT_WRITEFUNCTION, &on_body);
        set(CURLOPT_WRITEDATA, static_cast<void*>(&body));
        set(CURLOPT_ERRORBUFFER, reason);
        set(CURLOPT_NOPROXY, "");
        if (settings_.gives_up) {
            set(CURLOPT_NOPROGRESS, 0L);
            set(CURLOPT_XFERINFOFUNCTION, &on_progress);
            set(CURLOPT_XFERINFODATA, static_cast<void*>(&settings_.gives_up));
        }
        set_proxy();
        std::unique_ptr<curl_slist, FreeCurl> headers;
        const auto add = [&](const std::string& line) {
            headers.reset(curl_slist_append(headers.release(), line.c_str()));
        };
        if (!request.etag.empty()) add("If-None-Match: " + request.etag);
        if (!request.last_modified.empty()) add("If-Modified-Since: " + request.last_modified);
        set(CURLOPT_HTTPHEADER, headers.get());
        return headers;
    }

    void set_proxy() {
        if (!settings_.proxy) return set(CURLOPT_PROXY, "");
        const auto& proxy = *settings_.proxy;
        const auto host =
            proxy.host.find(':') == proxy.host.npos ? proxy.host : "[" + proxy.host + "]";
        set(CURLOPT_PROXY, fmt::format("socks5h://{}:{}", host, proxy.port).c_str());
        if (proxy.user.empty()) return;
        set(CURLOPT_PROXYUSERNAME, proxy.user.c_str());
        set(CURLOPT_PROXYPASSWORD, proxy.password.c_str());
    }

    Result<FetchAnswer> judge(Body body) {
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        FetchAnswer out;
        if (status == 304) {
            out.unchanged = true;
            return out;
        }
        char* target = nullptr;
        curl_easy_getinfo(handle_.get(), CURLINFO_REDIRECT_URL, &target);
        if (status >= 300 && status < 400 && target) {
            out.moved_to = target;
            return out;
        }
        if (status == 429 || status >= 500) {
            curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &wait_);
            return Error{Errc::network, fmt::format("the server says {}", status)};
        }
        if (status != 200)
            return Error{status == 404 || status == 410 ? Errc::not_found : Errc::denied,
                         fmt::format("the server says {}", status)};
        out.body = std::move(body.bytes);
        auto validators =
            validators_of(header(handle_.get(), "ETag"), header(handle_.get(), "Last-Modified"),
                          header(handle_.get(), "Date"));
        out.etag = std::move(validators.etag);
        out.last_modified = std::move(validators.last_modified);
        out.media_type = header(handle_.get(), "Content-Type");
        out.charset = charset_of_type(out.media_type);
        out.media_type = out.media_type.substr(0, out.media_type.find(';'));
        std::transform(out.media_type.begin(), out.media_type.end(), out.media_type.begin(),
                       [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
        return out;
    }

    PageFetcherSettings settings_;
    std::unique_ptr<CURL, FreeCurl> handle_;
    Clock::time_point free_at_{};
    curl_off_t wait_ = 0;
};

}  // namespace

Result<FetchPage> make_page_fetcher(const PageFetcherSettings& settings) {
    const auto fetcher = std::make_shared<PageFetcher>(settings);
    if (!fetcher->ready()) return Error{Errc::network, "libcurl cannot be set up"};
    return FetchPage([fetcher](const FetchRequest& request) { return fetcher->fetch(request); });
}

}  // namespace colport::cli
