#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "press/drafts.h"
#include "press/workshop.h"

namespace colport::cli {

/// Turns what a watched source holds now into drafts. Parses in the sandbox. One
/// thread.
class SourceReader {
public:
    /// `proxy` is the only way to the web, or empty. Errors: invalid (the proxy).
    static Result<std::unique_ptr<SourceReader>> start(const std::string& proxy);
    virtual ~SourceReader() = default;

    /// Takes the workshop's lock meanwhile. Errors: locked; network, not_found (try
    /// again later); those of reading the source; io, denied.
    virtual Result<AddReport> read(const Workshop& workshop, const std::string& source,
                                   bool full_text) = 0;
};

}  // namespace colport::cli
