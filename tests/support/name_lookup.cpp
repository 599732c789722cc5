#include "support/name_lookup.h"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>

namespace colport::support {
namespace {

// Never destroyed: a lookup may outlive main().
struct Lookups {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> names;
    bool released = false;
};
Lookups& lookups() {
    static auto& out = *new Lookups;
    return out;
}

int look_up(const std::string& name) {
    auto& all = lookups();
    std::unique_lock lock(all.mutex);
    all.names.push_back(name);
    all.changed.notify_all();
    if (name == hanging_name) all.changed.wait(lock, [&] { return all.released; });
    return EAI_NONAME;
}

}  // namespace

void release_lookups() {
    auto& all = lookups();
    const std::lock_guard lock(all.mutex);
    all.released = true;
    all.changed.notify_all();
}

std::vector<std::string> names_looked_up() {
    auto& all = lookups();
    const std::lock_guard lock(all.mutex);
    return all.names;
}

}  // namespace colport::support

/// Takes the place of the C library's for every shared library as well.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** out) {
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    addrinfo numeric = hints != nullptr ? *hints : addrinfo{};
    numeric.ai_flags |= AI_NUMERICHOST;
    if (node == nullptr) return real(node, service, hints, out);
    const int outcome = real(node, service, &numeric, out);
    return outcome == EAI_NONAME ? colport::support::look_up(node) : outcome;
}
