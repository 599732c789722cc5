#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "feed/descriptor.h"
#include "peer/peer.h"
#include "storage/archive.h"

/// The reading page and the JSON API as a pure function of a request, so that
/// the daemon serves them over HTTP and `colport` calls them without a daemon.
namespace colport::web {

enum class Origin {
    page,     ///< a browser: what it may change takes a token
    control,  ///< our own command line, over the data directory's socket or in-process
};

struct Request {
    Origin origin = Origin::page;
    std::string method = "GET";
    std::string path;                           ///< decoded, without the query
    std::map<std::string, std::string> query;   ///< decoded
    std::string host;                           ///< the Host header
    std::string bound;                          ///< "IP:PORT" that is listened on; empty: no TCP
    std::string if_none_match, range, if_range;
    std::string accept_language;
    std::string fetch_site, fetch_mode, fetch_dest;  ///< Sec-Fetch-*; empty when not sent
    std::string sent_from;                      ///< the Origin header
    std::string body;                           ///< at most 64 KiB
    std::map<std::string, std::string> form;    ///< of a body that is a form
    std::stop_token stop;                       ///< ends a completion; from any thread
};

/// A file that is sent as it is; it may have no name any more.
struct FileBody {
    Descriptor descriptor;
    std::uint64_t size = 0;
};

struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    std::map<std::string, std::string> headers;
    std::shared_ptr<FileBody> file = nullptr;   ///< in the place of `body`
};

struct Desk;

/// What a site answers from. One thread at a time: it owns an ArchiveReader.
class Site {
public:
    /// `peer` may be null: no daemon runs in this process, so status, follow
    /// and unfollow answer 503. Borrows `peer`. The archive is opened at the
    /// first request that needs it, and need not exist yet; what is kept of
    /// reading lies beside it. `desk` is shared by all sites of a server; null: one
    /// of its own.
    Site(std::filesystem::path archive, Peer* peer, Clock clock,
         std::shared_ptr<Desk> desk = {});
    ~Site();

    /// HEAD answers as GET does, with the body: whoever sends it leaves it out.
    Response render(const Request& request);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace colport::web
