#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

/// Private to this floor: what went wrong with a web server, for a person.
namespace colport {

/// What a stranger wrote, made fit to show: short, printable ASCII.
std::string shown(std::string_view text);

/// For a status that is no use. `location`: where it redirects to, or empty.
std::string problem_of_status(int status, std::string_view location);

struct HttpFailure {
    CURLcode code;
    CURLproxycode proxy_code;
    bool proxied;
    std::string_view reason;   ///< curl's own words
};
std::string problem_of_failure(const HttpFailure& failure);

}  // namespace colport
