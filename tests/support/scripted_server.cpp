#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace colport::support {
namespace {

void must(bool condition, const char* what) {
    if (condition) return;
    std::perror(what);
    std::abort();
}

}  // namespace

std::string ServedConnection::read_request() {
    std::size_t end = 0;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
        char buffer[4096];
        const auto got = ::recv(descriptor_, buffer, sizeof buffer, 0);
        if (got <= 0) return "";
        unread_.append(buffer, static_cast<std::size_t>(got));
    }
    auto out = unread_.substr(0, end + 4);
    unread_.erase(0, end + 4);
    const std::lock_guard lock(server_.mutex_);
    server_.requests_.push_back(out);
    return out;
}

std::string ServedConnection::read(std::size_t size) {
    while (unread_.size() < size) {
        char buffer[4096];
        const auto got = ::recv(descriptor_, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        unread_.append(buffer, static_cast<std::size_t>(got));
    }
    const auto out = unread_.substr(0, size);
    unread_.erase(0, size);
    return out;
}

bool ServedConnection::send(const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto now =
            ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (now <= 0) return false;
        sent += static_cast<std::size_t>(now);
    }
    return true;
}

void ServedConnection::hang() {
    while (!read(1).empty()) {
    }
}

std::size_t ServedConnection::send_endlessly(const std::string& piece) {
    std::size_t sent = 0;
    while (send(piece)) sent += piece.size();
    return sent;
}

ScriptedServer::ScriptedServer(Script script, const std::string& address)
    : script_(std::move(script)),
      address_(address),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    must(inet_pton(AF_INET, address.c_str(), &name.sin_addr) == 1, "address");
    socklen_t size = sizeof name;
    auto* generic = reinterpret_cast<sockaddr*>(&name);
    must(::bind(listener_, generic, size) == 0 && ::listen(listener_, 64) == 0 &&
             ::getsockname(listener_, generic, &size) == 0,
         "cannot listen");
    port_ = ntohs(name.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        for (const int descriptor : descriptors_) ::shutdown(descriptor, SHUT_RDWR);
    }
    acceptor_.join();
    for (auto& thread : threads_) thread.join();
    ::close(listener_);
}

std::string ScriptedServer::url(const std::string& path) const {
    return "http://" + address_ + ":" + std::to_string(port_) + path;
}

std::vector<std::string> ScriptedServer::requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void ScriptedServer::accept_all() {
    for (;;) {
        const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (descriptor < 0 || closing_) {
            if (descriptor >= 0) ::close(descriptor);
            return;
        }
        ++accepted_;
        descriptors_.push_back(descriptor);
        threads_.emplace_back([this, descriptor] { serve(descriptor); });
    }
}

void ScriptedServer::serve(int descriptor) {
    ServedConnection connection(*this, descriptor);
    script_(connection);
    const std::lock_guard lock(mutex_);
    std::erase(descriptors_, descriptor);
    ::close(descriptor);
}

ScriptedServer::Script always(const std::string& answer) {
    return [answer](ServedConnection& connection) {
        while (!connection.read_request().empty() && connection.send(answer)) {
        }
    };
}

std::string http_answer(const std::string& status, const std::string& headers,
                        const std::string& body) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace colport::support
