#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// TCP servers on loopback that say what a test tells them to, byte by byte.
namespace colport::support {

/// One accepted connection, on a thread of its own. Reads end early and writes
/// fail when the other side or the server's owner goes away.
class ServedConnection {
public:
    /// Everything up to the empty line; empty when none came. Recorded.
    std::string read_request();
    std::string read(std::size_t size);
    bool send(const std::string& bytes);
    /// Says nothing more until the other side has gone.
    void hang();
    /// Sends `piece` until the other side has gone; gives the bytes sent.
    std::size_t send_endlessly(const std::string& piece);

private:
    friend class ScriptedServer;
    ServedConnection(class ScriptedServer& server, int descriptor)
        : server_(server), descriptor_(descriptor) {}
    ScriptedServer& server_;
    int descriptor_;
    std::string unread_;
};

class ScriptedServer {
public:
    /// Speaks on each connection; what it leaves is closed. Any thread.
    using Script = std::function<void(ServedConnection&)>;

    explicit ScriptedServer(Script script, const std::string& address = "127.0.0.1");
    ScriptedServer(const ScriptedServer&) = delete;
    ~ScriptedServer();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url(const std::string& path = "/") const;
    [[nodiscard]] int connections() const { return accepted_; }
    std::vector<std::string> requests();

private:
    friend class ServedConnection;
    void accept_all();
    void serve(int descriptor);

    const Script script_;
    const std::string address_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<int> accepted_ = 0;
    std::mutex mutex_;
    bool closing_ = false;
    std::vector<int> descriptors_;
    std::vector<std::string> requests_;
    std::list<std::thread> threads_;
    std::thread acceptor_;
};

/// Answers every request on a connection with the same bytes.
ScriptedServer::Script always(const std::string& answer);

/// "HTTP/1.1 STATUS", `headers` of which each ends its line, a length, `body`.
std::string http_answer(const std::string& status, const std::string& headers = "",
                        const std::string& body = "");

}  // namespace colport::support
