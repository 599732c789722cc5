#include "peer/peer.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "feed/directory.h"
#include "feed/files.h"
#include "feed/link.h"
#include "peer/engine.h"

namespace colport {
namespace {

// Whoever asked by HTTP waits, and others with it; most feeds are gone by then.
constexpr std::chrono::seconds unfollow_patience{1};

constexpr std::pair<Reach, const char*> reach_names[] = {
    {Reach::open, "open"},
    {Reach::proxy, "proxy"},
    {Reach::lan, "lan"},
    {Reach::offline, "offline"},
};
constexpr std::pair<FetchPictures, const char*> picture_names[] = {
    {FetchPictures::never, "never"},
    {FetchPictures::on_open, "on-open"},
    {FetchPictures::always, "always"},
};

template <class Names, class Value>
const char* name_in(const Names& names, Value value) {
    for (const auto& [known, name] : names)
        if (known == value) return name;
    COLPORT_ASSERT(false);
}

template <class Value, std::size_t N>
std::optional<Value> value_in(const std::pair<Value, const char*> (&names)[N],
                              std::string_view wanted) {
    for (const auto& [value, name] : names)
        if (name == wanted) return value;
    return std::nullopt;
}

FeedRecord record_of_link(const Link& link, const std::filesystem::path& data) {
    FeedRecord out;
    out.feed = link.feed;
    out.name = link.name;
    out.directory = std::filesystem::absolute(DataDirectory{data}.feed(link.feed));
    out.link = to_string(link);
    return out;
}

Result<FeedRecord> record_of_directory(const std::string& path, std::int64_t now) {
    std::error_code error;
    if (path.empty()) return Error{Errc::invalid, "neither a subscription link nor a folder: ''"};
    auto root = std::filesystem::absolute(path, error).lexically_normal();
    if (error) return Error{Errc::invalid, fmt::format("not a folder: {}", path)};
    if (!std::filesystem::exists(root / "feed.pub", error) &&
        std::filesystem::exists(root / "public" / "feed.pub", error))
        root /= "public";
    if (!std::filesystem::exists(root, error))
        return Error{Errc::invalid,
                     fmt::format("neither a subscription link nor a folder: {}", path),
                     "a link begins with magnet:?xt=urn:btih:"};
    const auto records = COLPORT_TRY(load_records({root}, now));
    if (!records.head)
        return Error{Errc::not_found, fmt::format("{} has no head", root.string()),
                     "nothing is released there yet: run colport-press release first"};
    FeedRecord out;
    out.feed = records.feed;
    out.name = records.keyring.message().name();
    out.directory = root;
    out.in_place = true;
    if (const auto text = read_file(FeedDirectory{root}.link(), limits::link))
        if (const auto link = parse_link(*text); link && link->feed == records.feed)
            out.link = to_string(*link);
    return out;
}

}  // namespace

const char* name_of(Reach reach) { return name_in(reach_names, reach); }
std::optional<Reach> reach_named(std::string_view name) { return value_in(reach_names, name); }
const char* name_of(FetchPictures pictures) { return name_in(picture_names, pictures); }
std::optional<FetchPictures> pictures_named(std::string_view name) {
    return value_in(picture_names, name);
}

Peer::Peer(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Peer::~Peer() = default;

Result<std::unique_ptr<Peer>> Peer::start(const PeerSettings& settings,
                                          const MakeSwarm& make_swarm, Clock clock) {
    auto engine = COLPORT_TRY(Engine::start(settings, make_swarm, std::move(clock)));
    return std::unique_ptr<Peer>(new Peer(std::move(engine)));
}

Result<PublicKey> Peer::follow(const std::string& link_or_directory) {
    return engine_->call<Result<PublicKey>>(
        [link_or_directory](Engine& engine) { return engine.follow(link_or_directory); });
}

Status Peer::follow_list(const std::string& source) {
    return engine_->call<Status>([source](Engine& engine) { return engine.lists().add(source); });
}

Status Peer::unfollow_list(const std::string& source) {
    return engine_->call<Status>(
        [source](Engine& engine) { return engine.lists().remove(source); });
}

Status Peer::unfollow(const PublicKey& feed) {
    auto gone = COLPORT_TRY(leave(feed));
    if (gone.wait_for(unfollow_patience) == std::future_status::timeout) return done();
    return gone.get();
}

Status Peer::erase(const PublicKey& feed) {
    auto gone = COLPORT_TRY(leave(feed));
    COLPORT_TRY(gone.get());
    return engine_->call<Status>([](Engine& engine) { return engine.tidy_archive(); });
}

Result<std::future<Status>> Peer::leave(const PublicKey& feed) {
    const auto gone = std::make_shared<std::promise<Status>>();
    auto answer = gone->get_future();
    COLPORT_TRY(engine_->call<Status>(
        [feed, gone](Engine& engine) { return engine.unfollow(feed, gone); }));
    return answer;
}

Result<std::vector<PublicKey>> Peer::import(const std::filesystem::path& folder) {
    return engine_->call<Result<std::vector<PublicKey>>>(
        [folder](Engine& engine) { return engine.import(folder); });
}

Status Peer::fetch(const PublicKey& feed, std::int64_t since) {
    return engine_->call<Status>(
        [feed, since](Engine& engine) { return engine.fetch(feed, since); });
}

void Peer::want_pictures(const PublicKey& feed, std::uint32_t volume, const std::string& bundle,
                         bool asked) {
    engine_->post([engine = engine_.get(), feed, volume, bundle, asked] {
        engine->want_pictures(feed, volume, bundle, asked);
    });
}

Status Peer::set_mode(Reach reach, const std::optional<Proxy>& proxy) {
    return engine_->call<Status>(
        [reach, proxy](Engine& engine) { return engine.set_mode(reach, proxy); });
}

Status Peer::reload(const PeerSettings& settings) {
    return engine_->call<Status>(
        [settings](Engine& engine) { return engine.reload(settings); });
}

std::int64_t Peer::silent_seconds() const { return engine_->silent_seconds(); }

void Peer::look_soon() {
    engine_->post([engine = engine_.get()] { engine->look_soon(); });
}

PeerStatus Peer::status() const { return engine_->status(); }

Result<FeedRecord> record_to_follow(const std::string& link_or_directory,
                                    const std::filesystem::path& data, std::int64_t now) {
    const auto start = link_or_directory.find_first_not_of(" \t\r\n");
    if (start != std::string::npos && link_or_directory.compare(start, 7, "magnet:") == 0)
        return record_of_link(COLPORT_TRY(parse_link(link_or_directory)), data);
    return record_of_directory(link_or_directory, now);
}

}  // namespace colport
