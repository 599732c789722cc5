// How long "did you mean" takes in an archive, and a completion of the same text, in
// milliseconds of the thread's CPU:
//   suggestions ARCHIVE QUERY...
// Each is asked three times, and the last counts: the disk is warm.

#include <fmt/format.h>

#include <ctime>

#include "query/suggestion.h"
#include "storage/archive.h"

using namespace colport;

namespace {

double milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
    auto reader = ArchiveReader::open(argc > 1 ? argv[1] : "");
    if (!reader) {
        fmt::print(stderr, "{}\n", reader.error().message);
        return 1;
    }
    for (int i = 2; i < argc; ++i) {
        std::optional<Suggestion> meant;
        std::size_t lookups = 0;
        double took = 0;
        for (int round = 0; round < 3; ++round) {
            lookups = 0;
            const auto begin = milliseconds();
            WordSplitter splitter;
            const auto done = reader->with_how_common([&](const HowCommon& how_common) {
                meant = suggest(argv[i], 0, splitter, [&](std::string_view word) {
                    ++lookups;
                    return how_common(word);
                });
            });
            if (!done) fmt::print(stderr, "{}\n", done.error().message);
            took = milliseconds() - begin;
        }
        double completed = 0;
        std::size_t hits = 0;
        for (int round = 0; round < 3; ++round) {
            const auto begin = milliseconds();
            const auto found = reader->complete(argv[i]);
            completed = milliseconds() - begin;
            hits = found ? found->size() : 0;
            if (!found) fmt::print(stderr, "{}\n", found.error().message);
        }
        fmt::print("{:7.2f} ms {:5} lookups {:7.2f} ms {:3} completed  {} -> {}\n", took, lookups,
                   completed, hits, argv[i], meant ? meant->query : "nothing");
    }
}
