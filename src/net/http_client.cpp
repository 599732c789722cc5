#include "net/http_client.h"

#include <curl/curl.h>

#include <atomic>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>

#include "core/result.h"
#include "net/http_transfer.h"

namespace colport {
namespace {

constexpr std::size_t most_running = 8;
constexpr std::size_t most_running_per_host = 2;
constexpr auto longest_sleep = std::chrono::milliseconds(60'000);

CURLM* new_multi() {
    // For the process, and for good: others may use curl after this client is gone.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    COLPORT_ASSERT(ready == CURLE_OK);
    CURLM* out = curl_multi_init();
    COLPORT_ASSERT(out != nullptr);
    // Idle ones included.
    curl_multi_setopt(out, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(most_running));
    curl_multi_setopt(out, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(most_running_per_host));
    curl_multi_setopt(out, CURLMOPT_MAXCONNECTS, static_cast<long>(most_running));
    return out;
}

}  // namespace

/// The thread and what it works on. Requests arrive in `arrived_` under the
/// mutex; all else belongs to the thread.
class HttpClient::Loop {
public:
    explicit Loop(HttpSettings settings)
        : settings_(std::move(settings)),
          allowance_(settings_.download_limit),
          multi_(new_multi()),
          thread_([this] { run(); }) {}

    ~Loop() {
        stopping_ = true;
        curl_multi_wakeup(multi_.get());
        thread_.join();
    }

    void add(HttpRequest request, Done done) {
        auto transfer = std::make_unique<HttpTransfer>(std::move(request), std::move(done),
                                                       allowance_);
        {
            const std::lock_guard lock(mutex_);
            arrived_.push_back(std::move(transfer));
        }
        curl_multi_wakeup(multi_.get());
    }

    void set_limit(std::int64_t limit) {
        allowance_.set(limit);
        curl_multi_wakeup(multi_.get());
    }

private:
    using Transfer = std::unique_ptr<HttpTransfer>;
    struct Close {
        void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
    };

    void run() {
        block_broken_pipes();
        while (!stopping_) {
            receive();
            start_some();
            resume_paused();
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            if (finish_some()) continue;
            curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(sleep_time().count()),
                            nullptr);
        }
        for (const auto& transfer : running_)
            curl_multi_remove_handle(multi_.get(), transfer->handle());
        running_.clear();
    }

    /// TLS writes to sockets without asking for silence.
    static void block_broken_pipes() {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    }

    void receive() {
        std::deque<Transfer> arrived;
        {
            const std::lock_guard lock(mutex_);
            arrived.swap(arrived_);
        }
        for (auto& transfer : arrived) {
            if (stopping_) return;
            auto problem = transfer->prepare(settings_);
            if (problem.empty()) waiting_.push_back(std::move(transfer));
            else transfer->refuse(std::move(problem));
        }
    }

    /// Ours to decide, not curl's, so that the clock of a request starts with it.
    void start_some() {
        for (auto at = waiting_.begin(); at != waiting_.end() && running_.size() < most_running;) {
            if (running_at((*at)->host()) >= most_running_per_host) {
                ++at;
                continue;
            }
            (*at)->start_clock();
            curl_multi_add_handle(multi_.get(), (*at)->handle());
            running_.push_back(std::move(*at));
            at = waiting_.erase(at);
        }
    }

    [[nodiscard]] std::size_t running_at(const std::string& host) const {
        return static_cast<std::size_t>(
            std::count_if(running_.begin(), running_.end(),
                          [&](const Transfer& other) { return other->host() == host; }));
    }

    [[nodiscard]] bool any_paused() const {
        return std::any_of(running_.begin(), running_.end(),
                           [](const Transfer& one) { return one->is_paused(); });
    }

    void resume_paused() {
        if (!any_paused() || allowance_.wait().count() > 0) return;
        // Another one first each time: there may be enough for one alone.
        std::rotate(running_.begin(), running_.begin() + 1, running_.end());
        for (const auto& transfer : running_)
            if (transfer->is_paused()) transfer->resume();
    }

    std::chrono::milliseconds sleep_time() {
        return any_paused() ? std::min(allowance_.wait(), longest_sleep) : longest_sleep;
    }

    bool finish_some() {
        bool any = false;
        int left = 0;
        while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            finish(message->easy_handle, message->data.result);
            any = true;
        }
        return any;
    }

    void finish(CURL* handle, CURLcode outcome) {
        curl_multi_remove_handle(multi_.get(), handle);
        const auto found = std::find_if(running_.begin(), running_.end(),
                                        [&](const Transfer& one) { return one->handle() == handle; });
        const auto transfer = std::move(*found);
        running_.erase(found);
        if (!stopping_) transfer->finish(outcome);
    }

    const HttpSettings settings_;
    Allowance allowance_;
    std::atomic<bool> stopping_ = false;
    std::unique_ptr<CURLM, Close> multi_;
    std::mutex mutex_;
    std::deque<Transfer> arrived_;
    std::deque<Transfer> waiting_;
    std::vector<Transfer> running_;
    std::thread thread_;
};

HttpClient::HttpClient(HttpSettings settings)
    : loop_(std::make_unique<Loop>(std::move(settings))) {}

HttpClient::~HttpClient() = default;

void HttpClient::get(HttpRequest request, Done done) {
    loop_->add(std::move(request), std::move(done));
}

void HttpClient::set_download_limit(std::int64_t limit) { loop_->set_limit(limit); }

}  // namespace colport
