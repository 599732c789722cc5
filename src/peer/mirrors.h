#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/http_client.h"
#include "peer/carrier.h"
#include "peer/standing.h"

namespace colport {

/// One feed's web mirrors (SPEC "Mirrors"): looks for a newer keyring and head on
/// a jittered timer, and fetches what the feed lacks. A mirror runs one errand at
/// a time; one that brought wrong bytes is not asked for an hour. One thread.
class Mirrors {
public:
    /// Runs work on the thread that owns this.
    using Post = std::function<void(std::function<void()>)>;
    /// Borrows all; looks about every `pause` seconds.
    /// Without `conditional` no answer is asked for by its tags, which a mirror
    /// could give each reader its own, to know her again behind a proxy.
    Mirrors(HttpClient& http, Post post, const Clock& clock, Inbox& inbox, std::int64_t pause,
            bool conditional);
    ~Mirrors();

    /// Addresses of feed directories, http or https.
    void set(const std::vector<std::string>& addresses);
    /// `now` of a clock that nobody sets, in seconds.
    void tick(std::int64_t now);
    /// Looks at all of them at the next tick.
    void look_soon();
    /// As above, and what they did before is forgiven.
    void look_again();

    /// A file of the feed directory, or bytes of it.
    struct Want {
        std::string path;
        std::uint64_t first = 0, length = 0;   ///< length 0: the whole file
        std::size_t limit = 0;                 ///< most bytes taken
    };
    /// `head`: the file that this mirror gave last, empty where it is none to be used.
    using Take = std::function<Status(const std::string& body, const std::string& head)>;
    /// Asks the best mirror that is free, unless one is at it and has not been
    /// slow. `take` judges what comes, perhaps twice; its error falls on the mirror
    /// if is_fault().
    void want(const Want& want, Take take);

    [[nodiscard]] bool is_empty() const noexcept { return mirrors_.empty(); }
    [[nodiscard]] bool is_working() const;
    [[nodiscard]] std::vector<CarrierStatus> status() const;
    /// Bytes received since the start, headers included.
    [[nodiscard]] std::int64_t bytes_received() const noexcept { return bytes_received_; }

private:
    struct Known {
        std::string etag, last_modified, body;
    };
    struct Errand {
        std::int64_t since = 0;
        int mirrors = 0;                       ///< that are at it
    };
    struct Mirror {
        std::string address;
        Health health;
        bool busy = false;
        std::int64_t look_at = 0;
        std::int64_t rests_until = 0;
        int failures = 0;
        std::map<std::string, Known> known;    ///< of keyring and head
    };

    void send(Mirror& mirror, const Want& want, std::function<void(HttpAnswer)> done);
    void look(Mirror& mirror, const std::string& path, bool second = false);
    Status take(const std::string& path, const std::string& body);
    void fail(Mirror& mirror, std::string why);
    void disgrace(Mirror& mirror, std::string why);
    void succeed(Mirror& mirror);

    HttpClient& http_;
    Post post_;
    const Clock& clock_;
    Inbox& inbox_;
    std::int64_t pause_;
    bool conditional_;
    std::int64_t now_ = 0;
    std::int64_t bytes_received_ = 0;
    std::vector<std::unique_ptr<Mirror>> mirrors_;
    std::map<std::string, Errand> errands_;      ///< by path
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace colport
