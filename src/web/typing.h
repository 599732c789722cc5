#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace colport::web {

/// Ends searches for what is still being typed once nobody wants their answers:
/// whoever asked has hung up, or has asked anew.
///
/// libmicrohttpd answers on the thread that would notice a closed connection, so a
/// thread of this watches the sockets of the searches under way. Thread-safe.
class Typing {
    struct Search {
        int descriptor;
        std::string client;
        std::stop_source stop;
    };

public:
    Typing();
    ~Typing();

    /// A search under way; it ends with this, before its socket is closed.
    class Turn {
    public:
        Turn(const Turn&) = delete;
        ~Turn();
        [[nodiscard]] std::stop_token stop() const { return search_->stop.get_token(); }

    private:
        friend class Typing;
        Turn(Typing& typing, std::list<Search>::iterator search)
            : typing_(typing), search_(search) {}
        Typing& typing_;
        std::list<Search>::iterator search_;
    };
    /// Ends the earlier searches of this client. An empty name is nobody's.
    Turn begin(int descriptor, const std::string& client);

private:
    void watch(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any begun_;
    std::list<Search> searches_;  ///< under `mutex_`
    std::jthread thread_;
};

}  // namespace colport::web
