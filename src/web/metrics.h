#pragma once

#include <string>

#include "web/context.h"
#include "web/web.h"

/// For those who look after a mirror.
namespace colport::web {

/// GET /metrics, in the text format of Prometheus. Feeds are named by their keys;
/// no titles, no addresses.
Response metrics(const Context& context);

/// GET /healthz: 200 while the engine is alive, else 503. A full disk or a feed that
/// is cut off is no reason to be started again.
Response healthz(const Context& context);

/// The page of /metrics.
std::string metrics_of(const PeerStatus& status);

}  // namespace colport::web
