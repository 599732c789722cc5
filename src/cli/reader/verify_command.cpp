#include "cli/reader/verify_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/reader/show.h"
#include "cli/terminal.h"
#include "cli/verification.h"
#include "core/crypto.h"
#include "feed/package.h"
#include "feed/scratch_folder.h"
#include "feed/stick.h"
#include "peer/peer.h"

namespace colport::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "colport";
// What a chat or a mail hands on; `import` takes more.
constexpr std::uint64_t most_unpacked = std::uint64_t{8} << 30;

struct Options {
    const std::string* data = nullptr;
    std::string place;
    bool as_json = false;
};

Result<std::vector<Verification>> check(const fs::path& place, const fs::path& data) {
    std::error_code error;
    if (fs::is_regular_file(place, error) && place.extension() == ".zst")
        return std::vector{verify_bundle(place, now())};
    // In the data directory, whose purge finds what a kill leaves.
    const ScratchFolder scratch(
        fs::is_directory(data, error)
            ? data / ("import-" + to_hex(random_bytes(4)))
            : fs::temp_directory_path() / ("colport-verify-" + to_hex(random_bytes(8))));
    auto folder = place;
    if (fs::is_regular_file(place, error)) {
        COLPORT_TRY(unpack(place, scratch.path(), most_unpacked));
        folder = scratch.path();
    }
    std::vector<Verification> out;
    Progress progress("checking");
    for (const auto& feed : COLPORT_TRY(feed_directories_in(folder)))
        out.push_back(verify_directory(
            feed, now(), [&](std::size_t at, std::size_t all) { progress.show(at, all); },
            Extent::part));
    // Names of files in what was unpacked for a moment help nobody.
    for (auto& result : out)
        for (auto* lines : {&result.errors, &result.warnings})
            for (auto& line : *lines)
                if (line.starts_with(scratch.path().string()))
                    line = place.string() + ": " + line.substr(scratch.path().string().size() + 1);
    return out;
}

/// By what name, if at all.
std::optional<std::string> followed_as(const std::string& data, const PublicKey& feed) {
    auto archive = ArchiveReader::open(DataDirectory{data}.archive());
    const auto feeds = archive ? archive->feeds() : archive.error();
    if (!feeds) return {};
    const auto known = std::find_if(feeds->begin(), feeds->end(),
                                    [&](const FeedSummary& one) { return one.feed == feed; });
    if (known == feeds->end()) return {};
    return known->name;
}

void show_more(const Options& options, const Verification& result) {
    if (result.missing != 0)
        fmt::print("a part of the feed: {} files and volumes of it are not here\n", result.missing);
    for (const auto& title : result.titles) fmt::print("  {}\n", one_line(title));
    if (result.articles > result.titles.size())
        fmt::print("  and {} more\n", result.articles - result.titles.size());
    if (!result.feed) return;
    if (followed_as(*options.data, *result.feed))
        fmt::print("You follow this feed.\n");
    else
        fmt::print("You do not follow this feed. Anybody can take a name: compare the words\n"
                   "with those that the newsroom gives.\n");
}

Result<bool> verify(const Options& options) {
    auto results = COLPORT_TRY(check(options.place, *options.data));
    bool good = true;
    nlohmann::json feeds = nlohmann::json::array();
    for (const auto& result : results) {
        good = good && result.errors.empty();
        if (!options.as_json) {
            if (show(program, result)) show_more(options, result);
            continue;
        }
        feeds.push_back(json_of(result));
        feeds.back()["followed"] =
            result.feed && followed_as(*options.data, *result.feed).has_value();
    }
    if (options.as_json) fmt::print("{}\n", json_text({{"ok", good}, {"feeds", feeds}}));
    return good;
}

}  // namespace

void declare_verify_command(CLI::App& app, const std::string& data, int& exit_code) {
    static Options options;
    options.data = &data;
    auto* command = app.add_subcommand(
        "verify", "say who signed what somebody handed on, and take nothing in");
    command->add_option("PLACE", options.place, "FILE.tar, folder or bundle")->required();
    command->add_flag("--json", options.as_json, "print JSON");
    command->footer("Example: colport verify article.tar\n"
                    "Exits with 1 when anything in it was not signed by the feed that it names.");
    command->callback([&exit_code] {
        const auto good = verify(options);
        if (!good) exit_code = report(program, good.error());
        else if (!*good) exit_code = 1;
    });
}

}  // namespace colport::cli
