#include "cli/verification.h"

#include <fmt/format.h>

#include "cli/terminal.h"
#include "feed/fingerprint.h"

namespace colport::cli {
namespace {

std::string hex_of(const std::optional<PublicKey>& key) {
    return key ? key->hex() : std::string();
}

}  // namespace

nlohmann::json json_of(const Verification& result) {
    return {{"ok", result.errors.empty()},
            {"errors", result.errors},
            {"warnings", result.warnings},
            {"name", result.name},
            {"feed", hex_of(result.feed)},
            {"signer", hex_of(result.signer)},
            {"seq", result.seq},
            {"volumes", result.volumes},
            {"files", result.files},
            {"articles", result.articles},
            {"pictures", result.pictures},
            {"missing", result.missing},
            {"titles", result.titles}};
}

bool show(const char* program, const Verification& result) {
    for (const auto& message : result.errors) report(program, {Errc::corrupt, message});
    if (!result.errors.empty()) return false;
    for (const auto& warning : result.warnings)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(warning));
    fmt::print("good: {}release {}, {} files, {} articles, {} pictures\n",
               result.name.empty() ? "" : one_line(result.name) + ", ", result.seq, result.files,
               result.articles, result.pictures);
    fmt::print("feed    {}\nsigner  {}\n", hex_of(result.feed), hex_of(result.signer));
    if (result.feed) fmt::print("words   {}\n", fingerprint_words(*result.feed));
    return true;
}

}  // namespace colport::cli
