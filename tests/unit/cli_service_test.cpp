#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

#include "cli/config_file.h"
#include "cli/nearest.h"
#include "cli/daemon/service_manager.h"
#include "cli/daemon/system_calls.h"
#include "support/folder.h"

using namespace colport;
using namespace colport::cli;

namespace {

/// Runs `work` in a process of its own, which gives up its system calls first.
template <class Work>
int in_child(Work work) {
    const auto child = ::fork();
    if (child == 0) ::_exit(give_up_system_calls() ? work() : 99);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

/// 0 when it was refused.
int refused(long result) { return result < 0 && errno == EPERM ? 0 : 1; }

}  // namespace

TEST_CASE("after giving up system calls no program can be run, and threads can") {
    CHECK(in_child([] { return refused(::execl("/bin/true", "true", nullptr)); }) == 0);
    CHECK(in_child([] { return refused(::fork()); }) == 0);
    CHECK(in_child([] { return refused(::socket(AF_INET, SOCK_RAW, 1)); }) == 0);
    CHECK(in_child([] { return refused(::socket(AF_PACKET, SOCK_DGRAM, 0)); }) == 0);
    CHECK(in_child([] { return refused(::mount("/", "/", "", MS_BIND, "")); }) == 0);
    CHECK(in_child([] {
              int out = 1;
              std::thread([&] { out = ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 2; }).join();
              return out;
          }) == 0);
}

TEST_CASE("a service manager is told, by a file and by a name of none") {
    test::Folder folder;
    for (const auto& name : {(folder.path / "notify").string(),
                             "@colport-test-" + std::to_string(::getpid())}) {
        const int receiver = ::socket(AF_UNIX, SOCK_DGRAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.copy(address.sun_path, name.size());
        if (name.front() == '@') address.sun_path[0] = '\0';
        REQUIRE(::bind(receiver, reinterpret_cast<sockaddr*>(&address),
                       static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) == 0);
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
        ::setenv("WATCHDOG_USEC", "30000000", 1);
        const auto manager = ServiceManager::from_environment();
        CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
        CHECK(manager.watchdog_milliseconds() == 10'000);
        manager.tell("READY=1");
        char got[64];
        const auto size = ::recv(receiver, got, sizeof got, 0);
        REQUIRE(size > 0);
        CHECK(std::string(got, static_cast<std::size_t>(size)) == "READY=1");
        ::close(receiver);
    }
    CHECK(ServiceManager::from_environment().watchdog_milliseconds() == 0);
}

TEST_CASE("a mistyped name finds the one that was meant") {
    const std::vector<std::string> known{"history", "http", "listen", "upload-limit", "no-dht"};
    CHECK(nearest("histroy", known) == "history");
    CHECK(nearest("lsiten", known) == "listen");
    CHECK(nearest("upload-limt", known) == "upload-limit");
    CHECK(nearest("uploa", known) == "upload-limit");
    CHECK(nearest("nodht", known) == "no-dht");
    CHECK(nearest("banana", known).empty());
    CHECK(nearest("", known).empty());
    CHECK(nearest(std::string(10'000, 'h'), known).empty());
}
