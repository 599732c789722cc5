// A feed's life: joining, leaving, what the swarm tells of its torrents.

#include "peer/followed_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/append_new.h"
#include "core/limits.h"
#include "feed/files.h"
#include "peer/log.h"

namespace colport {
namespace {

constexpr std::int64_t longest_knock_pause_seconds = 64;

}  // namespace

FollowedFeed::FollowedFeed(Surroundings around, Standing standing, Holdings holdings)
    : around_(around), standing_(std::move(standing)), directory_{standing_.record().directory},
      door_(door_of(standing_.feed())), exchange_(around.swarm),
      mirrors_(around.http, around.post, around.clock, *this, around.settings.poll,
               around.reach != Reach::proxy),
      dht_(around.swarm, around.clock, *this, standing_.feed(), around.settings.poll),
      holdings_(std::move(holdings)) {
    link_.feed = standing_.feed();
}

FollowedFeed::~FollowedFeed() { disown_all(); }

void FollowedFeed::disown_all() {
    around_.owners.erase(door_.info_hash);
    for (const auto& torrent : torrents_) around_.owners.erase(torrent);
}

Result<std::unique_ptr<FollowedFeed>> FollowedFeed::open(Surroundings around, FeedRecord record) {
    auto holdings = COLPORT_TRY(Holdings::load(around.archive, record.feed, {record.directory}));
    auto known_peers = COLPORT_TRY(around.archive.known_peers(record.feed));
    auto standing = COLPORT_TRY(Standing::open(around.archive, around.clock, std::move(record)));
    std::unique_ptr<FollowedFeed> out(
        new FollowedFeed(around, std::move(standing), std::move(holdings)));
    const auto& link = out->standing_.record().link;
    if (!link.empty()) out->link_ = COLPORT_TRY(parse_link(link));
    out->known_peers_ = std::move(known_peers);
    COLPORT_TRY(out->recall_retention());
    COLPORT_TRY(out->recall_unlisted());
    COLPORT_TRY(out->recall_redactions());
    return out;
}

Status FollowedFeed::start(bool has_turn) {
    has_turn_ = has_turn;
    takes_turns_ = !has_turn;
    if (!in_place()) {
        COLPORT_TRY(make_directory(directory_.volumes(), 0700));
        if (!stamp_of(directory_.key()))
            COLPORT_TRY(write_file(directory_.key(), door_.content));
        // A kill may have come between the archive and the directory, which goes on exports.
        if (const auto& keyring = standing_.keyring()) {
            const auto there = read_file(directory_.keyring(), limits::keyring);
            if (!there || *there != keyring->file())
                COLPORT_TRY(write_file(directory_.keyring(), keyring->file()));
        }
    }
    TorrentRequest request;
    request.info = door_.info;
    request.save_path = directory_.root;
    // DHT nodes and trackers tell a seed of no other seeds. So followers claim to
    // lack the one file, and want it from nobody.
    request.have = {in_place()};
    if (!in_place()) request.files = {Urgency::never};
    request.trackers = link_.trackers;
    if (has_turn_) request.peers = absent_peers();
    request.door = true;
    COLPORT_TRY(around_.swarm.add(request));
    around_.owners[door_.info_hash] = this;
    started_ = pending_since_ = progress_at_ = turn_changed_ = steady_now();
    mirrors_.set(link_.mirrors);
    tell_of_fork();
    tell_of_doubt();
    if (around_.reach != Reach::open)
        dht_.off("not in this mode");
    else if (!around_.settings.swarm.dht)
        dht_.off("switched off");
    // What is whole is served first, whatever becomes of the release being fetched.
    starting_ = standing_.whole() && !standing_.in_doubt() && !in_place();
    do advance();
    while (starting_ && has_work_);
    starting_ = false;
    if (in_place()) read_directory();
    advance();
    return done();
}

void FollowedFeed::stop() {
    for (const auto& torrent : torrents_) around_.swarm.remove(torrent);
    around_.swarm.remove(door_.info_hash);
    disown_all();
    torrents_.clear();
}

std::vector<std::string> FollowedFeed::named_peers() const {
    auto out = link_.peers;
    for (const auto& peer : around_.settings.peers) append_new(out, peer);
    return out;
}

std::size_t FollowedFeed::called_at_once() const {
    return std::min(takes_turns_ ? std::size_t{4} : std::size_t{10}, known_peers_.size());
}

std::vector<std::string> FollowedFeed::absent_peers() const {
    auto out = named_peers();
    if (exchange_.peers().empty() || was_called_)
        for (std::size_t i = 0; i < called_at_once(); ++i)
            append_new(out, known_peers_[(called_ + i) % known_peers_.size()]);
    for (const auto& [number, peer] : exchange_.peers()) std::erase(out, peer.address);
    return out;
}

void FollowedFeed::add_link(const Link& link) {
    for (const auto& peer : link.peers) append_new(link_.peers, peer);
    for (const auto& tracker : link.trackers) append_new(link_.trackers, tracker);
    for (const auto& mirror : link.mirrors) append_new(link_.mirrors, mirror);
    if (link_.name.empty()) link_.name = link.name;
    if (has_turn_)
        for (const auto& peer : link.peers) around_.swarm.connect(door_.info_hash, peer);
    mirrors_.set(link_.mirrors);
    if (const auto merged = to_string(link_); parse_link(merged))
        if (const auto saved = standing_.set_link(merged); !saved)
            set_problem(saved.error().message);
}

Status FollowedFeed::want_since(std::int64_t time) {
    COLPORT_TRY(standing_.set_history_since(std::min(standing_.record().history_since, time)));
    advance();
    return done();
}

void FollowedFeed::want_pictures(std::uint32_t number, const std::string& bundle) {
    const auto release = release_of(bundle);
    if (release == 0 || !wanted_pictures_.emplace(number, release).second) return;
    const auto volume = volumes_.find(number);
    if (volume == volumes_.end() || !volume->second.info) return;
    see_what_is_missing(volume->second);
    advance();
}

void FollowedFeed::settings_changed() {
    if (has_turn_)
        for (const auto& peer : around_.settings.peers)
            around_.swarm.connect(door_.info_hash, peer);
    for (auto& [number, volume] : volumes_)
        if (volume.info && (volume.held || volume.added)) see_what_is_missing(volume);
    advance();
}

void FollowedFeed::look_soon() {
    knock_at_ = 0;
    knock_pause_ = 1;
    turns_in_need_ = 0;
    started_ = steady_now();
    door_health_.again();
    mirrors_.look_again();
    dht_.look_again();
    tick();
}

Status FollowedFeed::take_keyring(const std::string& file) {
    const bool was_forked = standing_.forked();
    const auto newest = standing_.newest() ? standing_.newest()->head.file : "";
    const auto taken = standing_.take_keyring(file);
    if (!taken && is_passing(taken.error())) append_new(unsaved_keyrings_, file);
    if (!taken && taken.error().code == Errc::unsupported) is_outdated_ = true;
    if (!COLPORT_TRY(taken)) return done();
    is_outdated_ = false;
    if (standing_.keys_forked()) {
        tell_of_fork();
        announce_to_all();
        settings_changed();
        return done();
    }
    // What the thief left may lie in volumes that were compared already, and what he had
    // put something in the place of may have gone with it.
    if (standing_.distrusts()) {
        planned_.clear();
        if (const auto again = import_again(); !again) set_problem(again.error().message);
    }
    // Only exports want it, and a start writes it again.
    if (!in_place())
        if (const auto written = write_file(directory_.keyring(), standing_.keyring()->file());
            !written)
            set_problem(written.error().message);
    if (standing_.newest() && standing_.newest()->head.file != newest) expect_release();
    announce_to_all();
    // It may name other keys under which heads lie.
    dht_.look_soon();
    if (was_forked && !standing_.forked()) set_problem("");
    tell_of_doubt();
    judge_all();
    // What was under way may be so no more.
    settings_changed();
    return done();
}

std::string FollowedFeed::fork_problem() const {
    if (standing_.keys_forked())
        return "two lists of the newsroom's keys contradict each other, and both are signed as its "
               "own: its root key may be in other hands. Nothing new is taken in, and what is here "
               "stays readable. Ask the newsroom, by another way than this feed, whether to wait "
               "until it has put this right, or which link to follow instead";
    if (standing_.forked())
        return "two different releases carry the same number, so the newsroom's key may be in other "
               "hands. Nothing new is taken in until the newsroom has put it right, and what is here "
               "stays readable. Ask the newsroom by another way";
    return "";
}

std::string FollowedFeed::problem() const {
    if (standing_.forked()) return fork_problem();
    if (is_outdated_)
        return "the newsroom's newest list of keys is of a format that this version of Colport does "
               "not know, so it may have withdrawn keys that are trusted here. Install a newer "
               "version";
    return problem_;
}

void FollowedFeed::tell_of_fork() {
    if (standing_.forked()) set_problem(fork_problem());
}

void FollowedFeed::tell_of_doubt() {
    if (!standing_.is_suspect()) return;
    const auto& head = standing_.whole()->head;
    set_problem(fmt::format(
        "{} release {}: what came with that release may be by somebody else, and is marked. You "
        "need not do anything: the newsroom's next release settles it",
        standing_.keyring()->knows(head.signer)
            ? "the newsroom has withdrawn the key that signed"
            : "the newsroom's list of keys does not have the one that signed",
        head.seq()));
}

Status FollowedFeed::take_head(const std::string& file) {
    if (!COLPORT_TRY(standing_.take_head(file))) return done();
    expect_release();
    tell_of_fork();
    if (standing_.forked()) announce_to_all();
    if (standing_.forked() || is_stale()) settings_changed();
    return done();
}

void FollowedFeed::expect_release() {
    exchange_.give_up_release();
    turns_in_need_ = 0;
    pending_since_ = progress_at_ = steady_now();
    // What is well under way is not thrown away for one that nobody seems to have yet.
    const auto& pending = standing_.pending();
    const auto* older = reserve();
    on_reserve_ = pending && older != nullptr && !in_place() &&
                  planned_ == older->head.file && is_listed(*older) &&
                  !is_at_door(pending->head.seq()) && !mirrors_.is_working();
    turns_in_vain_ = 0;
    take_shelf_of_source();
}

void FollowedFeed::on(const TorrentReady& event) {
    if (const auto served = served_.find(event.torrent); served != served_.end())
        served->second.ready = true;
    // The publisher's own machine does not wait for its turn.
    if (const auto* newest = standing_.newest();
        in_place() && newest != nullptr && newest->head.info_hash == event.torrent)
        dht_.put_soon();
    // Whoever hears of a release asks for it at once, and once refused not for
    // seconds: so it is told only now.
    announce_to_all();
    advance();
}

void FollowedFeed::on(const FileCompleted& event) {
    for (const auto& [number, volume] : volumes_)
        if (volume.signed_volume.info_hash == event.torrent)
            unconfirmed_.insert({number, event.name});
    confirm_completed();
    advance();
}

void FollowedFeed::on(const TorrentFailed& event) {
    set_problem(event.message);
    if (event.torrent == door_.info_hash) return;
    // A full disk or a file that went missing: look again, a while later.
    retire(event.torrent);
    retry_at_ = steady_now() + around_.settings.patience;
    for (auto& [number, volume] : volumes_) {
        if (volume.signed_volume.info_hash != event.torrent) continue;
        volume.added = volume.held = volume.imported = false;
        volume.looked_at = 0;
        forget_given(number);
    }
}

void FollowedFeed::on(const TrackerAnswered& event) {
    auto& health = trackers_[event.tracker];
    if (event.message.empty()) health.works(around_.clock());
    else health.fails(event.message);
}

void FollowedFeed::tick() {
    const auto now = steady_now();
    line_rate_.count(traffic().payload_received);
    for (const auto& keyring : std::exchange(unsaved_keyrings_, {}))
        if (const auto taken = take_keyring(keyring); !taken) set_problem(taken.error().message);
    exchange_.tick(now);
    announce_again();
    watch_door();
    if (around_.reach != Reach::offline) mirrors_.tick(now);
    const auto* newest = standing_.newest();
    dht_.tick(now, standing_, newest != nullptr && serves(newest->head.info_hash));
    if (standing_.keyring()) judge_all();
    confirm_completed();
    if (in_place()) read_directory();
    for (auto& [number, volume] : volumes_) call_holders(volume);
    change_turns();
    advance();
}

void FollowedFeed::watch_door() {
    knock();
    const bool anybody = std::any_of(
        exchange_.peers().begin(), exchange_.peers().end(),
        [](const auto& entry) { return !entry.second.head.empty(); });
    if (anybody) {
        vain_turns_ = 0;
        return door_health_.works(around_.clock());
    }
    // Where turns are taken, one in vain may have been too short.
    if (!has_turn_ || (takes_turns_ && vain_turns_ == 0)) return;
    if (door_health_.is_working() || steady_now() > std::max(started_, turn_changed_) + 10)
        door_health_.fails("");
}

turns::DoorState FollowedFeed::door_state() const {
    turns::DoorState out;
    out.feed = key();
    out.has_turn = has_turn_;
    out.since = turn_changed_;
    out.connections = exchange_.peers().size();
    out.needs = lacks_something();
    out.in_vain = turns_in_need_;
    out.knows_peers =
        !link_.peers.empty() || !around_.settings.peers.empty() || !known_peers_.empty();
    return out;
}

void FollowedFeed::begin_turn() {
    has_turn_ = true;
    was_called_ = !exchange_.peers().empty();
    turn_changed_ = steady_now();
    knock_at_ = 0;
    knock_pause_ = 1;
    knock();
}

void FollowedFeed::end_turn() {
    has_turn_ = false;
    takes_turns_ = true;
    if (exchange_.peers().empty()) ++vain_turns_;
    turns_in_need_ = lacks_something() ? turns_in_need_ + 1 : 0;
    turn_changed_ = steady_now();
    around_.swarm.hang_up(door_.info_hash);
}

void FollowedFeed::knock() {
    if (!has_turn_) return;
    const auto now = steady_now();
    if (now >= knock_at_) {
        knock_at_ = now + knock_pause_;
        // Asking every second whoever does not answer would be a pattern to watch for.
        knock_pause_ = std::min(2 * knock_pause_, longest_knock_pause_seconds);
        knock_at_volumes_ = true;
        called_ += called_at_once();
        for (const auto& peer : absent_peers()) around_.swarm.connect(door_.info_hash, peer);
        return;
    }
    // A stock client knows no door. It may hear one caller of an address at a time:
    // never at once with the knock at the door.
    if (!std::exchange(knock_at_volumes_, false)) return;
    std::vector<InfoHash> torrents;
    if (const auto* newest = standing_.newest()) torrents.push_back(newest->head.info_hash);
    for (const auto& [number, volume] : volumes_)
        if (volume.added && !volume.held) append_new(torrents, volume.signed_volume.info_hash);
    for (const auto& peer : absent_peers())
        for (const auto& torrent : torrents) around_.swarm.connect(torrent, peer);
}

void FollowedFeed::set_problem(std::string problem) {
    if (problem != problem_ && !problem.empty())
        log(LogLevel::warning, fmt::format("{}: {}", key().hex().substr(0, 16), problem));
    problem_ = std::move(problem);
}

std::int64_t FollowedFeed::steady_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace colport
