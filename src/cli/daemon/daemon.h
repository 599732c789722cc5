#pragma once

#include <functional>

#include "cli/daemon/daemon_options.h"
#include "core/result.h"

/// colportd: the peer and its reading page, until a signal ends it.
namespace colport::cli {

/// Reads the options anew, for SIGHUP. Errors: invalid.
using ReadOptions = std::function<Result<DaemonOptions>()>;

/// Runs until SIGTERM or SIGINT; ready when it has printed the page's address, of
/// which a service manager is told. Errors come before anything on disk has changed,
/// as far as they can be known.
Status run_daemon(const DaemonOptions& options, const ReadOptions& read_again);

/// Would run_daemon() take these options? Touches nothing and binds no port.
/// Errors: those of the options alone.
Status check_options(const DaemonOptions& options);

}  // namespace colport::cli
