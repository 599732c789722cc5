#include "metainfo/mutable_item.h"

#include <fmt/format.h>

#include <libtorrent/bencode.hpp>
#include <libtorrent/entry.hpp>

#include "core/crypto.h"
#include "core/limits.h"
#include "metainfo/bdecode.h"

namespace colport {

bool verify(const MutableItem& item) {
    return item.salt.size() <= limits::item_salt && item.seq <= INT64_MAX &&
           item.value.size() <= limits::head_value &&
           verify(item.key, mutable_item::signed_buffer(item.salt, item.seq, item.value),
                  item.signature);
}

}  // namespace colport

namespace colport::mutable_item {

std::string signed_buffer(Bytes salt, std::uint64_t seq, Bytes value) {
    COLPORT_ASSERT(salt.size() <= limits::item_salt);
    return fmt::format("4:salt{}:{}3:seqi{}e1:v{}", salt.size(), salt, seq, value);
}

std::string encode(const Value& value) {
    lt::entry out;
    out["h"] = value.head;
    out["ih"] = value.info_hash.str();
    std::string bytes;
    lt::bencode(std::back_inserter(bytes), out);
    return bytes;
}

Result<Value> parse(Bytes value) {
    if (value.size() > limits::head_value)
        return Error{Errc::too_large, "head is over 1,000 bytes"};
    const Error corrupt{Errc::corrupt, "damaged head"};
    const auto root = bdecode_dict(value, 4, 16);
    if (root.type() == lt::bdecode_node::none_t) return corrupt;
    const auto hash = InfoHash::from(string_in(root, "ih"));
    if (!hash) return corrupt;
    Value out{string_in(root, "h"), *hash};
    if (encode(out) != value) return corrupt;
    return out;
}

std::string encode_keyring(Bytes keyring) {
    return fmt::format("d1:k{}:{}e", keyring.size(), keyring);
}

Result<std::string> parse_keyring(Bytes value) {
    if (value.size() > limits::head_value)
        return Error{Errc::too_large, "keyring in the DHT is over 1,000 bytes"};
    const auto root = bdecode_dict(value, 4, 16);
    if (root.type() == lt::bdecode_node::none_t || encode_keyring(string_in(root, "k")) != value)
        return Error{Errc::corrupt, "damaged keyring in the DHT"};
    return string_in(root, "k");
}

}  // namespace colport::mutable_item
