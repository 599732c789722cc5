#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "web/web.h"

namespace colport::cli {

/// Answers of the JSON API: from the daemon of a data directory when one runs,
/// else from its archive, by the same code.
class Backend {
public:
    explicit Backend(std::filesystem::path data);

    using Query = std::map<std::string, std::string>;
    /// The body of a successful answer. Errors: the API's own; network when the
    /// daemon stopped answering.
    Result<std::string> get(const std::string& path, const Query& query = {});
    Result<std::string> post(const std::string& path, const std::string& body);

    /// Is a daemon running?
    [[nodiscard]] bool daemon_runs() const noexcept { return daemon_; }

private:
    Result<std::string> ask(web::Request request);
    Result<std::string> ask_daemon(const web::Request& request);

    DataDirectory data_;
    bool daemon_;
    std::unique_ptr<web::Site> site_;
};

}  // namespace colport::cli
