#pragma once

#include <libtorrent/fwd.hpp>
#include <libtorrent/socket.hpp>
#include <optional>
#include <string>

#include "core/result.h"
#include "net/swarm.h"

/// Private to this floor: what the session of libtorrent is told.
namespace colport {

/// "IP:PORT" with IPv6 in brackets; a name is not an address, so nothing is
/// ever looked up.
std::optional<lt::tcp::endpoint> parse_endpoint(const std::string& address);
std::string to_string(const lt::tcp::endpoint& endpoint);

/// Errors: invalid (an address).
Status check(const SwarmSettings& settings);

/// A DHT is for Reach::open alone.
bool has_dht(const SwarmSettings& settings);
/// A DHT that is heard or entered by way of loopback alone is private to this machine.
bool has_private_dht(const SwarmSettings& settings);

/// In bytes a second; 0: none.
void limit_rates(lt::settings_pack& pack, std::int64_t upload, std::int64_t download);

/// Precondition: check() passed.
lt::session_params session_params(const SwarmSettings& settings);

/// Peers with private addresses take their turn as all others do: libtorrent serves
/// them all at once, which a release that only we have does not bear. Blocks until
/// the network thread, which must be running, has done it.
void let_local_peers_wait(lt::session& session);

}  // namespace colport
