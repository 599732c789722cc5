#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "feed/files.h"
#include "feed/link.h"
#include "net/http_client.h"
#include "storage/archive.h"

/// Lists of subscription links, in files or on the web, that what is followed is
/// kept in step with.
namespace colport {

/// One link a line; blank lines and those that begin with # are none. A feed counts
/// once. Errors: invalid (any line: then nothing counts), too_large.
Result<std::vector<Link>> parse_follow_list(std::string_view text);
inline constexpr std::size_t follow_list_bytes = std::size_t{4} << 20;

/// Is it the address of a list on the web?
bool is_web_address(std::string_view source);

/// A feed that came by a list goes when it stands in none any more. One that was
/// followed by other means stays whatever lists say, and a list that cannot be read
/// or has become empty changes nothing. One thread.
class FollowLists {
public:
    struct Hands {
        std::function<bool(const PublicKey&)> is_followed;
        std::function<Status(const std::string& link)> follow;
        std::function<Status(const PublicKey&)> unfollow;
        std::function<void(std::string)> complain;
        std::function<void(std::function<void()>)> post;  ///< from any thread to this one
    };
    /// Borrows `archive`, where the lists of add() are remembered. Errors: io.
    static Result<FollowLists> open(Archive& archive, Hands hands);

    /// Those of the configuration, from now on.
    void configure(std::vector<std::string> sources);
    /// Remembers one: an absolute path or a web address. Errors: invalid, io.
    Status add(const std::string& source);
    /// Forgets one; its feeds stay. Errors: not_found, io.
    Status remove(const std::string& source);
    [[nodiscard]] std::vector<std::string> sources() const;

    /// Once a second. Files are read when they change, web addresses every `poll`
    /// seconds. `now` of a clock that nobody sets; `http` may be null.
    void tick(std::int64_t now, std::int64_t poll, HttpClient* http);
    /// Takes in what a source holds. Errors: those of parse_follow_list, io.
    Status take(const std::string& source, std::string_view text);

private:
    FollowLists(Archive& archive, Hands hands) : archive_(&archive), hands_(std::move(hands)) {}
    struct Seen {
        std::optional<FileStamp> stamp;
        std::int64_t look_at = 0;
        std::string problem;
    };
    void look_at_file(const std::string& source, Seen& seen, std::int64_t now);
    void ask(const std::string& source, Seen& seen, std::int64_t now, std::int64_t poll,
             HttpClient& http);
    void settle(const std::string& source, const Status& taken);
    Result<std::vector<PublicKey>> came_by(const std::string& source);
    Status save();

    Archive* archive_;
    Hands hands_;
    std::vector<std::string> configured_, added_;
    std::map<std::string, Seen> seen_;
    std::vector<std::string> waiting_;  ///< links to follow, some at each tick
    std::vector<std::string> failed_;   ///< of these, to be tried again
    std::int64_t retry_at_ = 0;
};

}  // namespace colport
