#include "net/http_validators.h"

#include <curl/curl.h>

#include <utility>

namespace colport {

HttpValidators validators_of(std::string etag, std::string last_modified,
                             const std::string& date) {
    const auto changed = curl_getdate(last_modified.c_str(), nullptr);
    const auto sent = curl_getdate(date.c_str(), nullptr);
    if (changed >= 0 && sent >= 0 && sent - changed < 1) return {};
    return {std::move(etag), std::move(last_modified)};
}

}  // namespace colport
