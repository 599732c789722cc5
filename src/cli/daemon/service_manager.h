#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What a service manager is told, in the protocol of systemd (sd_notify(3)).
namespace colport::cli {

class ServiceManager {
public:
    /// From NOTIFY_SOCKET and WATCHDOG_USEC, which children then do not inherit. Nobody
    /// to tell is no error.
    static ServiceManager from_environment();

    /// Lines such as "READY=1\nSTATUS=…". Does not wait; a message that is lost is.
    void tell(std::string_view message) const;
    /// Tells that it is alive at least as often; 0: nobody watches.
    [[nodiscard]] std::int64_t watchdog_milliseconds() const noexcept { return watchdog_; }

private:
    std::string socket_;
    std::int64_t watchdog_ = 0;
};

}  // namespace colport::cli
