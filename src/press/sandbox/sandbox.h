#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "press/import.h"
#include "press/sandbox/sandbox_channel.h"

/// Where files from outside are parsed: in a child process that can open neither
/// files nor sockets nor programs (press/sandbox/confinement.h), under limits of time and
/// memory. The parent hands over an open file and takes back articles and pictures,
/// which it checks as if a stranger had sent them.
namespace colport {

/// How sources are read; the same within the child as without.
using ImportWork =
    std::function<Result<Imported>(Bytes content, const std::string& name, const ImportOptions&)>;

struct SandboxLimits {
    /// Without an article or a picture to show for it: of the child's processor
    /// time, and three times as much by the clock, the parent's own work aside.
    std::chrono::milliseconds time{10'000};
    /// Pictures that an article may be given, each with that much time to unpack it.
    std::size_t pictures = 256;
    /// Pictures that it may ask for or bring without an article to show for them.
    std::size_t messages = 10'000;
    std::size_t memory = std::size_t{1} << 30;   ///< what the child owns, in bytes
};

/// One child reads many sources, one after another; a fork for each would halve
/// the speed. A child that died is replaced at the next source. One thread at a
/// time, and no other may be running when a child is started, for it is a fork.
class Sandbox {
public:
    explicit Sandbox(ImportWork work = import_source, SandboxLimits limits = {});
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    /// As import_source(). options.taker also gets what came before a source failed;
    /// the first error that it returns is returned. Pictures are read by the parent:
    /// by options.pictures, else from options.folder.
    ///
    /// Errors: those of import_source(); not_found, denied, io (the file); corrupt
    /// when the child died of it, or broke a rule.
    Result<Imported> import_file(const std::filesystem::path& path, const std::string& name,
                                 const ImportOptions& options);
    Result<Imported> import_bytes(Bytes content, const std::string& name,
                                  const ImportOptions& options);

    /// Why the kernel does not filter the child's system calls; empty while it does
    /// or none has run yet.
    [[nodiscard]] const std::string& missing_filter() const noexcept { return missing_filter_; }

private:
    struct Child;
    Status start_child();
    Result<Imported> import_descriptor(const Descriptor& source, const std::string& name,
                                       const ImportOptions& options);
    Result<Imported> converse(const std::string& name, const ImportOptions& options);
    Error obituary(const std::string& name);
    [[nodiscard]] bool in_time();

    ImportWork work_;
    SandboxLimits limits_;
    std::unique_ptr<Child> child_;
    std::string missing_filter_;
};

}  // namespace colport
