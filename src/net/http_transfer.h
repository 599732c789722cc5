#pragma once

#include <atomic>
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_client.h"

/// Private to this floor: one request of the HTTP client on its way. All belongs
/// to the client's thread, except that any may construct.
namespace colport {

/// What all transfers may still receive under the download limit. One chunk may
/// put it into debt; the next waits until that is paid.
class Allowance {
public:
    /// In bytes a second; 0: without limit.
    explicit Allowance(std::int64_t limit);
    void set(std::int64_t limit);                     ///< any thread

    [[nodiscard]] std::chrono::milliseconds wait();   ///< until spend() is allowed
    void spend(std::size_t bytes) { level_ -= static_cast<double>(bytes); }

private:
    std::atomic<double> per_second_;
    double level_ = 0;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

class HttpTransfer {
public:
    HttpTransfer(HttpRequest request, HttpClient::Done done, Allowance& allowance);
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;
    ~HttpTransfer() = default;

    /// Makes it ready to start. Nothing is sent. Gives why it must not or cannot
    /// start, or nothing.
    std::string prepare(const HttpSettings& settings);

    /// After prepare() gave nothing.
    [[nodiscard]] const std::string& host() const { return host_; }
    CURL* handle() { return easy_.get(); }
    /// Takes what it had to leave while the allowance was in debt.
    void resume();
    [[nodiscard]] bool is_paused() const { return paused_; }
    void start_clock() { started_ = std::chrono::steady_clock::now(); }

    /// Gives the owner the answer. Last call.
    void finish(CURLcode outcome);
    void refuse(std::string problem);

private:
    template <class Value>
    void set(CURLoption option, Value value);
    std::string read_url(Reach reach);
    void set_bounds(const HttpSettings& settings);
    void set_way(const HttpSettings& settings);
    void set_headers();
    void set_callbacks();

    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    bool take(std::string_view data);

    [[nodiscard]] std::string header(const char* name) const;
    [[nodiscard]] std::string location() const;
    [[nodiscard]] bool has_condition() const;
    [[nodiscard]] bool wants_part() const { return request_.first > 0 || request_.length > 0; }
    void read_head();
    [[nodiscard]] std::string problem_of_head();
    [[nodiscard]] std::string problem_of_part();
    [[nodiscard]] std::string problem_of(CURLcode outcome) const;

    struct Close {
        void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
        void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
        void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    };
    HttpRequest request_;
    HttpClient::Done done_;
    Allowance& allowance_;
    HttpAnswer answer_;
    std::string host_;
    bool prepared_ = true;
    bool proxied_ = false;

    std::chrono::steady_clock::time_point started_;
    bool head_read_ = false;
    bool paused_ = false;
    bool broken_ = false;
    std::string refused_;              ///< why the answer is of no use, known before its end
    std::size_t header_bytes_ = 0;
    std::size_t body_bytes_ = 0;
    std::size_t most_body_ = 0;
    std::optional<std::uint64_t> part_length_;  ///< as Content-Range has it

    std::array<char, CURL_ERROR_SIZE> reason_{};
    // The handle uses the two others: it goes first.
    std::unique_ptr<CURLU, Close> url_;
    std::unique_ptr<curl_slist, Close> headers_;
    std::unique_ptr<CURL, Close> easy_;
};

}  // namespace colport
