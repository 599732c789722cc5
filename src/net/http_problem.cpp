#include "net/http_problem.h"

#include <fmt/format.h>

namespace colport {
namespace {

constexpr std::size_t most_shown = 200;

std::string problem_of_proxy(CURLproxycode code) {
    switch (code) {
        case CURLPX_REPLY_HOST_UNREACHABLE: return "the proxy cannot reach the host";
        case CURLPX_REPLY_NETWORK_UNREACHABLE: return "the proxy cannot reach the network";
        case CURLPX_REPLY_CONNECTION_REFUSED: return "the host refuses the proxy's connection";
        case CURLPX_REPLY_TTL_EXPIRED: return "timed out beyond the proxy";
        case CURLPX_REPLY_NOT_ALLOWED: return "the proxy does not allow it";
        case CURLPX_REPLY_GENERAL_SERVER_FAILURE: return "the proxy cannot connect";
        case CURLPX_USER_REJECTED: return "the proxy refuses the user or password";
        case CURLPX_NO_AUTH: return "the proxy wants a user and password";
        case CURLPX_RECV_CONNECT:
        case CURLPX_RECV_AUTH:
        case CURLPX_RECV_ADDRESS:
        case CURLPX_RECV_REQACK:
        case CURLPX_CLOSED: return "the proxy breaks off";
        default: return "the proxy does not work as a SOCKS5 proxy";
    }
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    return text;
}

}  // namespace

std::string shown(std::string_view text) {
    std::string out(text.substr(0, most_shown));
    for (char& c : out)
        if (c < ' ' || c > '~') c = '?';
    if (text.size() > most_shown) out += "...";
    return out;
}

std::string problem_of_status(int status, std::string_view location) {
    if (status >= 300 && status < 400 && !location.empty())
        return fmt::format("redirects to {}: give that address instead", shown(location));
    switch (status) {
        case 401:
        case 403: return fmt::format("refuses access ({})", status);
        case 404:
        case 410: return fmt::format("is not there ({})", status);
        case 416: return "has no such part (416)";
        case 429:
        case 503: return fmt::format("is overloaded ({})", status);
        default: break;
    }
    if (status >= 500) return fmt::format("is out of order ({})", status);
    return fmt::format("answers with status {}", status);
}

std::string problem_of_failure(const HttpFailure& failure) {
    switch (failure.code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "no such host";
        case CURLE_COULDNT_RESOLVE_PROXY: return "the proxy's host does not exist";
        case CURLE_COULDNT_CONNECT:
            return failure.proxied ? "the proxy does not answer" : "cannot connect";
        case CURLE_PROXY: return problem_of_proxy(failure.proxy_code);
        case CURLE_OPERATION_TIMEDOUT: return "timed out";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "TLS certificate refused: " +
                   shown(without_prefix(failure.reason, "SSL certificate problem: "));
        case CURLE_SSL_CONNECT_ERROR: return "cannot set up TLS: " + shown(failure.reason);
        case CURLE_SSL_CACERT_BADFILE: return "the system's certificates cannot be read";
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY: return "does not speak HTTP";
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM: return "breaks off";
        default: break;
    }
    const std::string_view reason =
        failure.reason.empty() ? curl_easy_strerror(failure.code) : failure.reason;
    return "does not work: " + shown(reason);
}

}  // namespace colport
