#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "core/crypto.h"
#include "press/workshop.h"
#include "support/folder.h"

using namespace colport;
using namespace colport::test;

namespace {

constexpr char mask = 0x5a;

/// Bytes to be looked for, in a form in which the search does not find itself.
std::string masked(Bytes bytes) {
    std::string out;
    for (const char c : bytes) out += static_cast<char>(c ^ mask);
    return out;
}

std::string masked_file(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    std::string out;
    for (char c = 0; ::read(file, &c, 1) == 1;) out += static_cast<char>(c ^ mask);
    ::close(file);
    return out;
}

bool holds(Bytes memory, const std::string& wanted) {
    for (std::size_t at = 0; at + wanted.size() <= memory.size(); ++at) {
        std::size_t same = 0;
        while (same < wanted.size() &&
               memory[at + same] == static_cast<char>(wanted[same] ^ mask))
            ++same;
        if (same == wanted.size()) return true;
    }
    return false;
}

/// Whether this process has it anywhere in what it may write to.
bool remembers(const std::string& wanted) {
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    std::ifstream maps("/proc/self/maps");
    static std::array<char, 1 << 16> part;
    for (std::string line; std::getline(maps, line);) {
        std::size_t begin = 0, end = 0;
        char access[5] = {};
        if (std::sscanf(line.c_str(), "%zx-%zx %4s", &begin, &end, access) != 3) continue;
        if (access[0] != 'r' || access[1] != 'w') continue;
        const auto step = part.size() - wanted.size();
        for (; begin < end; begin += step) {
            const auto size = std::min(part.size(), end - begin);
            const auto got = ::pread(memory, part.data(), size, static_cast<off_t>(begin));
            const bool found =
                got > 0 && holds({part.data(), static_cast<std::size_t>(got)}, wanted);
            part.fill(0);
            if (found) return true;
        }
    }
    return false;
}

template <class Work>
int in_child(const Work& work) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::signal(SIGSEGV, SIG_DFL);
        ::_exit(work());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

Result<Secret> no_passphrase(const std::string&) { return Secret(0); }

}  // namespace

TEST_CASE("what is forked has no secret of its parent", "[press][sandbox]") {
    const auto secret = Secret::copy("the name of the ferryman");
    CHECK(in_child([] { return 0; }) == 0);
    CHECK(in_child([&] { return secret.data()[0] == 't' ? 1 : 0; }) == 100 + SIGSEGV);
    CHECK(secret.view() == "the name of the ferryman");
}

TEST_CASE("a key that was loaded is in no memory that a fork inherits", "[press][sandbox]") {
    const Folder folder;
    const Workshop workshop{folder.path / "feed"};
    // Elsewhere: what makes a key is not what loads it.
    REQUIRE(in_child([&] {
                InitOptions options;
                options.name = "The Pier";
                options.language = "en";
                return init_workshop(workshop, options, Secret(0), 1'800'000'000) ? 0 : 1;
            }) == 0);
    CHECK(in_child([&] {
              const auto key = load_signing_key(workshop, no_passphrase);
              if (!key) return 2;
              const auto seed = masked(key->seed().view());
              auto file = masked_file(workshop.signing_key());
              file = file.substr(file.size() - 80, 64);
              // The search finds what is there.
              if (in_child([&] {
                      const auto planted = masked(file);
                      return remembers(file) && planted.size() == 64 ? 0 : 1;
                  }) != 0)
                  return 3;
              return in_child([&] {
                  if (remembers(seed)) return 4;
                  return remembers(file) ? 5 : 0;
              });
          }) == 0);
}
