#include "press/sandbox/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <ctime>

#include "article/article.h"
#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "press/pictures/pictures.h"
#include "press/sandbox/sandbox_child.h"
#include "sandbox.pb.h"

namespace colport {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// What is no regular file is read into memory first.
constexpr std::size_t max_stream = 256 * limits::mib;
constexpr int max_warnings = 200;
constexpr std::size_t max_line = 2000;
constexpr std::size_t max_guid = 64 * limits::kib;

/// Processor time of a process.
nanoseconds used_by(pid_t process) {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return nanoseconds::max();
    return std::chrono::seconds(used.tv_sec) + nanoseconds(used.tv_nsec);
}

std::string line_of(std::string text) {
    if (text.size() > max_line) text.resize(max_line);
    return text;
}

Result<Descriptor> open_source(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file) return file;
    const auto code = errno == ENOENT                       ? Errc::not_found
                      : errno == EACCES || errno == EPERM ? Errc::denied
                                                          : Errc::io;
    return Error{code, fmt::format("cannot read {}: {}", path.string(), strerror(errno))};
}

Result<std::uint64_t> size_of(const Descriptor& file) {
    struct stat facts {};
    if (::fstat(file.get(), &facts) == 0) return static_cast<std::uint64_t>(facts.st_size);
    return Error{Errc::io, fmt::format("cannot look at a source: {}", strerror(errno))};
}

Result<Descriptor> in_memory(Bytes content) {
    Descriptor file(::memfd_create("source", MFD_CLOEXEC));
    if (!file) return Error{Errc::io, fmt::format("no memory for a source: {}", strerror(errno))};
    while (!content.empty()) {
        const auto size = ::write(file.get(), content.data(), content.size());
        if (size >= 0) content.remove_prefix(static_cast<std::size_t>(size));
        else if (errno != EINTR)
            return Error{Errc::io, fmt::format("no memory for a source: {}", strerror(errno))};
    }
    return file;
}

/// What may come out of the child at all; whether an article is good is for those
/// who store it to check.
Result<ImportedArticle> checked(pb::SandboxAnswer::FoundArticle found) {
    if (found.guid().empty() || found.guid().size() > max_guid || !is_text(found.guid()) ||
        found.article().ByteSizeLong() > limits::article ||
        found.article().status() != pb::Article::PUBLISHED || !found.article().note().empty())
        return Error{Errc::corrupt, "broke the rules of the sandbox"};
    return ImportedArticle{found.guid(), std::move(*found.mutable_article()),
                           found.of_export() ? TextOrigin::site_export : TextOrigin::site,
                           found.of_feed(), {}, {}};
}

Result<pb::Picture> checked(pb::Picture picture) {
    if (picture.data().empty() || picture.data().size() > limits::picture ||
        picture.media_type() != "image/webp" || !is_webp(picture.data()))
        return Error{Errc::corrupt, "broke the rules of the sandbox"};
    return picture;
}

Error checked(const pb::SandboxAnswer::Failed& failed) {
    const auto code = failed.code() <= static_cast<std::uint32_t>(Errc::invalid)
                          ? static_cast<Errc>(failed.code())
                          : Errc::corrupt;
    return {code, line_of(failed.message()), line_of(failed.hint())};
}

/// Pictures for the child: it cannot open them itself. Whatever it asks for, nothing
/// else is read to it.
class PictureDesk {
public:
    explicit PictureDesk(const ImportOptions& options)
        : lookup_(options.pictures), folder_(options.folder) {}

    pb::SandboxPicture answer(const pb::SandboxAnswer::WantedPicture& wanted) {
        pb::SandboxPicture out;
        auto bytes = lookup_ ? lookup_(wanted.source(), wanted.base()) : std::nullopt;
        if (!bytes) bytes = folder_.load(wanted.source());
        if (bytes && bytes->size() <= max_picture_file) {
            out.set_found(true);
            if (begins_as_picture(*bytes)) out.set_data(std::move(*bytes));
        }
        return out;
    }

private:
    PictureLookup lookup_;
    Pictures folder_;
};

}  // namespace

struct Sandbox::Child {
    pid_t process = -1;
    SandboxChannel channel;
    nanoseconds used_before{};
    Clock::time_point since = Clock::now();
    bool out_of_time = false;
    std::size_t messages = 0, pictures = 0;   // since the last article

    Child(pid_t id, Descriptor socket) : process(id), channel(std::move(socket)) {}
    ~Child() { end(); }

    /// The budget begins anew.
    void mark_progress() {
        used_before = used_by(process);
        since = Clock::now();
    }
    void begin_article() {
        messages = pictures = 0;
        mark_progress();
    }
    /// The time that it waited for the answer is not its own.
    void answered(bool with_picture, Clock::duration wait, const SandboxLimits& limits) {
        since += wait;
        if (with_picture && ++pictures <= limits.pictures) mark_progress();
    }
    /// Its wait status.
    int end() {
        int status = 0;
        if (process <= 0) return status;
        ::kill(process, SIGKILL);
        while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {}
        process = -1;
        return status;
    }
};

Sandbox::Sandbox(ImportWork work, SandboxLimits limits)
    : work_(std::move(work)), limits_(limits) {}
Sandbox::~Sandbox() = default;

Status Sandbox::start_child() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return Error{Errc::io, fmt::format("cannot start the sandbox: {}", strerror(errno))};
    Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);
    const pid_t process = ::fork();
    if (process < 0)
        return Error{Errc::io, fmt::format("cannot start the sandbox: {}", strerror(errno))};
    if (process == 0) {
        ours.reset();
        run_sandbox_child(std::move(theirs), work_, limits_);
    }
    child_ = std::make_unique<Child>(process, std::move(ours));
    child_->channel.set_patience([this] { return in_time(); });
    child_->mark_progress();
    const auto bytes = child_->channel.receive(sandbox_message);
    const auto answer = bytes ? parse_message<pb::SandboxAnswer>(*bytes, sandbox_message, "answer")
                              : Result<pb::SandboxAnswer>(Error{bytes.error()});
    if (!answer || !answer->has_ready()) {
        child_.reset();
        return Error{Errc::io, "the sandbox does not start"};
    }
    missing_filter_ = answer->ready().filtered() ? "" : line_of(answer->ready().reason());
    return done();
}

bool Sandbox::in_time() {
    const auto used = used_by(child_->process);
    // Over when it is gone: the socket says so then.
    child_->out_of_time = used != nanoseconds::max() &&
                          (used - child_->used_before > limits_.time ||
                           Clock::now() - child_->since > 3 * limits_.time);
    return !child_->out_of_time;
}

Error Sandbox::obituary(const std::string& name) {
    const bool out_of_time = child_->out_of_time;
    const int status = child_->end();
    child_.reset();
    const auto seconds =
        std::chrono::duration_cast<std::chrono::duration<double>>(limits_.time).count();
    std::string why = "ended the process that read it";
    if (out_of_time)
        why = fmt::format("took over {:g} s of work", seconds);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == sandbox_out_of_memory)
        why = fmt::format("took over {} MiB of memory", limits_.memory / limits::mib);
    else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        why = fmt::format("crashed the process that read it ({})", strsignal(WTERMSIG(status)));
    return {Errc::corrupt, fmt::format("{}: {}, left out", name, why)};
}

Result<Imported> Sandbox::import_file(const fs::path& path, const std::string& name,
                                      const ImportOptions& options) {
    const auto file = COLPORT_TRY(open_source(path));
    struct stat facts {};
    if (::fstat(file.get(), &facts) == 0 && S_ISREG(facts.st_mode))
        return import_descriptor(file, name, options);
    const auto content = COLPORT_TRY(read_file(path, max_stream));
    return import_bytes(content, name, options);
}

Result<Imported> Sandbox::import_bytes(Bytes content, const std::string& name,
                                       const ImportOptions& options) {
    const auto file = COLPORT_TRY(in_memory(content));
    return import_descriptor(file, name, options);
}

Result<Imported> Sandbox::import_descriptor(const Descriptor& source, const std::string& name,
                                            const ImportOptions& options) {
    if (!child_) COLPORT_TRY(start_child());
    pb::SandboxJob job;
    job.set_name(name);
    job.set_format(static_cast<std::uint32_t>(options.format));
    job.set_is_of_site(options.is_of_site);
    job.set_charset(options.charset);
    job.set_base_url(options.base_url);
    job.set_language(options.language);
    job.set_stable_name(options.stable_name);
    job.set_now(options.now);
    job.set_picture_side(options.picture_size.side);
    job.set_picture_bytes(options.picture_size.bytes);
    job.set_text_only(options.text_only);
    job.set_size(COLPORT_TRY(size_of(source)));
    child_->begin_article();
    if (!child_->channel.send(job, source.get())) return obituary(name);
    return converse(name, options);
}

Result<Imported> Sandbox::converse(const std::string& name, const ImportOptions& options) {
    PictureDesk desk(options);
    Imported out;
    const ImportTaker keep{[&](ImportedArticle article) {
                               out.articles.push_back(std::move(article));
                               return done();
                           },
                           [&](pb::Picture picture) {
                               out.pictures.push_back(std::move(picture));
                               return done();
                           }};
    const ImportTaker& taker = options.taker ? *options.taker : keep;
    while (true) {
        const auto bytes = child_->channel.receive(sandbox_message);
        // Asked for each message too: one that never falls silent is not patient either.
        if (!bytes || !in_time()) return obituary(name);
        // Articles are encoded anew, so it need not be canonical.
        auto answer = parse_known_message<pb::SandboxAnswer>(*bytes, sandbox_message, "answer");
        auto taken = done();
        if (answer && answer->has_article()) {
            auto found = checked(std::move(*answer->mutable_article()));
            taken = found ? taker.article(std::move(*found)) : Status(found.error());
            child_->begin_article();
        } else if (++child_->messages > limits_.messages) {
            taken = Error{Errc::corrupt, "broke the rules of the sandbox"};
        } else if (answer && answer->has_picture()) {
            auto picture = checked(std::move(*answer->mutable_picture()));
            taken = picture ? taker.picture(std::move(*picture)) : Status(picture.error());
            child_->mark_progress();
        } else if (answer && answer->has_wanted()) {
            const auto begin = Clock::now();
            const auto picture = desk.answer(answer->wanted());
            child_->answered(!picture.data().empty(), Clock::now() - begin, limits_);
            if (!child_->channel.send(picture)) return obituary(name);
        } else if (answer && answer->has_finished()) {
            for (const auto& line : answer->finished().warnings())
                if (out.warnings.size() < max_warnings) out.warnings.push_back(line_of(line));
            out.site = line_of(answer->finished().site());
            out.no_articles = answer->finished().no_articles();
            out.damaged = answer->finished().damaged();
            for (const auto& left : answer->finished().standing())
                out.standing.push_back({left.guid(), left.url()});
            return out;
        } else if (answer && answer->has_failed()) {
            return checked(answer->failed());
        } else {
            taken = Error{Errc::corrupt, "broke the rules of the sandbox"};
        }
        if (!taken) {
            // Whatever else it has to say is not wanted any more.
            child_.reset();
            return std::move(taken).error().in(name);
        }
    }
}

}  // namespace colport
