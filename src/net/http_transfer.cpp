#include "net/http_transfer.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "net/address_ranges.h"
#include "net/http_problem.h"
#include "net/http_validators.h"

namespace colport {
namespace {

using std::chrono::seconds;

constexpr long connect_seconds = 20;
constexpr long slow_bytes_per_second = 50;
constexpr long slow_seconds = 30;
// Slow headers pass for progress: the body must have begun by then.
constexpr auto head_time = seconds(60);
// All headers of an answer, interim answers and trailers included. A line that
// does not end is curl's: 100 KiB over HTTP/1, 128 KiB over HTTP/2.
constexpr std::size_t most_header_bytes = 64 * 1024;
constexpr const char* endless_headers = "sends headers without end";
// The page of an error is read to its end, up to this, to keep the connection.
constexpr std::size_t most_refused_bytes = 16 * 1024;
constexpr std::size_t most_tag_bytes = 512;
// DNS allows no more; to longer ones SOCKS has no byte for the length.
constexpr std::size_t most_host_bytes = 253;

// Under a download limit. Less would pass for a slow server.
constexpr std::int64_t least_download_limit = 1024;
constexpr double burst_seconds = 0.25;
constexpr std::int64_t least_buffer = 1024;
constexpr std::int64_t most_buffer = 16 * 1024;

const std::string& user_agent() {
    // The most common client of its kind: Colport is not to stand out.
    static const std::string out =
        fmt::format("curl/{}", curl_version_info(CURLVERSION_NOW)->version);
    return out;
}

/// Fit for a header of ours, although a stranger wrote it.
bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= most_tag_bytes &&
           std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
           });
}

struct Part {
    std::uint64_t first, last;
};

/// "bytes 0-99/1234"; what follows the slash may be anything.
std::optional<Part> parse_content_range(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    if (!text.starts_with(unit)) return std::nullopt;
    text.remove_prefix(unit.size());
    const char* end = text.data() + text.size();
    Part out{};
    const auto first = std::from_chars(text.data(), end, out.first);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
    const auto last = std::from_chars(first.ptr + 1, end, out.last);
    if (last.ec != std::errc{} || last.ptr == end || *last.ptr != '/') return std::nullopt;
    if (out.last < out.first) return std::nullopt;
    return out;
}

std::string range_of(const HttpRequest& request) {
    if (request.length == 0) return fmt::format("{}-", request.first);
    const auto room = std::numeric_limits<std::uint64_t>::max() - request.first;
    return fmt::format("{}-{}", request.first,
                       request.first + std::min(request.length - 1, room));
}

/// Empty when the address has none.
std::string part_of(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return "";
    const std::unique_ptr<char, void (*)(void*)> owner(text, curl_free);
    return text;
}

std::string too_much(std::size_t most) { return fmt::format("sends more than {} bytes", most); }

}  // namespace

Allowance::Allowance(std::int64_t limit) { set(limit); }

void Allowance::set(std::int64_t limit) {
    per_second_ = limit > 0 ? static_cast<double>(std::max(limit, least_download_limit)) : 0;
}

std::chrono::milliseconds Allowance::wait() {
    const double per_second = per_second_;
    if (per_second <= 0) {
        level_ = 0;
        return {};
    }
    const auto now = std::chrono::steady_clock::now();
    const double passed = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    level_ = std::min(burst_seconds * per_second, level_ + passed * per_second);
    if (level_ >= 0) return {};
    return std::chrono::milliseconds(1 + static_cast<int>(-level_ * 1000 / per_second));
}

HttpTransfer::HttpTransfer(HttpRequest request, HttpClient::Done done, Allowance& allowance)
    : request_(std::move(request)), done_(std::move(done)), allowance_(allowance) {}

template <class Value>
void HttpTransfer::set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK) prepared_ = false;
}

std::string HttpTransfer::prepare(const HttpSettings& settings) {
    if (settings.reach == Reach::proxy && !settings.proxy) return "there is no proxy to ask through";
    if (auto problem = read_url(settings.reach); !problem.empty()) return problem;
    easy_.reset(curl_easy_init());
    if (!easy_) return "out of memory";
    set_way(settings);
    set_bounds(settings);
    set_headers();
    set_callbacks();
    return prepared_ ? "" : "this computer's libcurl lacks what is needed";
}

std::string HttpTransfer::read_url(Reach reach) {
    url_.reset(curl_url());
    const auto failed =
        curl_url_set(url_.get(), CURLUPART_URL, request_.url.c_str(), CURLU_DISALLOW_USER);
    if (failed == CURLUE_USER_NOT_ALLOWED)
        return "the address holds a user or password, which no mirror needs";
    const auto scheme = part_of(url_.get(), CURLUPART_SCHEME);
    host_ = part_of(url_.get(), CURLUPART_HOST);
    if (failed != CURLUE_OK || (scheme != "http" && scheme != "https") || host_.empty() ||
        host_.size() > most_host_bytes)
        return "is no web address";
    if (host_.front() == '[') host_ = host_.substr(1, host_.size() - 2);
    if (may_ask(reach, host_)) return "";
    if (reach == Reach::offline) return "not asked: the daemon is offline";
    return "not asked: in mode lan a mirror must be an address of the local network";
}

/// Whom the bytes pass. Each is set, for what is unset curl reads from the
/// environment.
void HttpTransfer::set_way(const HttpSettings& settings) {
    set(CURLOPT_CURLU, url_.get());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOPROXY, "");
    proxied_ = settings.reach == Reach::proxy;
    if (!proxied_) {
        set(CURLOPT_PROXY, "");
        return;
    }
    const auto& proxy = *settings.proxy;
    const bool is_ipv6 = proxy.host.find(':') != std::string::npos;
    const auto host = is_ipv6 ? "[" + proxy.host + "]" : proxy.host;
    // The h: it is the proxy that looks names up.
    set(CURLOPT_PROXY, fmt::format("socks5h://{}:{}", host, proxy.port).c_str());
    set(CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
    if (proxy.user.empty()) return;
    set(CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    set(CURLOPT_PROXYPASSWORD, proxy.password.c_str());
}

void HttpTransfer::set_bounds(const HttpSettings& settings) {
    // A lookup that hangs is left behind instead of waited for.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, slow_bytes_per_second);
    set(CURLOPT_LOW_SPEED_TIME, slow_seconds);
    if (settings.download_limit <= 0) return;
    // curl's own limit lets bursts through of several times the limit. Over
    // HTTP/2 one transfer that pauses holds up those that share its connection.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_BUFFERSIZE, static_cast<long>(std::clamp<std::int64_t>(
                                settings.download_limit / 8, least_buffer, most_buffer)));
}

void HttpTransfer::set_headers() {
    set(CURLOPT_USERAGENT, user_agent().c_str());
    // By hand: CURLOPT_ACCEPT_ENCODING would also unpack what nobody asked for.
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    const auto add = [this](const std::string& line) {
        if (auto* longer = curl_slist_append(headers_.get(), line.c_str())) {
            (void)headers_.release();
            headers_.reset(longer);
        } else {
            prepared_ = false;
        }
    };
    add("Accept-Encoding: identity");
    if (is_tag(request_.etag)) add("If-None-Match: " + request_.etag);
    if (is_tag(request_.last_modified)) add("If-Modified-Since: " + request_.last_modified);
    set(CURLOPT_HTTPHEADER, headers_.get());
    if (wants_part()) set(CURLOPT_RANGE, range_of(request_).c_str());
}

void HttpTransfer::set_callbacks() {
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, reason_.data());
    set(CURLOPT_HEADERFUNCTION, &HttpTransfer::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_XFERINFOFUNCTION, &HttpTransfer::on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
}

std::size_t HttpTransfer::on_header(char*, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    transfer.header_bytes_ += size;
    if (transfer.header_bytes_ <= most_header_bytes) return size;
    transfer.refused_ = endless_headers;
    return 0;
}

std::size_t HttpTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    if (!transfer.head_read_) transfer.read_head();
    if (transfer.allowance_.wait().count() > 0) {
        transfer.paused_ = true;
        return CURL_WRITEFUNC_PAUSE;   // and curl gives the same bytes again
    }
    transfer.allowance_.spend(size);
    return transfer.take({data, size}) ? size : 0;
}

int HttpTransfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    if (transfer.broken_) return 1;
    if (transfer.head_read_ || std::chrono::steady_clock::now() - transfer.started_ < head_time)
        return 0;
    transfer.refused_ = "timed out";
    return 1;
}

bool HttpTransfer::take(std::string_view data) {
    body_bytes_ += data.size();
    if (!refused_.empty()) return body_bytes_ <= most_refused_bytes;
    if (body_bytes_ > most_body_) {
        refused_ = too_much(most_body_);
        return false;
    }
    answer_.body += data;
    return true;
}

std::string HttpTransfer::header(const char* name) const {
    curl_header* found = nullptr;
    if (curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return "";
    // Of an empty header curl 7.88 gives the end of the line.
    const std::string_view value = found->value;
    return std::string(value.substr(0, value.find_first_of("\r\n")));
}

std::string HttpTransfer::location() const {
    const auto given = header("location");
    if (given.empty()) return "";
    const std::unique_ptr<CURLU, Close> target(curl_url_dup(url_.get()));
    if (curl_url_set(target.get(), CURLUPART_URL, given.c_str(), 0) != CURLUE_OK) return given;
    return part_of(target.get(), CURLUPART_URL);
}

bool HttpTransfer::has_condition() const {
    return is_tag(request_.etag) || is_tag(request_.last_modified);
}

void HttpTransfer::read_head() {
    head_read_ = true;
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    refused_ = problem_of_head();
}

std::string HttpTransfer::problem_of_head() {
    if (answer_.status == 304)
        return has_condition() ? "" : "answers that nothing changed, which was not the question";
    if (answer_.status != 200 && answer_.status != 206)
        return problem_of_status(answer_.status, location());
    if (answer_.status == 200 && request_.first > 0) return "does not serve parts of files";
    if (answer_.status == 206)
        if (auto problem = problem_of_part(); !problem.empty()) return problem;
    most_body_ = request_.limit;
    curl_off_t announced = -1;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    const auto least = std::max(static_cast<std::uint64_t>(std::max<curl_off_t>(announced, 0)),
                                part_length_.value_or(0));
    return least > most_body_ ? too_much(most_body_) : "";
}

std::string HttpTransfer::problem_of_part() {
    if (!wants_part()) return "sends a part where the whole was asked for";
    const auto part = parse_content_range(header("content-range"));
    // Fewer bytes than asked for are right where the file ends early.
    if (!part || part->first != request_.first ||
        (request_.length > 0 && part->last - part->first >= request_.length))
        return "sends another part than was asked for";
    part_length_ = part->last - part->first + 1;
    return "";
}

std::string HttpTransfer::problem_of(CURLcode outcome) const {
    // Of memory that curl would give to one line.
    if (outcome == CURLE_OUT_OF_MEMORY) return endless_headers;
    if (outcome != CURLE_OK) {
        long proxy_code = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_PROXY_ERROR, &proxy_code);
        return problem_of_failure({outcome, static_cast<CURLproxycode>(proxy_code), proxied_,
                                   reason_.data()});
    }
    return part_length_ && answer_.body.size() != *part_length_ ? "breaks off" : "";
}

void HttpTransfer::resume() {
    paused_ = false;
    // Bytes refused here do not end the transfer by themselves.
    broken_ = curl_easy_pause(easy_.get(), CURLPAUSE_CONT) != CURLE_OK;
}

void HttpTransfer::finish(CURLcode outcome) {
    if (outcome == CURLE_OK && !head_read_) read_head();
    answer_.bytes = static_cast<std::int64_t>(header_bytes_ + body_bytes_);
    answer_.problem = refused_.empty() ? problem_of(outcome) : refused_;
    if (answer_.problem.empty()) {
        auto validators =
            validators_of(header("etag"), header("last-modified"), header("date"));
        answer_.etag = std::move(validators.etag);
        answer_.last_modified = std::move(validators.last_modified);
    } else {
        answer_.body.clear();
    }
    done_(std::move(answer_));
}

void HttpTransfer::refuse(std::string problem) {
    answer_.problem = std::move(problem);
    done_(std::move(answer_));
}

}  // namespace colport
