#pragma once

#include <string>

namespace colport {

/// What makes the next request for the same thing conditional (RFC 9110 section 8.8).
struct HttpValidators {
    std::string etag, last_modified;
};

/// Of an answer's headers ETag, Last-Modified and Date. None when the thing was
/// changed in the very second it was sent: it may change again within that second,
/// and neither its time nor a tag that servers make of its time would tell.
HttpValidators validators_of(std::string etag, std::string last_modified, const std::string& date);

}  // namespace colport
