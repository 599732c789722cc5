#include "web/reply.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace colport::web {
namespace {

// Nothing is loaded from anywhere else, nothing that is not a file of ours runs or
// makes markup, nobody frames the page.
constexpr const char* content_policy =
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

constexpr std::pair<const char*, const char*> security_headers[] = {
    {"Content-Security-Policy", content_policy},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-DNS-Prefetch-Control", "off"},
    {"X-Frame-Options", "DENY"},
    {"Cache-Control", "no-store"},
};

}  // namespace

Response html_reply(int status, std::string body) {
    return {status, "text/html; charset=utf-8", std::move(body), {}};
}

Response text_reply(int status, std::string body) {
    return {status, "text/plain; charset=utf-8", std::move(body), {}};
}

Response json_reply(int status, const nlohmann::json& body) {
    // Paths on disk need not be UTF-8; they must not cost an exception.
    return {status, "application/json",
            body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n", {}};
}

Response json_error(const Error& error) {
    return json_error(status_of(error.code), code_of(error.code), error.message, error.hint);
}

Response json_error(int status, std::string_view code, std::string message, std::string hint) {
    return json_reply(status, {{"error",
                                {{"code", code},
                                 {"message", std::move(message)},
                                 {"hint", std::move(hint)}}}});
}

std::string_view code_of(Errc code) {
    switch (code) {
        case Errc::corrupt: return "corrupt";
        case Errc::forged: return "forged";
        case Errc::stale: return "stale";
        case Errc::early: return "early";
        case Errc::forked: return "forked";
        case Errc::too_large: return "too_large";
        case Errc::unsupported: return "unsupported";
        case Errc::not_found: return "not_found";
        case Errc::exists: return "exists";
        case Errc::locked: return "locked";
        case Errc::denied: return "denied";
        case Errc::io: return "io";
        case Errc::network: return "network";
        case Errc::invalid: return "invalid";
    }
    return "io";
}

int status_of(Errc code) {
    switch (code) {
        case Errc::invalid: return 400;
        case Errc::denied: return 403;
        case Errc::not_found: return 404;
        case Errc::exists:
        case Errc::stale:
        case Errc::early:
        case Errc::forked: return 409;
        case Errc::too_large: return 413;
        case Errc::unsupported: return 501;
        case Errc::locked:
        case Errc::network: return 503;
        case Errc::corrupt:
        case Errc::forged:
        case Errc::io: return 500;
    }
    return 500;
}

Error bad_parameter(std::string_view name, std::string_view wanted) {
    return {Errc::invalid, fmt::format("parameter {}: {}", name, wanted)};
}

void add_security_headers(Response& response) {
    for (const auto& [name, value] : security_headers) response.headers.emplace(name, value);
}

}  // namespace colport::web
