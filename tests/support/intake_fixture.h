#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "feed/files.h"
#include "press/intake/intake.h"
#include "press/signing/release.h"
#include "support/folder.h"

/// A newsroom in a folder of its own, for tests of what comes in.
namespace colport::test {

inline constexpr std::int64_t today = 1'800'000'000;

inline std::string must_read(const std::filesystem::path& path) {
    auto out = read_file(path, 1 << 24);
    REQUIRE(out);
    return std::move(*out);
}

inline void write(const std::filesystem::path& path, Bytes bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

/// A newsroom in a folder of its own.
struct IntakeRoom {
    Folder folder;
    Workshop workshop{folder.path / "feed"};
    std::int64_t time = today;
    Catalogue published;

    IntakeRoom() {
        InitOptions options;
        options.name = "The Pier";
        options.language = "en";
        REQUIRE(init_workshop(workshop, options, Secret(0), today));
    }
    Intake open(IntakeOptions options = {}) {
        const auto state = workshop.records();
        REQUIRE(state);
        auto found = read_catalogue(workshop.feed(), *state);
        REQUIRE(found);
        published = std::move(*found);
        options.import.now = today;
        auto intake = Intake::open(workshop, state->feed, published, options);
        REQUIRE(intake);
        return std::move(*intake);
    }
    Result<IntakeReport> try_add(const std::vector<std::string>& sources, IntakeOptions options = {}) {
        auto intake = open(std::move(options));
        for (const auto& source : sources)
            if (auto added = intake.add(source, [](std::size_t, std::size_t) {}); !added)
                return added.error();
        return intake.finish();
    }
    IntakeReport add(const std::vector<std::string>& sources, const IntakeOptions& options = {}) {
        auto out = try_add(sources, options);
        INFO((out ? std::string() : out.error().message));
        REQUIRE(out);
        return *out;
    }
    void release() {
        const auto key = load_signing_key(workshop, [](const std::string&) -> Result<Secret> {
            return Secret(0);
        });
        REQUIRE(key);
        const auto done = release_drafts(workshop, *key, {}, ++time, [](std::size_t, std::size_t) {});
        INFO((done ? std::string() : done.error().message));
        REQUIRE(done);
    }
    std::vector<pb::Article> drafts() {
        const auto state = workshop.records();
        const auto known = read_catalogue(workshop.feed(), *state);
        const auto list = list_drafts(workshop, *known);
        REQUIRE(list);
        std::vector<pb::Article> out;
        for (const auto& entry : list->articles) {
            auto draft = load_draft(workshop, entry.id);
            REQUIRE(draft);
            out.push_back(std::move(*draft));
        }
        return out;
    }
    std::string file(const std::string& name, Bytes bytes) {
        const auto path = folder.path / name;
        write(path, bytes);
        return path.string();
    }
};

}  // namespace colport::test
