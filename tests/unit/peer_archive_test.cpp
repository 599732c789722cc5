#include <catch2/catch.hpp>

#include "storage/database.h"
#include "support/peer_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

std::string signatures(const std::filesystem::path& data) {
    auto database = Database::open(DataDirectory{data}.archive(), Database::Mode::read_only);
    REQUIRE(database);
    auto row = database->prepare("SELECT coalesce(group_concat(signature), '') FROM indexes");
    REQUIRE(row);
    const auto stepped = row->step();
    if (!stepped || !*stepped) return {};
    return std::string(row->text(0));
}

}  // namespace

TEST_CASE_METHOD(ReadFeed, "a daemon makes the index anew that another version has left",
                 "[peer]") {
    const auto ours = signatures(reader.data);
    reader.peer.reset();
    {
        auto database = Database::open(DataDirectory{reader.data}.archive(),
                                       Database::Mode::read_write_create);
        REQUIRE(database);
        REQUIRE(database->run("UPDATE indexes SET signature = 'other'"));
    }
    reader.start();
    CHECK(reader.comes_true([&] { return signatures(reader.data) == ours; }));
    CHECK(reader.articles() == 1);
}
