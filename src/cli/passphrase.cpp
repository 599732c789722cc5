#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "cli/terminal.h"
#include "feed/descriptor.h"

namespace colport::cli {
namespace {

constexpr std::size_t longest_passphrase = 1024;

/// While it lives the terminal shows nothing of what is typed, and signals that
/// would end or stop the process wait: default actions restore no terminal.
class Quiet {
public:
    explicit Quiet(int terminal) : terminal_(terminal) {
        sigemptyset(&signals_);
        for (const int number : {SIGINT, SIGTERM, SIGTSTP, SIGHUP, SIGQUIT})
            sigaddset(&signals_, number);
        pthread_sigmask(SIG_BLOCK, &signals_, &mask_);
        arrivals_ = ::signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK);
        ::tcgetattr(terminal_, &before_);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(terminal_, TCSAFLUSH, &quiet);
    }
    Quiet(const Quiet&) = delete;
    /// Signals that waited act now.
    ~Quiet() {
        ::tcsetattr(terminal_, TCSAFLUSH, &before_);
        if (arrivals_ >= 0) ::close(arrivals_);
        pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    }

    /// Waits for input; false when a signal came first.
    [[nodiscard]] bool wait() const {
        pollfd files[] = {{terminal_, POLLIN, 0}, {arrivals_, POLLIN, 0}};
        while (::poll(files, 2, -1) < 0 && errno == EINTR) {}
        return files[1].revents == 0;
    }

private:
    int terminal_;
    int arrivals_;
    sigset_t signals_{}, mask_{};
    termios before_{};
};

/// What the end of the input means where no line ends before it.
enum class AtEnd { refuse, ends_a_line, ends_any_line };

/// The rest of a line that is too long must not become the next answer.
Result<Secret> read_line(int file, AtEnd at_end) {
    Secret buffer(longest_passphrase);
    std::size_t size = 0;
    while (true) {
        char c = 0;
        const auto got = ::read(file, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return Error{Errc::invalid, fmt::format("cannot read the passphrase from descriptor {}: {}",
                                                    file, strerror(errno))};
        if (got == 0 && (at_end == AtEnd::refuse || (at_end == AtEnd::ends_a_line && size == 0)))
            return Error{Errc::invalid, "the input ended before the passphrase"};
        if (got == 0) break;
        if (c == '\n') break;
        if (size < buffer.size()) buffer.data()[size] = static_cast<unsigned char>(c);
        ++size;
    }
    if (size > buffer.size())
        return Error{Errc::invalid,
                     fmt::format("the passphrase is over {} bytes", longest_passphrase)};
    if (size != 0 && buffer.data()[size - 1] == '\r') --size;
    return Secret::copy(buffer.view().substr(0, size));
}

class Terminal {
public:
    Terminal() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {}
    Terminal(const Terminal&) = delete;
    ~Terminal() {
        if (file_ >= 0) ::close(file_);
    }
    [[nodiscard]] bool ok() const { return file_ >= 0; }

    Result<Secret> ask(const std::string& prompt) {
        // A process that was stopped and goes on asks again.
        while (true) {
            const Quiet quiet(file_);
            write(prompt + ": ");
            if (!quiet.wait()) {
                write("\n");
                continue;
            }
            auto line = read_line(file_, AtEnd::refuse);
            write("\n");
            return line;
        }
    }

    /// A line that may be seen.
    Result<bool> ask_yes(const std::string& question) {
        write(question + " [yes/no] ");
        const auto line = COLPORT_TRY(read_line(file_, AtEnd::refuse));
        return line.view() == "yes";
    }

private:
    void write(const std::string& text) {
        [[maybe_unused]] const auto written = ::write(file_, text.data(), text.size());
    }
    int file_;
};

Error no_terminal() {
    return {Errc::denied, "no terminal to ask for the passphrase",
            "use --passphrase-fd N or --passphrase-file FILE"};
}

/// Straight into a Secret: what passes through a string leaves traces.
Result<Secret> from_file(const std::string& file) {
    const auto opened = COLPORT_TRY(open_regular(file));
    return read_line(opened.get(), AtEnd::ends_any_line);
}

Result<std::optional<Secret>> from_source(const PassphraseSource& source) {
    if (source.descriptor >= 0) return std::optional(COLPORT_TRY(read_line(source.descriptor, AtEnd::ends_a_line)));
    if (!source.file.empty()) return std::optional(COLPORT_TRY(from_file(source.file)));
    return std::optional<Secret>();
}

}  // namespace

Result<Secret> ask_passphrase(const std::string& purpose, const PassphraseSource& source) {
    if (auto given = COLPORT_TRY(from_source(source))) return std::move(*given);
    Terminal terminal;
    if (!terminal.ok()) return no_terminal();
    return terminal.ask(purpose);
}

Result<Secret> choose_passphrase(const std::string& purpose, const PassphraseSource& source) {
    if (auto given = COLPORT_TRY(from_source(source))) {
        if (given->size() == 0)
            return Error{Errc::invalid,
                         source.file.empty() ? "the passphrase is empty"
                                             : fmt::format("the passphrase in {} is empty", source.file),
                         "say --no-passphrase to leave the keys unencrypted"};
        return std::move(*given);
    }
    Terminal terminal;
    if (!terminal.ok()) return no_terminal();
    while (true) {
        auto first = COLPORT_TRY(terminal.ask(purpose));
        if (first.size() == 0)
            return Error{Errc::invalid, "the passphrase is empty",
                         "say --no-passphrase to leave the keys unencrypted"};
        const auto second = COLPORT_TRY(terminal.ask("the same again"));
        if (second.view() == first.view()) return first;
        say("they differ; try again\n");
    }
}

Result<bool> confirm(const std::string& question) {
    Terminal terminal;
    if (!terminal.ok())
        return Error{Errc::denied, "no terminal to ask whether this is meant", "say --yes"};
    return terminal.ask_yes(question);
}

}  // namespace colport::cli
