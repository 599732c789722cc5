#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/proxy.h"
#include "net/swarm.h"

/// Reads files from web servers, which are mirrors of feeds: strangers.
namespace colport {

struct HttpSettings {
    Reach reach = Reach::open;
    std::optional<Proxy> proxy;          ///< used with Reach::proxy, and then alone
    std::int64_t download_limit = 0;     ///< bytes a second, at least 1,024; 0: none
};

struct HttpRequest {
    std::string url;                     ///< http or https, without user and password
    /// As an earlier answer gave them: makes the request conditional.
    std::string etag, last_modified;
    std::uint64_t first = 0;             ///< first byte wanted
    std::uint64_t length = 0;            ///< bytes wanted from there; 0: all
    std::size_t limit = 0;               ///< most bytes of body taken; more is an error
};

struct HttpAnswer {
    int status = 0;                      ///< 0 when there was no answer
    std::string body;                    ///< empty when there is a problem
    std::string etag, last_modified;
    /// Why there is no use in it, for a person ("timed out"); empty: it is good,
    /// which only 200, 206 and 304 are. May quote the server, in printable ASCII.
    std::string problem;
    std::int64_t bytes = 0;              ///< received, headers included
};

/// Owns one thread, on which at most 8 requests run at once, 2 of them to one
/// host, over connections that are kept; the others wait their turn. Gives up on
/// who is not connected within 20 s, has sent no body within 60 s, or is slower
/// than 50 bytes a second for 30 s. Follows no redirects, keeps no cookies, uses
/// no proxy of the environment, asks for nothing compressed. Certificates are
/// checked against the system's. What `reach` forbids gets its answer without a
/// byte sent, name lookups included; with a proxy the proxy looks names up.
class HttpClient {
public:
    /// Called once, on the client's thread: copy, enqueue, return. May call get();
    /// must not destroy the client.
    using Done = std::function<void(HttpAnswer)>;

    explicit HttpClient(HttpSettings settings);
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    /// Abandons what is under way and calls nothing afterwards. Returns within a
    /// second.
    ~HttpClient();

    /// Any thread; does not block.
    void get(HttpRequest request, Done done);
    /// As HttpSettings::download_limit, from now on. Any thread.
    void set_download_limit(std::int64_t limit);

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace colport
