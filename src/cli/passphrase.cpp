#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "cli/terminal.h"
#include "feed/files.h"

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
            auto line = read_line();
            write("\n");
            return line;
        }
    }

private:
    /// The rest of a line that is too long must not become the next answer.
    Result<Secret> read_line() {
        Secret buffer(longest_passphrase);
        std::size_t size = 0;
        while (true) {
            char c = 0;
            const auto got = ::read(file_, &c, 1);
            if (got < 0 && errno == EINTR) continue;
            if (got != 1) return Error{Errc::invalid, "the input ended before the passphrase"};
            if (c == '\n') break;
            if (size < buffer.size()) buffer.data()[size] = static_cast<unsigned char>(c);
            ++size;
        }
        if (size > buffer.size())
            return Error{Errc::invalid,
                         fmt::format("the passphrase is over {} bytes", longest_passphrase)};
        return Secret::copy(buffer.view().substr(0, size));
    }
    void write(const std::string& text) {
        [[maybe_unused]] const auto written = ::write(file_, text.data(), text.size());
    }
    int file_;
};

Error no_terminal() {
    return {Errc::denied, "no terminal to ask for the passphrase", "use --passphrase-file FILE"};
}

Result<Secret> from_file(const std::string& file) {
    auto text = COLPORT_TRY(read_file(file, 4096));
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.ends_with('\r')) text.pop_back();
    return Secret::copy(text);
}

}  // namespace

Result<Secret> ask_passphrase(const std::string& purpose, const std::string& file) {
    if (!file.empty()) return from_file(file);
    Terminal terminal;
    if (!terminal.ok()) return no_terminal();
    return terminal.ask(purpose);
}

Result<Secret> choose_passphrase(const std::string& purpose, const std::string& file) {
    if (!file.empty()) {
        auto out = COLPORT_TRY(from_file(file));
        if (out.size() == 0)
            return Error{Errc::invalid, fmt::format("the passphrase in {} is empty", file),
                         "say --no-passphrase to leave the keys unencrypted"};
        return out;
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

}  // namespace colport::cli
