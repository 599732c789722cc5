#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

/// Subscription links (SPEC "Link"): a magnet that any client can open and that
/// names the feed's root key (BEP 9, BEP 46).
namespace colport {

struct Link {
    PublicKey feed;
    std::string name;                    ///< a hint for the eye; the keyring decides
    std::vector<std::string> trackers;   ///< tr
    std::vector<std::string> mirrors;    ///< ws: web addresses of the feed directory
    std::vector<std::string> peers;      ///< x.pe: "IP:PORT"
};

std::string to_string(const Link& link);

/// Errors: invalid, too_large. Refuses v2 info-hashes, salts and a door that
/// does not follow from the key.
Result<Link> parse_link(std::string_view text);

/// Is it "IP:PORT", numeric, with IPv6 in brackets?
bool is_endpoint(std::string_view text);

}  // namespace colport
