#include "cli/press/sign_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/press/key_commands.h"
#include "cli/press/key_options.h"
#include "cli/press/press_add.h"
#include "cli/press/request_text.h"
#include "feed/files.h"
#include "press/signing/signing.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport-press";

fs::path next_key(const fs::path& folder) { return folder / "signing.next.key"; }

struct Made {
    SignedRequest request;
    bool by_next_key = false;   ///< by one that is not in use yet
};

/// The key in `folder` that a request needs.
Result<Made> sign_with_keys_in(const fs::path& folder, Bytes request,
                               const RequestSummary& summary, const KeyOptions& options) {
    if (!summary.is_release) {
        const auto root = COLPORT_TRY(load_key(folder / "root.key", "root", options.ask()));
        return Made{COLPORT_TRY(sign_request(request, root))};
    }
    std::error_code ignored;
    if (fs::exists(next_key(folder), ignored)) {
        const auto key = COLPORT_TRY(load_key(next_key(folder), "signing", options.ask()));
        auto out = sign_request(request, key);
        if (out) return Made{std::move(*out), true};
        if (out.error().code != Errc::denied) return std::move(out).error();
    }
    const auto key = COLPORT_TRY(load_key(folder / "signing.key", "signing", options.ask()));
    return Made{COLPORT_TRY(sign_request(request, key))};
}

Status check_told(const KeyOptions& options, const RequestSummary& summary) {
    if (options.check.empty() || are_check_words(summary, options.check)) return done();
    return Error{Errc::forged, "these words are not those of the request",
                 "look for a slip of the pen; else somebody changed it on its way: have it "
                 "prepared and brought again"};
}

constexpr const char* compare_words =
    "Ask whoever prepared this, by another way than the file came, for the words after check:\n"
    "a file that was changed on its way may show the same titles over other texts.\n";

Status run_sign(const KeyOptions& options) {
    const auto request = COLPORT_TRY(read_file(options.file, largest_request));
    const auto summary = COLPORT_TRY(read_request(request));
    if (options.json) print_json(json_of(summary));
    else fmt::print("{}\n{}\n", text_of(summary), check_line(summary));
    std::fflush(stdout);
    COLPORT_TRY(check_told(options, summary));
    if (const auto odd = odd_clock(summary, now()); !odd.empty())
        fmt::print(stderr, "{}: warning: {}\n", program, odd);
    if (!options.yes && options.check.empty()) fmt::print(stderr, "{}", compare_words);
    if (!options.yes &&
        !COLPORT_TRY(confirm(options.check.empty()
                                 ? "Are the words the same, and is that what you mean to sign?"
                                 : "Is that what you mean to sign?")))
        return Error{Errc::invalid, "not signed"};
    const fs::path folder = options.keys.front();
    const auto made = COLPORT_TRY(sign_with_keys_in(folder, request, summary, options));
    const auto& now_signed = made.request.summary;
    COLPORT_TRY(remember_signed(folder, now_signed));
    COLPORT_TRY(write_file(options.file, made.request.file, 0600));
    std::error_code tried_again_by_the_next;
    if (made.by_next_key)
        fs::rename(next_key(folder), folder / "signing.key", tried_again_by_the_next);
    if (now_signed.appointing_left > 0)
        fmt::print(stderr, "signed; {} more of the {} root keys of before must appoint the new "
                           "ones\n",
                   now_signed.appointing_left, now_signed.appointing->keys.size());
    if (now_signed.signatures_left > 0)
        fmt::print(stderr, "signed; {} more of the {} root keys must sign\n",
                   now_signed.signatures_left, now_signed.roots.keys.size());
    if (now_signed.is_signed())
        fmt::print(stderr, "signed; take {} back, and run there: colport-press {} DIR --finish {}\n",
                   options.file, now_signed.is_release ? "release" : "key rotate",
                   fs::path(options.file).filename().string());
    return done();
}

}  // namespace

Status prepare_release(const Workshop& workshop, const ReleaseOptions& options,
                       const std::string& file, bool as_json, Progress& progress) {
    const auto prepared = COLPORT_TRY(colport::prepare_release(
        workshop, options, COLPORT_TRY(publishing_time()),
        [&](std::size_t at, std::size_t total) { progress.show(at, total); }));
    for (const auto& warning : prepared.report.warnings)
        fmt::print(stderr, "{}: warning: {}\n", program, printable(warning));
    if (prepared.request.empty()) {
        if (as_json) print_json({{"releases", 0}});
        else fmt::print(stderr, "nothing to release: no drafts\n");
        return done();
    }
    COLPORT_TRY(write_file(file, prepared.request, 0600));
    const auto summary = COLPORT_TRY(read_request(prepared.request));
    if (as_json) print_json(json_of(summary));
    else fmt::print("{}\n{}\n", text_of(summary), check_line(summary));
    if (prepared.left != 0)
        fmt::print(stderr, "{} articles wait for the release after this one\n", prepared.left);
    fmt::print(stderr, "Take {} to where the key is, and run: colport-press sign {} --keys DIR\n"
                       "{}Nothing is published yet.\n",
               file, fs::path(file).filename().string(), tell_check_words);
    return done();
}

Status finish_release(const Workshop& workshop, const std::string& file, bool as_json) {
    const auto request = COLPORT_TRY(read_file(file, largest_request));
    const auto summary = COLPORT_TRY(finish_request(workshop, request, now()));
    if (as_json) {
        auto out = json_of(summary);
        // What the old files held is known to who signed, and no more here.
        if (summary.replaced_files != 0)
            for (const char* key :
                 {"articles", "pictures", "vanishing", "vanishing_pictures", "unchanged"})
                out.erase(key);
        print_json(out);
    } else if (summary.replaced_files != 0)
        fmt::print("release   {}\nreplaced  {} files\n", summary.seq, summary.replaced_files);
    else fmt::print("release   {}\narticles  {}\n", summary.seq, summary.articles.size());
    return done();
}

void declare_sign_command(CLI::App& app, int& exit_code) {
    static KeyOptions options;
    auto* sign = app.add_subcommand("sign", "read what a request asks for, and sign it");
    sign->add_option("FILE", options.file, "written by --prepare; the signature goes into it")
        ->required();
    sign->add_option("--keys", options.keys, "folder of the root key, or of the signing key")
        ->required()
        ->expected(1);
    sign->add_option("--check", options.check,
                     "go on only if these are its words, as --prepare printed them after check");
    sign->add_flag("--yes", options.yes, "do not ask");
    sign->add_flag("--json", options.json, "print one JSON object of what is signed");
    add_passphrase_options(sign, options.passphrase, nullptr);
    sign->footer(
        "Example: colport-press sign /media/stick/request --keys keys\n"
        "Compare the words after check with those that --prepare printed, by another way than\n"
        "FILE came: titles do not show whether somebody changed the texts below them.");
    on_call(sign, program, exit_code, [] { return run_sign(options); });
}

}  // namespace colport::cli
