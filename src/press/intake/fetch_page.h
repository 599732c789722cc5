#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/result.h"

namespace colport {

struct FetchRequest {
    std::string url;                   ///< http or https
    std::string etag, last_modified;   ///< of an earlier answer: make the request conditional
    std::size_t limit = 0;             ///< most bytes of body, unpacked; more is an error
};

struct FetchAnswer {
    bool unchanged = false;            ///< since the earlier answer; then there is no body
    std::string moved_to;              ///< address of a redirect; then there is no body
    std::string body;
    std::string media_type;            ///< `text/html`, in lower case
    std::string etag, last_modified;
    std::string charset;               ///< as the server has it, in lower case; may be empty
};

/// How the press reads the web, which it does not know: given to it by the command,
/// which does. Blocks until the answer is there. Errors: network (try again later),
/// not_found (the server says that it is gone, or was never there), denied (another no),
/// too_large.
using FetchPage = std::function<Result<FetchAnswer>(const FetchRequest&)>;

}  // namespace colport
