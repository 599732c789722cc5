#include "peer/carrier.h"

#include "core/crypto.h"

namespace colport {

bool is_fault(const Error& error) {
    return error.code == Errc::forged || error.code == Errc::corrupt ||
           error.code == Errc::too_large;
}

bool is_passing(const Error& error) {
    return error.code == Errc::io || error.code == Errc::locked;
}

void Health::works(std::int64_t now) {
    state_ = CarrierState::works;
    detail_.clear();
    worked_ = now;
}

void Health::fails(std::string why) {
    state_ = CarrierState::fails;
    detail_ = std::move(why);
}

void Health::trying() {
    if (state_ != CarrierState::works) state_ = CarrierState::trying;
}

void Health::off(std::string why) {
    state_ = CarrierState::off;
    detail_ = std::move(why);
}

CarrierStatus Health::status(std::string name, std::string where) const {
    return {std::move(name), std::move(where), state_, detail_, worked_};
}

std::int64_t jittered(std::int64_t seconds) {
    if (seconds < 2) return seconds;
    return seconds - seconds / 4 + random_below(static_cast<std::uint32_t>(seconds / 2 + 1));
}

}  // namespace colport
