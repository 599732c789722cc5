#include "net/address_ranges.h"

#include <libtorrent/address.hpp>
#include <libtorrent/error_code.hpp>
#include <span>

namespace colport {
namespace {

bool within(std::span<const AddressRange> ranges, const lt::address& address) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) {
        const auto first = lt::make_address(range.first);
        return first.is_v4() == address.is_v4() && first <= address &&
               address <= lt::make_address(range.last);
    });
}

}  // namespace

bool may_ask(Reach reach, const std::string& host) {
    if (reach == Reach::open || reach == Reach::proxy) return true;
    lt::error_code error;
    const auto address = lt::make_address(host, error);
    if (error) return false;
    // An IPv4 address in IPv6 dress (::ffff:192.0.2.1) is in none of the ranges.
    if (within(loopback_ranges, address)) return true;
    return reach == Reach::lan && within(local_ranges, address);
}

}  // namespace colport
