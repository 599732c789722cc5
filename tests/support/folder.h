#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace colport::test {

/// An empty folder that is gone at the end.
struct Folder {
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "colport-test-XXXXXX";
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

}  // namespace colport::test
