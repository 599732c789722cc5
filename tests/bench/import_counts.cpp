// What the importer makes of each file, a JSON object a line, each in a process of
// its own so that one that crashes or hangs is named: import_counts FILE...
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "feed/files.h"
#include "press/import.h"

using namespace colport;

namespace {

constexpr unsigned most_seconds = 10;

void report(const char* path) {
    const auto start = std::chrono::steady_clock::now();
    nlohmann::json out{{"file", path}};
    if (const auto content = read_file(path, std::size_t{64} << 20); !content) {
        out["error"] = content.error().message;
    } else if (const auto read = import_source(*content, path, {}); !read) {
        out["error"] = read.error().message;
    } else {
        out["articles"] = read->articles.size();
        out["warnings"] = read->warnings;
        out["damaged"] = read->damaged;
    }
    out["ms"] = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                    .count();
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** paths) {
    for (int i = 1; i < count; ++i) {
        const auto child = ::fork();
        if (child == 0) {
            ::alarm(most_seconds);
            report(paths[i]);
            ::_exit(0);
        }
        int status = 0;
        if (child < 0 || ::waitpid(child, &status, 0) != child) return 1;
        if (status == 0) continue;
        const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        fmt::print("{}\n", nlohmann::json{{"file", paths[i]}, {"signal", signal}}.dump());
        std::fflush(stdout);
    }
}
