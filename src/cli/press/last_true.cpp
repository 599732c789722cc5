#include "cli/press/last_true.h"

#include <fmt/format.h>

#include <algorithm>

#include "article/article.h"
#include "press/signing/key_work.h"

namespace colport::cli {
namespace {

constexpr std::size_t most_releases = 10;
constexpr std::size_t most_titles = 3;

std::string line_of(const KeyWork& work) {
    auto out = fmt::format("{:>7}  {} UTC ", work.seq, format_time(work.time, 0));
    for (const auto& title : work.titles) out += fmt::format(" “{}”", one_line(title));
    if (work.articles > work.titles.size())
        out += fmt::format(" and {} more", work.articles - work.titles.size());
    return out + "\n";
}

Status show(const KeyOptions& options, const SignedRecords& state, std::vector<PublicKey> keys) {
    keys.push_back(state.head->signer);
    const auto works = COLPORT_TRY(
        work_of_keys(options.workshop().feed(), state, keys, most_releases, most_titles));
    fmt::print(stderr, "The newest releases in {} that this key signed. A thief may have numbered and "
                       "dated his as old:\n", options.directory);
    for (const auto& work : works) fmt::print(stderr, "{}", line_of(work));
    fmt::print(stderr,
               "The last, {}, is signed anew: from then on readers are told that all of it, and of\n"
               "what came before it, is yours.\n", state.head->seq());
    return done();
}

}  // namespace

Status confirm_last_true(const KeyOptions& options, const SignedRecords& state,
                         const std::vector<PublicKey>& withdrawn) {
    if (!state.head) return done();
    const auto& signer = state.head->signer;
    const bool is_signed_anew =
        std::find(withdrawn.begin(), withdrawn.end(), signer) != withdrawn.end() ||
        !state.keyring.may_sign(signer, state.head->message.time());
    const bool may_be_another =
        !options.since.empty() || options.last_true != 0 || is_adopted(options.workshop());
    if (!is_signed_anew || !may_be_another) return done();
    const auto seq = state.head->seq();
    if (options.last_true == seq) return done();
    const char* const hint =
        "compare titles with what you published; go on from an older copy, or redact what is not "
        "yours";
    if (options.last_true != 0)
        return Error{Errc::invalid,
                     fmt::format("the newest release in {} is {}, and not {}", options.directory, seq,
                                 options.last_true),
                     hint};
    COLPORT_TRY(show(options, state, withdrawn));
    const auto sure = confirm(fmt::format("Is release {} yours, with all before it?", seq));
    if (!sure && sure.error().code == Errc::denied)
        return Error{Errc::denied,
                     fmt::format("no terminal to ask whether release {} is yours", seq),
                     fmt::format("compare titles with what you published, then say --last-true {}",
                                 seq)};
    if (!COLPORT_TRY(sure)) return Error{Errc::invalid, "nothing was signed", hint};
    return done();
}

}  // namespace colport::cli
