#pragma once

#include <string_view>

#include "web/web.h"

namespace colport::web {

/// True when the Host header names this machine and the port that is listened
/// on. A page elsewhere whose name was rebound to 127.0.0.1 names itself there,
/// so this keeps it from reading along.
bool is_our_host(const Request& request);

/// True for what a page of another site loads or sends behind the reader's
/// back; opening a page by a link is her own doing.
bool is_foreign_request(const Request& request);

/// "IP" and "PORT" of "IP:PORT"; an IPv6 address stands in brackets, which are
/// kept. The port is empty when there is none.
struct HostPort {
    std::string_view host, port;
};
HostPort split_host(std::string_view text);

}  // namespace colport::web
