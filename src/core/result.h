#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace colport {

enum class Errc {
    corrupt,      ///< bytes that break the format
    forged,       ///< a signature or a signed hash does not match
    stale,        ///< older than what is held already
    early,        ///< dated ahead of this computer's clock
    forked,       ///< two different heads at one seq
    too_large,    ///< over a limit of the format
    unsupported,  ///< a newer format
    not_found,
    exists,
    locked,       ///< held by another process
    denied,       ///< wrong passphrase, missing permission
    io,           ///< disk or operating system
    network,
    invalid,      ///< what the user gave cannot be used
};

/// What went wrong, written for the person who will read it: lower case, names
/// the file or feed, no full stop. `hint` says what to do next, or is empty.
struct Error {
    Errc code;
    std::string message;
    std::string hint = {};

    /// The same error with `where: ` before the message.
    Error in(const std::string& where) && {
        return {code, where + ": " + message, std::move(hint)};
    }
};

/// Ends the program: a broken promise between two pieces of our own code.
[[noreturn]] void fail_assertion(const char* condition, const char* file, int line) noexcept;

/// A value or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    Error& error() & { return std::get<1>(state_); }
    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Error> state_;
};

struct Unit {};
using Status = Result<Unit>;
inline Status done() { return Unit{}; }

}  // namespace colport

/// The value of a Result, or return its error from the enclosing function.
#define COLPORT_TRY(expression) COLPORT_TRY_AS(expression, __COUNTER__)
#define COLPORT_TRY_AS(expression, number) COLPORT_TRY_NAMED(expression, number)
#define COLPORT_TRY_NAMED(expression, number)                                        \
    __extension__({                                                                  \
        auto colport_result_##number = (expression);                                 \
        if (!colport_result_##number) return std::move(colport_result_##number).error(); \
        std::move(colport_result_##number).value();                                  \
    })

/// Checks, in every build, what only a bug can break.
#define COLPORT_ASSERT(condition) \
    ((condition) ? void(0) : ::colport::fail_assertion(#condition, __FILE__, __LINE__))
