#include "cli/press/wait_for_lock.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

#include "cli/terminal.h"
#include "feed/descriptor.h"
#include "feed/files.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto longest_wait = std::chrono::minutes(15);
constexpr auto between_tries = std::chrono::milliseconds(100);
constexpr auto remembered_for = std::chrono::seconds(3);

fs::path sign_of(const Workshop& workshop) { return workshop.secrets() / "wanted"; }

void raise_sign(const Workshop& workshop) {
    std::error_code ignored;
    fs::remove(sign_of(workshop), ignored);
    static_cast<void>(open_new(sign_of(workshop), 0600).ok());
}

}  // namespace

Workshop patient_workshop(const fs::path& root) {
    static bool told = false;
    const Workshop workshop{root};
    auto out = workshop;
    out.waits = [workshop, begin = std::make_shared<Clock::time_point>()] {
        if (!std::exchange(told, true))
            fmt::print(stderr, "waiting for another colport-press, which is working in {}\n",
                       printable(workshop.root.string()));
        if (*begin == Clock::time_point()) *begin = Clock::now();
        if (Clock::now() - *begin > longest_wait) return false;
        raise_sign(workshop);
        std::this_thread::sleep_for(between_tries);
        return true;
    };
    return out;
}

bool is_waited_for(const Workshop& workshop) {
    std::error_code failed;
    const auto raised = fs::last_write_time(sign_of(workshop), failed);
    if (failed) return false;
    const auto age = fs::file_time_type::clock::now() - raised;
    return age.count() >= 0 && age < remembered_for;
}

}  // namespace colport::cli
