#pragma once

#include <string>
#include <string_view>

namespace colport {

/// `reference` as an absolute http, https or mailto address, resolved against
/// `base`, which may be empty. Empty for everything else: other schemes, what
/// cannot be resolved, addresses within the page (`#…`), over 4,096 bytes.
std::string resolve_link(std::string_view reference, const std::string& base);

/// The same for http and https alone.
std::string resolve_web_address(std::string_view reference, const std::string& base);

/// `gazette.example` of `https://www.gazette.example/a`.
std::string host_of(const std::string& url);

/// An address as a name: without scheme, `www.`, fragment, trailing slash and the
/// parameters by which clicks are counted. Empty for what is no address.
std::string address_key(const std::string& url);

}  // namespace colport
