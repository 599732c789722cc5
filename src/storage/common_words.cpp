#include "storage/common_words.h"

#include <algorithm>
#include <map>
#include <utility>

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
        insert(number(bytes.substr(0, hash_bytes)),
               static_cast<double>(number(bytes.substr(hash_bytes, entry_bytes - hash_bytes))) /
                   whole);
}

std::string CommonWords::bytes() const {
    std::map<std::uint64_t, Share> sorted;
    for (const auto& slot : slots_)
        if (slot.share != 0) sorted[slot.hash] = slot.share;
    std::string out;
    for (const auto& [hash, share] : sorted) {
        append(out, hash, hash_bytes);
        append(out, share, entry_bytes - hash_bytes);
    }
    return out;
}

std::size_t CommonWords::find(std::uint64_t hash) const {
    const auto mask = slots_.size() - 1;
    auto at = hash & mask;
    while (slots_[at].share != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
    return at;
}

void CommonWords::insert(std::uint64_t hash, double share) {
    if (2 * (size_ + 1) > slots_.size()) {
        const auto before = std::exchange(slots_, std::vector<Slot>(
                                                      std::max<std::size_t>(64, 2 * slots_.size())));
        for (const auto& old : before)
            if (old.share != 0) slots_[find(old.hash)] = old;
    }
    auto& at = slots_[find(hash)];
    if (at.share == 0) ++size_;
    at = {hash, static_cast<Share>(std::clamp(share * whole, 1.0, whole - 1))};
}

CommonWords::Share CommonWords::raw_share(std::uint64_t hash) const {
    return slots_.empty() ? Share{0} : slots_[find(hash)].share;
}

double CommonWords::share(std::string_view stem) const { return raw_share(stem) / whole; }

std::uint64_t CommonWords::hash(std::string_view stem) {
    std::uint64_t out = 0xcbf29ce484222325;  // FNV-1a
    for (const char c : stem) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return out;
}

}  // namespace colport
