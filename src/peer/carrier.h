#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "peer/status.h"

/// What all carriers of a feed share (DESIGN "Carriers are interchangeable").
namespace colport {

/// Where carriers hand in what they found. One verifier stands behind it, so
/// bytes are judged the same whoever brought them. The errors are the verifier's:
/// see is_fault().
class Inbox {
public:
    virtual ~Inbox() = default;
    virtual Status take_keyring(const std::string& file) = 0;
    virtual Status take_head(const std::string& file) = 0;
    /// A carrier got news, or has room for the next question.
    virtual void wake() = 0;
};

/// Is whoever brought the bytes to blame? Old heads, wrong clocks and full disks
/// are nobody's lie.
bool is_fault(const Error& error);
/// Of a disk that is full, busy or bad, which may be well again the next time.
bool is_passing(const Error& error);

/// How a carrier fares.
class Health {
public:
    void works(std::int64_t now);
    void fails(std::string why);
    void trying();
    /// What was is forgotten: somebody wants to know what is.
    void again() { state_ = CarrierState::trying; }
    void off(std::string why);
    [[nodiscard]] bool is_working() const noexcept { return state_ == CarrierState::works; }
    [[nodiscard]] bool is_failing() const noexcept { return state_ == CarrierState::fails; }
    [[nodiscard]] CarrierStatus status(std::string name, std::string where = {}) const;

private:
    CarrierState state_ = CarrierState::trying;
    std::string detail_;
    std::int64_t worked_ = 0;
};

/// Time for the next look: `seconds` give or take a quarter, so that nobody can
/// tell a follower by its rhythm.
std::int64_t jittered(std::int64_t seconds);

}  // namespace colport
