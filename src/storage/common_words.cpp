#include "storage/common_words.h"

#include <algorithm>
#include <map>

namespace colport {
namespace {

constexpr double whole = 65'536;
constexpr std::size_t hash_bytes = 8, entry_bytes = 10;

std::uint64_t number(Bytes bytes) {
    std::uint64_t out = 0;
    for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

void append(std::string& out, std::uint64_t value, std::size_t size) {
    while (size-- > 0) out += static_cast<char>(value >> 8 * size & 0xff);
}

}  // namespace

CommonWords::CommonWords(Bytes bytes) {
    for (; bytes.size() >= entry_bytes; bytes.remove_prefix(entry_bytes))
        shares_[number(bytes.substr(0, hash_bytes))] =
            static_cast<Share>(number(bytes.substr(hash_bytes, entry_bytes - hash_bytes)));
}

std::string CommonWords::bytes() const {
    std::string out;
    for (const auto& [hash, share] : std::map(shares_.begin(), shares_.end())) {
        append(out, hash, hash_bytes);
        append(out, share, entry_bytes - hash_bytes);
    }
    return out;
}

void CommonWords::insert(std::string_view stem, double share) {
    shares_[hash(stem)] = static_cast<Share>(std::clamp(share * whole, 1.0, whole - 1));
}

CommonWords::Share CommonWords::raw_share(std::string_view stem) const {
    if (shares_.empty()) return 0;
    const auto found = shares_.find(hash(stem));
    return found == shares_.end() ? Share{0} : found->second;
}

double CommonWords::share(std::string_view stem) const { return raw_share(stem) / whole; }

std::uint64_t CommonWords::hash(std::string_view stem) {
    std::uint64_t out = 0xcbf29ce484222325;  // FNV-1a
    for (const char c : stem) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return out;
}

}  // namespace colport
