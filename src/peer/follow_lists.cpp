#include "peer/follow_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/append_new.h"

namespace colport {
namespace {

constexpr const char* lists_memory = "follow lists";
constexpr std::int64_t retry_seconds = 60;
// Each is written down and joins its door: a list of a thousand must not keep a
// reader waiting.
constexpr std::size_t follows_at_once = 20;

std::string memory_of(const std::string& source) { return "came by " + source; }

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin == line.npos || line[begin] == '#') continue;
        out.emplace_back(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
    }
    return out;
}

}  // namespace

Result<std::vector<Link>> parse_follow_list(std::string_view text) {
    if (text.size() > follow_list_bytes)
        return Error{Errc::too_large, fmt::format("a list of over {} bytes", follow_list_bytes)};
    std::vector<Link> out;
    std::set<PublicKey> known;
    for (const auto& line : lines_of(text)) {
        auto link = parse_link(line);
        if (!link)
            return Error{Errc::invalid, fmt::format("not a subscription link: {:.60}", line),
                         "write one magnet:?… a line"};
        if (known.insert(link->feed).second) out.push_back(std::move(*link));
    }
    return out;
}

bool is_web_address(std::string_view source) {
    return source.starts_with("http://") || source.starts_with("https://");
}

Result<FollowLists> FollowLists::open(Archive& archive, Hands hands) {
    FollowLists out(archive, std::move(hands));
    out.added_ = lines_of(COLPORT_TRY(archive.recall(lists_memory)));
    return out;
}

void FollowLists::configure(std::vector<std::string> sources) {
    configured_ = std::move(sources);
    seen_.clear();
}

std::vector<std::string> FollowLists::sources() const {
    auto out = configured_;
    for (const auto& source : added_) append_new(out, source);
    return out;
}

Status FollowLists::save() {
    std::string text;
    for (const auto& source : added_) text += source + "\n";
    return archive_->remember(lists_memory, text);
}

Status FollowLists::add(const std::string& source) {
    const bool good = is_web_address(source) || source.starts_with('/');
    if (!good || source.find('\n') != source.npos)
        return Error{Errc::invalid, fmt::format("neither a file nor a web address: {}", source)};
    append_new(added_, source);
    seen_.erase(source);
    return save();
}

Status FollowLists::remove(const std::string& source) {
    if (std::erase(added_, source) == 0)
        return Error{Errc::not_found, fmt::format("no such list: {}", source)};
    seen_.erase(source);
    COLPORT_TRY(archive_->remember(memory_of(source), ""));
    return save();
}

void FollowLists::tick(std::int64_t now, std::int64_t poll, HttpClient* http) {
    for (const auto& source : sources()) {
        auto& seen = seen_[source];
        if (now < seen.look_at) continue;
        if (!is_web_address(source)) look_at_file(source, seen, now);
        else if (http != nullptr) ask(source, seen, now, poll, *http);
    }
    if (now >= retry_at_) {
        retry_at_ = now + retry_seconds;
        for (auto& link : std::exchange(failed_, {})) append_new(waiting_, std::move(link));
    }
    const auto some = std::min(follows_at_once, waiting_.size());
    for (std::size_t i = 0; i < some; ++i) {
        const auto followed = hands_.follow(waiting_[i]);
        if (followed) continue;
        hands_.complain(followed.error().message);
        // A full disk has room again, and a file that stays the same is not read again.
        if (followed.error().code != Errc::invalid) append_new(failed_, waiting_[i]);
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(some));
}

void FollowLists::look_at_file(const std::string& source, Seen& seen, std::int64_t now) {
    const auto stamp = stamp_of(source);
    if (!stamp) {
        seen.look_at = now + retry_seconds;
        return settle(source, stamp.error());
    }
    if (seen.stamp == *stamp) return;
    seen.stamp = *stamp;
    const auto text = read_file(source, follow_list_bytes);
    settle(source, text ? take(source, *text) : text.error());
}

void FollowLists::ask(const std::string& source, Seen& seen, std::int64_t now, std::int64_t poll,
                      HttpClient& http) {
    seen.look_at = now + std::max(poll, retry_seconds);
    http.get({.url = source, .limit = follow_list_bytes},
             [this, source, now](const HttpAnswer& answer) {
                 hands_.post([this, source, now, answer] {
                     const bool good = answer.status == 200 && answer.problem.empty();
                     const auto taken = good ? take(source, answer.body)
                                             : Status(Error{Errc::network, answer.problem});
                     if (!taken) seen_[source].look_at = now + retry_seconds;
                     settle(source, taken);
                 });
             });
}

void FollowLists::settle(const std::string& source, const Status& taken) {
    auto problem = taken ? "" : fmt::format("list {}: {}", source, taken.error().message);
    auto& seen = seen_[source];
    if (!problem.empty() && problem != seen.problem) hands_.complain(problem);
    seen.problem = std::move(problem);
}

Result<std::vector<PublicKey>> FollowLists::came_by(const std::string& source) {
    std::vector<PublicKey> out;
    for (const auto& line : lines_of(COLPORT_TRY(archive_->recall(memory_of(source)))))
        if (const auto key = PublicKey::from_hex_text(line)) out.push_back(*key);
    return out;
}

Status FollowLists::take(const std::string& source, std::string_view text) {
    const auto links = COLPORT_TRY(parse_follow_list(text));
    const auto before = COLPORT_TRY(came_by(source));
    // More likely a mishap than a wish.
    if (links.empty() && !before.empty())
        return Error{Errc::invalid, "it has become empty, so nothing is unfollowed",
                     "colport unfollow FEED"};
    std::set<PublicKey> listed;
    for (const auto& link : links) listed.insert(link.feed);
    std::set<PublicKey> elsewhere;
    for (const auto& other : sources())
        if (other != source)
            for (const auto& key : COLPORT_TRY(came_by(other))) elsewhere.insert(key);
    std::string came;
    for (const auto& key : before) {
        if (listed.contains(key)) {
            came += key.hex() + "\n";
        } else if (!elsewhere.contains(key)) {
            for (auto* links_to_come : {&waiting_, &failed_})
                std::erase_if(*links_to_come, [&](const std::string& link) {
                    const auto parsed = parse_link(link);
                    return parsed && parsed->feed == key;
                });
            if (hands_.is_followed(key)) COLPORT_TRY(hands_.unfollow(key));
        }
    }
    for (const auto& link : links) {
        const bool followed = hands_.is_followed(link.feed);
        // Followed by hand: it stays whatever lists say.
        if (followed && !elsewhere.contains(link.feed)) continue;
        if (came.find(link.feed.hex()) == came.npos) came += link.feed.hex() + "\n";
        if (!followed) append_new(waiting_, to_string(link));
    }
    return archive_->remember(memory_of(source), came);
}

}  // namespace colport
