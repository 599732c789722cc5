#include "peer/mirrors.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/limits.h"

namespace colport {
namespace {

constexpr std::int64_t disgrace_seconds = 3600;
constexpr std::int64_t first_rest_seconds = 2;
constexpr int most_doublings = 10;
// After that, another mirror is asked for the same.
constexpr std::int64_t slow_seconds = 8;

constexpr const char* keyring_path = "keyring";
constexpr const char* head_path = "head";

}  // namespace

Mirrors::Mirrors(HttpClient& http, Post post, const Clock& clock, Inbox& inbox, std::int64_t pause,
                 bool conditional)
    : http_(http), post_(std::move(post)), clock_(clock), inbox_(inbox), pause_(pause),
      conditional_(conditional) {}

Mirrors::~Mirrors() = default;

void Mirrors::set(const std::vector<std::string>& addresses) {
    for (const auto& address : addresses) {
        const bool known = std::any_of(mirrors_.begin(), mirrors_.end(),
                                       [&](const auto& m) { return m->address == address; });
        if (known) continue;
        mirrors_.push_back(std::make_unique<Mirror>());
        mirrors_.back()->address = address;
    }
}

void Mirrors::tick(std::int64_t now) {
    now_ = now;
    for (const auto& mirror : mirrors_)
        if (!mirror->busy && now >= mirror->look_at && now >= mirror->rests_until)
            look(*mirror, keyring_path);
}

void Mirrors::look_soon() {
    for (const auto& mirror : mirrors_) mirror->look_at = 0;
}

void Mirrors::look_again() {
    look_soon();
    for (const auto& mirror : mirrors_) {
        mirror->rests_until = 0;
        mirror->health.again();
    }
}

void Mirrors::send(Mirror& mirror, const Want& want, std::function<void(HttpAnswer)> done) {
    mirror.busy = true;
    HttpRequest request;
    request.url = mirror.address + (mirror.address.ends_with('/') ? "" : "/") + want.path;
    request.first = want.first;
    request.length = want.length;
    request.limit = want.limit;
    if (const auto known = mirror.known.find(want.path);
        conditional_ && known != mirror.known.end()) {
        request.etag = known->second.etag;
        request.last_modified = known->second.last_modified;
    }
    const std::weak_ptr<bool> alive = alive_;
    http_.get(std::move(request), [this, alive, post = post_, &mirror,
                                   done = std::move(done)](HttpAnswer answer) {
        post([this, alive, &mirror, done, answer = std::move(answer)] {
            if (alive.expired()) return;
            mirror.busy = false;
            bytes_received_ += answer.bytes;
            done(answer);
            inbox_.wake();
        });
    });
}

void Mirrors::look(Mirror& mirror, const std::string& path, bool second) {
    mirror.health.trying();
    const bool keyring = path == keyring_path;
    const std::size_t limit = keyring ? limits::keyring : limits::head;
    send(mirror, {path, 0, 0, limit}, [this, &mirror, path, keyring,
                                       second](const HttpAnswer& answer) {
        mirror.look_at = now_ + jittered(pause_);
        if (!answer.problem.empty())
            return fail(mirror, fmt::format("{}: {}", path, answer.problem));
        auto& known = mirror.known[path];
        if (answer.status != 304) known = {answer.etag, answer.last_modified, answer.body};
        // What has not changed there may be old by now.
        const auto taken = take(path, known.body);
        if (!taken) {
            mirror.known.erase(path);
            const auto why = fmt::format("{}: {}", path, taken.error().message);
            if (!is_fault(taken.error())) return fail(mirror, why);
            // A new keyring may have come there since it was asked for.
            return keyring || second ? disgrace(mirror, why) : look(mirror, keyring_path, true);
        }
        if (keyring) look(mirror, head_path, second);
        else succeed(mirror);
    });
}

Status Mirrors::take(const std::string& path, const std::string& body) {
    if (path == keyring_path) return inbox_.take_keyring(body);
    auto taken = inbox_.take_head(body);
    if (!taken && taken.error().code == Errc::stale)
        return Error{Errc::stale, "an older release than is known here"};
    return taken;
}

void Mirrors::want(const Want& want, Take take) {
    const auto under_way = errands_.find(want.path);
    if (under_way != errands_.end() && now_ < under_way->second.since + slow_seconds) return;
    Mirror* best = nullptr;
    for (const auto& mirror : mirrors_)
        if (!mirror->busy && now_ >= mirror->rests_until &&
            (best == nullptr || mirror->failures < best->failures))
            best = mirror.get();
    if (best == nullptr) return;
    auto& errand = errands_[want.path];
    errand.since = now_;
    ++errand.mirrors;
    auto& mirror = *best;
    send(mirror, want, [this, &mirror, path = want.path,
                        take = std::move(take)](const HttpAnswer& answer) {
        if (--errands_[path].mirrors == 0) errands_.erase(path);
        if (!answer.problem.empty())
            return fail(mirror, fmt::format("{}: {}", path, answer.problem));
        const auto head = mirror.known.find(head_path);
        const auto taken = take(answer.body, head == mirror.known.end() ? "" : head->second.body);
        if (taken) return succeed(mirror);
        const auto why = fmt::format("{}: {}", path, taken.error().message);
        if (is_fault(taken.error())) disgrace(mirror, why);
        else fail(mirror, why);
    });
}

void Mirrors::succeed(Mirror& mirror) {
    mirror.failures = 0;
    mirror.health.works(clock_());
}

void Mirrors::fail(Mirror& mirror, std::string why) {
    const auto rest = first_rest_seconds << std::min(mirror.failures++, most_doublings);
    mirror.rests_until = now_ + std::min(rest, std::max(pause_, first_rest_seconds));
    mirror.health.fails(std::move(why));
}

void Mirrors::disgrace(Mirror& mirror, std::string why) {
    ++mirror.failures;
    mirror.rests_until = now_ + disgrace_seconds;
    mirror.health.fails(std::move(why));
}

bool Mirrors::is_working() const {
    return std::any_of(mirrors_.begin(), mirrors_.end(),
                       [](const auto& m) { return m->health.is_working(); });
}

std::vector<CarrierStatus> Mirrors::status() const {
    std::vector<CarrierStatus> out;
    for (const auto& mirror : mirrors_) out.push_back(mirror->health.status("mirror", mirror->address));
    return out;
}

}  // namespace colport
