#include "web/typing.h"

#include <poll.h>

#include <chrono>
#include <vector>

namespace colport::web {
namespace {

// How long a search may go on for nobody.
constexpr auto pause = std::chrono::milliseconds(2);

bool hung_up(int descriptor) {
    pollfd socket{descriptor, POLLRDHUP, 0};
    return ::poll(&socket, 1, 0) == 1 && (socket.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

Typing::Typing() : thread_([this](const std::stop_token& stop) { watch(stop); }) {}

Typing::~Typing() = default;

Typing::Turn Typing::begin(int descriptor, const std::string& client) {
    const std::lock_guard lock(mutex_);
    // Requests wait for a thread: one that was given up may be read after a newer one.
    const bool gone = hung_up(descriptor);
    if (!client.empty() && !gone)
        for (auto& search : searches_)
            if (search.client == client) search.stop.request_stop();
    searches_.push_back({descriptor, client, {}});
    if (gone) searches_.back().stop.request_stop();
    begun_.notify_one();
    return {*this, std::prev(searches_.end())};
}

Typing::Turn::~Turn() {
    const std::lock_guard lock(typing_.mutex_);
    typing_.searches_.erase(search_);
}

void Typing::watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (begun_.wait(lock, stop, [&] { return !searches_.empty(); })) {
        for (auto& search : searches_)
            if (hung_up(search.descriptor)) search.stop.request_stop();
        // Most searches are over before this is.
        static_cast<void>(begun_.wait_for(lock, stop, pause, [] { return false; }));
    }
}

}  // namespace colport::web
