#pragma once

#include <string>

#include "net/swarm.h"

/// Private to this floor: which addresses each Reach takes in.
namespace colport {

struct AddressRange {
    const char* first;
    const char* last;
};

inline constexpr AddressRange loopback_ranges[] = {
    {"127.0.0.0", "127.255.255.255"},
    {"::1", "::1"},
};
inline constexpr AddressRange local_ranges[] = {
    {"10.0.0.0", "10.255.255.255"},       // RFC 1918
    {"172.16.0.0", "172.31.255.255"},
    {"192.168.0.0", "192.168.255.255"},
    {"169.254.0.0", "169.254.255.255"},   // link-local, RFC 3927
    {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},  // RFC 4193
};

/// Whether a server at `host` may be asked. For `lan` and `offline` it must be
/// an address, IPv6 without brackets: to look a name up is to ask somebody.
bool may_ask(Reach reach, const std::string& host);

}  // namespace colport
