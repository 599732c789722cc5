// What pages yield and how fast: extraction_speed [--repeat N] FILE...
//
// Prints {"NAME": {"articleBody": TEXT}, ...} with the files' names up to the
// first dot, and on stderr how many pages a second of processor time are read.
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "press/import.h"
#include "press/page/running_text.h"

namespace {

namespace fs = std::filesystem;

double processor_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::string body_of(const std::string& page, const std::string& name) {
    const auto imported =
        colport::import_source(page, name, {.format = colport::SourceFormat::html});
    if (!imported || imported->articles.empty()) return {};
    return colport::running_text(imported->articles.front().article);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::pair<std::string, std::string>> pages;
    int repeat = 1;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--repeat" && i + 1 < argc) {
            repeat = std::atoi(argv[++i]);
            continue;
        }
        std::ifstream in(argument, std::ios::binary);
        if (!in) return fmt::print(stderr, "cannot read {}\n", argument), 1;
        const auto name = fs::path(argument).filename().string();
        pages.emplace_back(name.substr(0, name.find('.')),
                           std::string(std::istreambuf_iterator<char>(in), {}));
    }
    nlohmann::json out = nlohmann::json::object();
    const double begin = processor_seconds();
    for (int round = 0; round < repeat; ++round)
        for (const auto& [name, page] : pages) out[name]["articleBody"] = body_of(page, name);
    const double seconds = processor_seconds() - begin;
    fmt::print(stderr, "{:.0f} pages a second of processor time\n",
               static_cast<double>(pages.size()) * repeat / seconds);
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return 0;
}
