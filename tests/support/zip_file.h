#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

namespace colport::test {

/// A ZIP file of these, by name, in their order; 4 MiB at most.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string out(4 << 20, '\0');
    std::size_t size = 0;
    auto* writer = archive_write_new();
    archive_write_set_format_zip(writer);
    REQUIRE(archive_write_open_memory(writer, out.data(), out.size(), &size) == ARCHIVE_OK);
    for (const auto& [name, content] : files) {
        auto* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        REQUIRE(archive_write_header(writer, entry) == ARCHIVE_OK);
        archive_write_data(writer, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    out.resize(size);
    return out;
}

}  // namespace colport::test
