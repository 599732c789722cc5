#include "cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "feed/files.h"

namespace colport::cli {
namespace {

class Terminal {
public:
    Terminal() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (file_ < 0) return;
        tcgetattr(file_, &before_);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(file_, TCSAFLUSH, &quiet);
    }
    Terminal(const Terminal&) = delete;
    ~Terminal() {
        if (file_ < 0) return;
        tcsetattr(file_, TCSAFLUSH, &before_);
        ::close(file_);
    }
    [[nodiscard]] bool ok() const { return file_ >= 0; }

    Secret ask(const std::string& prompt) {
        write(prompt + ": ");
        Secret buffer(1024);
        std::size_t size = 0;
        char c = 0;
        while (size < buffer.size() && ::read(file_, &c, 1) == 1 && c != '\n')
            buffer.data()[size++] = static_cast<unsigned char>(c);
        write("\n");
        return Secret::copy(buffer.view().substr(0, size));
    }

private:
    void write(const std::string& text) {
        [[maybe_unused]] const auto written = ::write(file_, text.data(), text.size());
    }
    int file_;
    termios before_{};
};

Error no_terminal() {
    return {Errc::denied, "no terminal to ask for the passphrase", "use --passphrase-file FILE"};
}

Result<Secret> from_file(const std::string& file) {
    auto text = COLPORT_TRY(read_file(file, 4096));
    text.resize(std::min(text.find('\n'), text.size()));
    return Secret::copy(text);
}

}  // namespace

int report(const std::string& program, const Error& error) {
    fmt::print(stderr, "{}: error: {}\n", program, printable(error.message));
    if (!error.hint.empty()) fmt::print(stderr, "hint: {}\n", printable(error.hint));
    return exit_failed;
}

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(::isatty(2) != 0) {}

Progress::~Progress() {
    if (shown_) fmt::print(stderr, "\r\033[K");
}

void Progress::show(std::size_t done, std::size_t total) {
    if (!terminal_) return;
    fmt::print(stderr, "\r\033[K{}: {} of {}", what_, done, total);
    shown_ = true;
}

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
        auto first = terminal.ask(purpose);
        if (first.size() == 0)
            return Error{Errc::invalid, "the passphrase is empty",
                         "say --no-passphrase to leave the keys unencrypted"};
        if (terminal.ask("the same again").view() == first.view()) return first;
        fmt::print(stderr, "they differ; try again\n");
    }
}

std::string human_size(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} bytes", bytes);
    double value = static_cast<double>(bytes);
    const char* unit = "KiB";
    value /= 1024;
    for (const char* next : {"MiB", "GiB", "TiB"}) {
        if (value < 1024) break;
        value /= 1024;
        unit = next;
    }
    return fmt::format("{:.1f} {}", value, unit);
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        out += code < 0x20 && c != '\n' && c != '\t' ? ' ' : code == 0x7f ? ' ' : c;
    }
    // U+0080 to U+009F, which terminals obey too.
    for (std::size_t at = 0; (at = out.find('\xc2', at)) != out.npos; ++at)
        if (at + 1 < out.size() && static_cast<unsigned char>(out[at + 1]) < 0xa0)
            out.replace(at, 2, "  ");
    return out;
}

}  // namespace colport::cli
