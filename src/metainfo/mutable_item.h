#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// A BEP 44 mutable item. `signature` covers salt, seq and value.
struct MutableItem {
    PublicKey key;
    std::string salt;              ///< at most 64 bytes
    std::uint64_t seq = 0;
    Signature signature;
    std::string value;             ///< bencoded, at most limits::head_value bytes
    bool operator==(const MutableItem&) const = default;
};

/// Does the signature hold, and is nothing over its limit? `value` stays unread.
[[nodiscard]] bool verify(const MutableItem& item);

}  // namespace colport

/// The values of a feed's items: its head, with the "ih" key of BEP 46, and its
/// keyring.
namespace colport::mutable_item {

/// What the signature of an item covers. Precondition: salt of at most 64 bytes.
std::string signed_buffer(Bytes salt, std::uint64_t seq, Bytes value);

/// The value "v" of the item that is a feed's head.
struct Value {
    std::string head;     ///< a pb::Head
    InfoHash info_hash;
};

std::string encode(const Value& value);

/// Accepts exactly what encode() writes. Errors: corrupt, too_large.
Result<Value> parse(Bytes value);

/// The value of the item that carries a keyring: `keyring` is a pb::SignedKeyring.
std::string encode_keyring(Bytes keyring);

/// Accepts exactly what encode_keyring() writes. Errors: corrupt, too_large.
Result<std::string> parse_keyring(Bytes value);

}  // namespace colport::mutable_item
