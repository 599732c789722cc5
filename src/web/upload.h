#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "feed/descriptor.h"
#include "peer/peer.h"

struct MHD_Connection;

/// A form with a file that may be large: a packed feed that somebody was given
/// (feed/package.h) goes to the disk as it arrives, everything else is short.
namespace colport::web {

/// One thread at a time.
class Upload {
public:
    /// `may_send` judges the fields that came before the file, once; until it has
    /// nothing is written. Null when the body is no such form.
    static std::unique_ptr<Upload> begin(
        MHD_Connection* connection, std::filesystem::path data,
        std::function<bool(const std::map<std::string, std::string>&)> may_send);
    /// What finish() did not hand over is removed.
    ~Upload();

    /// A part of the body. False: no more of it is wanted.
    bool take(const char* data, std::size_t size);
    /// The form's fields when all is there. A file that is a package is unpacked into a
    /// folder of the data directory, which the field "package" names; what the browser
    /// sent under this name is not among them. Once `stop` is true, nothing is.
    /// Errors: those of unpack(), denied (by `stop` too), too_large, io (disk full).
    Result<std::map<std::string, std::string>> finish(const std::atomic<bool>& stop);
    /// Removes what has come; no more of it is taken.
    void drop();
    /// The field "token" alone, for an answer to whoever may have one.
    [[nodiscard]] std::map<std::string, std::string> token() const;

private:
    struct State;
    explicit Upload(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// May it be taken in? Only what an Upload unpacked may.
bool is_upload(const std::filesystem::path& folder, const std::filesystem::path& data);

/// Has `peer` take in an upload that the reader has agreed to. Errors: invalid; those
/// of Peer::import.
Status take_in_upload(const std::filesystem::path& folder, const std::filesystem::path& data,
                      Peer& peer);

/// Removes uploads that were taken in some time ago, unless something is still, and those
/// that nobody has come back to, and what else a killed server left. `all`: every one.
void sweep_uploads(const std::filesystem::path& data, const Peer* peer, bool all = false);

/// Removes the uploads, and what a killed import left, that have something of `feed`.
void forget_uploads_of(const PublicKey& feed, const std::filesystem::path& data);

}  // namespace colport::web
