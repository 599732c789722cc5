#include "press/sandbox/sandbox_child.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <new>
#include <vector>

#include "core/message.h"
#include "press/sandbox/confinement.h"
#include "sandbox.pb.h"

namespace colport {
namespace {

// A file that is read through is not to count as memory for ever.
constexpr std::size_t forget_after = 256;

[[noreturn]] void leave(int code) { ::_exit(code); }

/// The source, mapped: it may be larger than memory.
class MappedSource {
public:
    MappedSource(const Descriptor& file, std::size_t size) : size_(size) {
        if (size_ == 0) return;
        data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
        if (data_ == MAP_FAILED) leave(1);
    }
    MappedSource(const MappedSource&) = delete;
    MappedSource& operator=(const MappedSource&) = delete;
    ~MappedSource() {
        if (size_ > 0) ::munmap(data_, size_);
    }
    [[nodiscard]] Bytes bytes() const { return {static_cast<const char*>(data_), size_}; }
    void forget() const {
        if (size_ > 0) ::madvise(data_, size_, MADV_DONTNEED);
    }

private:
    void* data_ = nullptr;
    std::size_t size_ = 0;
};

class Child {
public:
    Child(Descriptor socket, const ImportWork& work) : channel_(std::move(socket)), work_(work) {}

    void greet(const Status& confined) {
        pb::SandboxAnswer answer;
        answer.mutable_ready()->set_filtered(confined.ok());
        if (!confined) answer.mutable_ready()->set_reason(confined.error().message);
        tell(answer);
    }

    void read_one() {
        Descriptor file;
        const auto bytes = channel_.receive(sandbox_message, &file);
        if (!bytes) leave(0);
        const auto job = parse_message<pb::SandboxJob>(*bytes, sandbox_message, "job");
        if (!job) leave(1);
        const MappedSource source(file, job->size());
        std::size_t articles = 0;
        const ImportTaker taker{[&](ImportedArticle found) {
                                    pb::SandboxAnswer answer;
                                    auto* article = answer.mutable_article();
                                    article->set_guid(found.guid);
                                    article->set_of_export(found.origin ==
                                                           TextOrigin::site_export);
                                    *article->mutable_article() = std::move(found.article);
                                    tell(answer);
                                    if (++articles % forget_after == 0) source.forget();
                                    return done();
                                },
                                [&](pb::Picture picture) {
                                    pb::SandboxAnswer answer;
                                    *answer.mutable_picture() = std::move(picture);
                                    tell(answer);
                                    return done();
                                }};
        ImportOptions options;
        options.format = static_cast<SourceFormat>(job->format());
        options.is_of_site = job->is_of_site();
        options.charset = job->charset();
        options.base_url = job->base_url();
        options.language = job->language();
        options.stable_name = job->stable_name();
        options.now = job->now();
        options.picture_size = {job->picture_side(), static_cast<std::size_t>(job->picture_bytes())};
        options.text_only = job->text_only();
        options.taker = &taker;
        options.pictures = [&](const std::string& picture, const std::string& base) {
            return ask(picture, base);
        };
        auto imported = work_(source.bytes(), job->name(), options);
        if (imported) finish(std::move(*imported), taker);
        else fail(imported.error());
    }

private:
    void tell(const pb::SandboxAnswer& answer) {
        if (!channel_.send(answer)) leave(0);
    }

    std::optional<std::string> ask(const std::string& source, const std::string& base) {
        pb::SandboxAnswer answer;
        answer.mutable_wanted()->set_source(source);
        answer.mutable_wanted()->set_base(base);
        tell(answer);
        const auto bytes = channel_.receive(sandbox_picture_message);
        if (!bytes) leave(0);
        auto picture =
            parse_message<pb::SandboxPicture>(*bytes, sandbox_picture_message, "picture");
        if (!picture) leave(1);
        if (!picture->found()) return {};
        return std::move(*picture->mutable_data());
    }

    void finish(Imported imported, const ImportTaker& taker) {
        for (auto& picture : imported.pictures) (void)taker.picture(std::move(picture));
        for (auto& article : imported.articles) (void)taker.article(std::move(article));
        pb::SandboxAnswer answer;
        auto* finished = answer.mutable_finished();
        for (const auto& line : imported.warnings) finished->add_warnings(line);
        finished->set_site(imported.site);
        finished->set_no_articles(imported.no_articles);
        finished->set_damaged(imported.damaged);
        for (const auto& left : imported.standing) {
            auto* standing = finished->add_standing();
            standing->set_guid(left.guid);
            standing->set_url(left.url);
        }
        tell(answer);
    }

    void fail(const Error& error) {
        pb::SandboxAnswer answer;
        auto* failed = answer.mutable_failed();
        failed->set_code(static_cast<std::uint32_t>(error.code));
        failed->set_message(error.message);
        failed->set_hint(error.hint);
        tell(answer);
    }

    SandboxChannel channel_;
    const ImportWork& work_;
};

void close_from(int first) {
    if (::close_range(static_cast<unsigned>(first), ~0U, 0) == 0) return;
    // Kernels before 5.9 and some containers have no such call.
    std::vector<int> open;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", failed), end;
         !failed && entry != end; entry.increment(failed))
        open.push_back(std::atoi(entry->path().filename().c_str()));
    if (open.empty())
        for (long number = first; number < ::sysconf(_SC_OPEN_MAX); ++number)
            open.push_back(static_cast<int>(number));
    for (const int number : open)
        if (number >= first) ::close(number);
}

/// Leaves open the socket and nothing else: neither the workshop's lock nor what
/// the parent reads its passphrase from.
Descriptor keep_only(Descriptor socket) {
    const int null = ::open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2})
        if (null >= 0) ::dup2(null, standard);
        else ::close(standard);
    const int kept = ::dup2(socket.release(), 3);
    close_from(4);
    return Descriptor(kept);
}

}  // namespace

void run_sandbox_child(Descriptor socket, const ImportWork& work, const SandboxLimits& limits) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::tzset();
    socket = keep_only(std::move(socket));
    // It outlives what is thrown: a socket that closes before the process ends with its
    // code looks like any other death.
    Child child(std::move(socket), work);
    try {
        child.greet(confine_process(limits.memory));
        while (true) child.read_one();
    } catch (const std::bad_alloc&) {
        leave(sandbox_out_of_memory);
    } catch (...) {
        leave(1);
    }
}

}  // namespace colport
