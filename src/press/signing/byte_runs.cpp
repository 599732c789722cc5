#include "press/signing/byte_runs.h"

#include <cstring>

namespace colport {
namespace {

std::uint64_t hash(const char* run) {
    std::uint64_t first = 0;
    std::uint32_t rest = 0;
    static_assert(sizeof first + sizeof rest == ByteRuns::size);
    std::memcpy(&first, run, sizeof first);
    std::memcpy(&rest, run + sizeof first, sizeof rest);
    auto out = (first ^ (rest * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
    return out ^ (out >> 32);
}

template <class Visit>
void each(Bytes text, Visit visit) {
    for (std::size_t at = 0; at + ByteRuns::size <= text.size(); ++at)
        if (!visit(hash(text.data() + at))) return;
}

}  // namespace

void ByteRuns::add(Bytes text) {
    each(text, [&](std::uint64_t run) {
        runs_.insert(run);
        return true;
    });
}

void ByteRuns::remove(Bytes text) {
    each(text, [&](std::uint64_t run) {
        runs_.erase(run);
        return !runs_.empty();
    });
}

void ByteRuns::keep_common(const std::vector<Bytes>& texts) {
    std::unordered_set<std::uint64_t> common;
    for (const auto text : texts)
        each(text, [&](std::uint64_t run) {
            if (runs_.contains(run)) common.insert(run);
            return true;
        });
    runs_ = std::move(common);
}

bool ByteRuns::any_in(Bytes text) const {
    bool out = false;
    each(text, [&](std::uint64_t run) {
        out = runs_.contains(run);
        return !out;
    });
    return out;
}

}  // namespace colport
