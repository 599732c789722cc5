#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/bytes.h"

/// Writes test vectors and the manifest that says what becomes of each.
namespace colport::support {

class VectorWriter {
public:
    explicit VectorWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

    using Json = nlohmann::ordered_json;

    /// A file that others refer to; not a vector of its own.
    void write(const std::string& file, Bytes content) const;

    /// The vector `type`/`name`.
    void add(const std::string& type, const std::string& name, Bytes content, Json with,
             const std::string& expect, const std::string& note);
    /// The same for files that are there already.
    void list(const std::string& type, const std::string& file, Json with,
              const std::string& expect, const std::string& note);

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// Writes vectors.json.
    void finish() const;

private:
    std::filesystem::path folder_;
    Json vectors_ = Json::array();
};

void write_record_vectors(VectorWriter& out);
void write_torrent_vectors(VectorWriter& out);
void write_small_vectors(VectorWriter& out);
void write_article_vectors(VectorWriter& out);
void write_bundle_vectors(VectorWriter& out);
void write_directory_vectors(VectorWriter& out);

}  // namespace colport::support
