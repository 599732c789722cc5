// Writes proto/vectors: make_vectors FOLDER. The same bytes each time, as long
// as libzstd is the version that vectors.json names.

#include <zstd.h>

#include <cstdio>

#include "feed/files.h"
#include "support/test_feed.h"
#include "support/vector_writer.h"

namespace colport::support {

void VectorWriter::write(const std::string& file, Bytes content) const {
    const auto path = folder_ / file;
    must(make_directory(path.parent_path()));
    must(write_file(path, content));
}

void VectorWriter::add(const std::string& type, const std::string& name, Bytes content, Json with,
                       const std::string& expect, const std::string& note) {
    const auto file = type + "/" + name;
    write(file, content);
    list(type, file, std::move(with), expect, note);
}

void VectorWriter::list(const std::string& type, const std::string& file, Json with,
                        const std::string& expect, const std::string& note) {
    vectors_.push_back({{"file", file},
                        {"type", type},
                        {"with", with.is_null() ? Json::object() : std::move(with)},
                        {"expect", expect},
                        {"note", note}});
}

void VectorWriter::finish() const {
    std::string out = "{\"zstd\": \"" + std::string(ZSTD_versionString()) + "\",\n\"vectors\": [";
    const char* before = "\n";
    for (const auto& vector : vectors_) {
        out += before + vector.dump();
        before = ",\n";
    }
    must(write_file(folder_ / "vectors.json", out + "\n]}\n"));
}

}  // namespace colport::support

int main(int argc, char** argv) {
    using namespace colport::support;
    if (argc != 2) {
        std::fprintf(stderr, "usage: make_vectors FOLDER\n");
        return 2;
    }
    VectorWriter out(argv[1]);
    write_record_vectors(out);
    write_torrent_vectors(out);
    write_small_vectors(out);
    write_article_vectors(out);
    write_bundle_vectors(out);
    write_directory_vectors(out);
    out.finish();
}
