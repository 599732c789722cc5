#pragma once

#include <map>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// A web server's answer as a crawler stored it.
struct HttpMessage {
    int status = 0;
    std::map<std::string, std::string> fields;   ///< by name in lower case, the last of each
    std::string body;                            ///< chunks joined, content encoding removed

    [[nodiscard]] std::string field(const std::string& name) const {
        const auto at = fields.find(name);
        return at == fields.end() ? std::string() : at->second;
    }
    /// `text/html` of `Text/HTML; charset=utf-8`.
    [[nodiscard]] std::string media_type() const;
};

/// Errors: corrupt, too_large (a body over `limit`), unsupported (an encoding).
Result<HttpMessage> read_http_message(Bytes message, std::size_t limit);

/// The status and the fields alone, of a message that may be cut off behind them.
/// Errors: corrupt.
Result<HttpMessage> read_http_head(Bytes message);

}  // namespace colport
