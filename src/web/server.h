#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "web/web.h"

/// libmicrohttpd around Site. Requests are answered on a few threads of its own,
/// each with its own Site.
namespace colport::web {

struct ServerSettings {
    std::string listen;      ///< "IP:PORT", loopback unless the user asked otherwise, port 0: any;
                             ///< or "unix:PATH", the only one for Origin::control
    Origin origin = Origin::page;
    std::filesystem::path archive;
    std::string password;    ///< asked for by the browser, with any name; empty: none
    std::function<void()> purge;  ///< begins to erase all data, without waiting; or empty
};

class Server {
public:
    /// Errors: invalid (address), exists (port in use), denied, io.
    static Result<std::unique_ptr<Server>> start(const ServerSettings& settings, Peer* peer,
                                                 Clock clock);
    /// Stops listening, answers what is under way, removes a Unix socket.
    ~Server();
    /// Lets go of the archive and of `peer` for good, which is done when this returns:
    /// from then on every address is the harmless page.
    void close();
    /// "http://127.0.0.1:PORT/" or "unix:PATH", with the port as bound.
    [[nodiscard]] const std::string& address() const noexcept { return address_; }

private:
    struct State;
    Server(std::unique_ptr<State> state, std::string address);
    std::unique_ptr<State> state_;
    std::string address_;
};

}  // namespace colport::web
