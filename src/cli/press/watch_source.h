#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "press/drafts.h"
#include "press/intake/watch_list.h"
#include "press/workshop.h"

namespace colport::cli {

/// How sources are fetched.
struct SourceReaderSettings {
    std::string proxy;                    ///< the only way to the web; empty: none
    std::chrono::seconds fetch_for{300};  ///< for one source; the rest is for its next look
    std::function<bool()> stops;          ///< asked all the while: true breaks fetching off
};

/// Turns what a watched source holds now into drafts. Parses in the sandbox. One
/// thread.
class SourceReader {
public:
    /// Errors: invalid (the proxy).
    static Result<std::unique_ptr<SourceReader>> start(const SourceReaderSettings& settings);
    virtual ~SourceReader() = default;

    /// Takes the workshop's lock meanwhile, and stops fetching when another command waits
    /// for it. Errors: locked; network, not_found (try again later); those of reading the
    /// source; io, denied.
    virtual Result<AddReport> read(const Workshop& workshop, const WatchedSource& source) = 0;
};

}  // namespace colport::cli
