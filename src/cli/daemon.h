#pragma once

#include "cli/daemon_options.h"
#include "core/result.h"

/// colportd: the peer and its reading page, until a signal ends it.
namespace colport::cli {

/// Runs until SIGTERM or SIGINT; ready when it has printed the page's address.
/// Errors come before anything on disk has changed, as far as they can be known.
Status run_daemon(const DaemonOptions& options);

/// Would run_daemon() take these options? Touches nothing and binds no port.
/// Errors: those of the options alone.
Status check_options(const DaemonOptions& options);

}  // namespace colport::cli
