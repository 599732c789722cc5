#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace colport {

/// A SOCKS5 proxy (RFC 1928), with user and password where it wants them (RFC 1929).
struct Proxy {
    std::string host;               ///< name or address; IPv6 without brackets
    std::uint16_t port = 0;
    std::string user, password;     ///< at most 255 bytes each; no user: none are sent
    bool operator==(const Proxy&) const = default;
};

/// Reads "socks5://[USER[:PASSWORD]@]HOST:PORT", socks5h:// alike, or "HOST:PORT";
/// IPv6 in brackets. User and password are percent-decoded. Errors: invalid;
/// they never repeat the text, which may hold a password.
Result<Proxy> parse_proxy(std::string_view text);

/// Without the password: to be shown and logged.
std::string to_string(const Proxy& proxy);

}  // namespace colport
