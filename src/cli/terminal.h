#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/crypto.h"
#include "core/result.h"

/// How the commands speak: results on stdout, all else on stderr.
namespace colport::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

/// "program: error: …", then "hint: …" where there is one. Returns exit_failed.
int report(const std::string& program, const Error& error);

/// Writes to stderr; a stderr that fails is nobody's problem.
void say(std::string_view text) noexcept;

/// One line that overwrites itself, shown on a terminal alone, cleared at the end.
class Progress {
public:
    explicit Progress(std::string what);
    ~Progress();
    void show(std::size_t done, std::size_t total);

private:
    std::string what_;
    bool terminal_;
    bool shown_ = false;
};

/// Where passphrases come from when it is not the terminal.
struct PassphraseSource {
    std::string file;      ///< its first line serves for every key
    int descriptor = -1;   ///< a line for each key, in the order in which they are needed
};

/// From the source when it names one, else asked on the terminal without echo; a
/// signal meanwhile finds the echo restored. Errors: not_found, denied (no terminal),
/// invalid (end of input, or too long).
Result<Secret> ask_passphrase(const std::string& purpose, const PassphraseSource& source);
/// As above, and asked twice on a terminal: a typo would lose the key for ever.
Result<Secret> choose_passphrase(const std::string& purpose, const PassphraseSource& source);

/// Asks a person who must type the word "yes". Errors: denied (no terminal).
Result<bool> confirm(const std::string& question);

/// "12.3 KiB".
std::string human_size(std::uint64_t bytes);

/// Seconds since 1970.
std::int64_t now();

/// The time that a release is dated with: SOURCE_DATE_EPOCH where that is set, so that
/// the same drafts give the same bytes, else now(). Errors: invalid.
Result<std::int64_t> publishing_time();

/// Makes text from outside fit for a terminal: no control character but line
/// feed and tab, none that reorders what stands around it, and U+FFFD for what is
/// not UTF-8. Joiners and direction marks stay; scripts need them.
std::string printable(std::string_view text);
/// As above, on one line: for titles, names and messages.
std::string one_line(std::string_view text);

/// Paths and titles need not be UTF-8: what is not is replaced, never thrown at.
void print_json(const nlohmann::json& value);

}  // namespace colport::cli
