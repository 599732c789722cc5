#include <catch2/catch.hpp>

#include <cstdlib>

#include "core/crypto.h"
#include "core/key_file.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "support/test_feed.h"

using namespace colport;
using support::must;
using support::test_key;

namespace {

const key_file::Cost cheap{1, 64 << 10};

template <class T>
Errc code_of(const Result<T>& result) {
    REQUIRE_FALSE(result);
    return result.error().code;
}

}  // namespace

TEST_CASE("signatures are those of RFC 8032") {
    const auto seed = from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    const auto key = SigningKey::from_seed(Secret::copy(*seed));
    CHECK(key.public_key().hex() ==
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const auto signature = key.sign("");
    CHECK(signature.hex() ==
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
          "1cf9b46bd25bf5f0595bbe24655141438e7a100b");
    CHECK(verify(key.public_key(), "", signature));
    CHECK_FALSE(verify(key.public_key(), "x", signature));
}

TEST_CASE("a signature holds for one key, one message and one form") {
    const auto key = test_key("a");
    const auto signature = key.sign("message");
    CHECK(verify(key.public_key(), "message", signature));
    CHECK_FALSE(verify(test_key("b").public_key(), "message", signature));
    for (std::size_t bit = 0; bit < 8 * Signature::size; ++bit) {
        auto odd = signature;
        odd.bytes[bit / 8] = static_cast<unsigned char>(odd.bytes[bit / 8] ^ 1 << bit % 8);
        CHECK_FALSE(verify(key.public_key(), "message", odd));
    }
    // A point of small order would sign everything.
    CHECK_FALSE(verify(PublicKey{}, "message", Signature{}));
}

TEST_CASE("SHA-256 of a stream is that of the whole") {
    CHECK(sha256("abc").hex() ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256Hasher hasher;
    hasher.update("a");
    hasher.update("");
    hasher.update("bc");
    CHECK(hasher.finish() == sha256("abc"));
}

TEST_CASE("a secret key comes back with its passphrase alone") {
    const auto key = SigningKey::generate();
    const auto file = key_file::seal(key, "signing", Secret::copy("correct horse"), cheap);
    CHECK(file.starts_with("untrusted comment: colport secret key, signing, encrypted\n"));
    CHECK(key_file::needs_passphrase(file));
    CHECK(must(key_file::open(file, "signing", Secret::copy("correct horse"))).public_key() ==
          key.public_key());
    CHECK(code_of(key_file::open(file, "signing", Secret::copy("Correct horse"))) == Errc::denied);
    CHECK(code_of(key_file::open(file, "signing", Secret(0))) == Errc::denied);
    CHECK(code_of(key_file::open(file, "root", Secret::copy("correct horse"))) == Errc::denied);
    CHECK(file.find(to_base64(key.seed().view()).substr(0, 40)) == file.npos);
    CHECK(key_file::seal(key, "signing", Secret::copy("correct horse"), cheap) != file);
}

TEST_CASE("a secret key without a passphrase says so") {
    const auto key = SigningKey::generate();
    const auto file = key_file::seal(key, "root", Secret(0));
    CHECK(file.starts_with("untrusted comment: colport secret key, root, NOT encrypted\n"));
    CHECK_FALSE(key_file::needs_passphrase(file));
    CHECK(must(key_file::open(file, "root", Secret(0))).public_key() == key.public_key());
    CHECK(code_of(key_file::open(file, "signing", Secret(0))) == Errc::corrupt);
}

TEST_CASE("a damaged key file is refused, whatever it asks for") {
    const auto key = test_key("a");
    const auto open = [](const std::string& file) {
        return code_of(key_file::open(file, "signing", Secret::copy("x")));
    };
    CHECK(open("") == Errc::corrupt);
    CHECK(open("\n\n") == Errc::corrupt);
    CHECK(open(support::seal_key(key, "signing", "x", 1, 0xffffffff)) == Errc::unsupported);
    CHECK(open(support::seal_key(key, "signing", "x", 0xffffffff, 64)) == Errc::unsupported);
    CHECK(open(support::seal_key(key, "signing", "x", 0, 64)) == Errc::unsupported);
    CHECK(open(support::seal_key(key, "signing", "x", 1, 1)) == Errc::unsupported);
    const auto good = key_file::seal(key, "signing", Secret::copy("x"), cheap);
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(key_file::open(good.substr(0, size), "signing", Secret::copy("x")));
    const auto line = good.find('\n') + 1;
    auto raw = from_base64(good.substr(line, good.size() - line - 1)).value();
    for (const std::size_t at : {0, 8, 20, 40, 60, 100}) {
        auto odd = raw;
        odd[at] = static_cast<char>(odd[at] ^ 64);
        CHECK_FALSE(key_file::open(good.substr(0, line) + to_base64(odd) + "\n", "signing",
                                   Secret::copy("x")));
    }
}

TEST_CASE("the test support writes the same key files as the code") {
    const auto key = test_key("a");
    CHECK(must(key_file::open(support::seal_key(key, "root", "x", 2, 64), "root",
                              Secret::copy("x")))
              .public_key() == key.public_key());
}

TEST_CASE("minisign files follow from the key") {
    const auto key = test_key("a");
    const auto file = minisign::public_key_file(key.public_key());
    CHECK(must(minisign::parse_public_key_file(file)) == key.public_key());
    CHECK_FALSE(minisign::parse_public_key_file(file + "\n"));
    CHECK_FALSE(minisign::parse_public_key_file(file.substr(1)));
    CHECK_FALSE(minisign::parse_public_key_file(""));
    auto odd = from_base64(file.substr(file.find('\n') + 1, 56)).value();
    odd[3] = static_cast<char>(odd[3] ^ 1);  // the key id
    CHECK_FALSE(minisign::parse_public_key_file(file.substr(0, file.find('\n') + 1) +
                                                to_base64(odd) + "\n"));
}

TEST_CASE("minisign signatures hold for their content and comment") {
    const auto key = test_key("a");
    const auto signature = minisign::sign(key, "content", "release:1");
    CHECK(minisign::check(key.public_key(), "content", signature));
    CHECK(code_of(minisign::check(key.public_key(), "Content", signature)) == Errc::forged);
    CHECK(code_of(minisign::check(test_key("b").public_key(), "content", signature)) ==
          Errc::forged);
    CHECK(code_of(minisign::check(key.public_key(), "content", signature + "more\n")) ==
          Errc::corrupt);
    for (std::size_t at = signature.find('\n'); at < signature.size() - 1; ++at) {
        auto odd = signature;
        odd[at] = static_cast<char>(odd[at] ^ 1);
        CHECK_FALSE(minisign::check(key.public_key(), "content", odd));
    }
}

TEST_CASE("stock minisign accepts our signatures and no other") {
    if (std::system("command -v minisign >/dev/null 2>&1") != 0) {
        WARN("skipped: minisign is not installed");
        return;
    }
    const support::ScratchFolder scratch;
    const auto path = scratch.path().string();
    const auto key = test_key("a");
    must(write_file(path + "/key.pub", minisign::public_key_file(key.public_key())));
    must(write_file(path + "/file", "content\n"));
    must(write_file(path + "/file.minisig", minisign::sign(key, "content\n", "release:1")));
    const auto command =
        "minisign -q -V -p " + path + "/key.pub -m " + path + "/file >/dev/null 2>&1";
    CHECK(std::system(command.c_str()) == 0);
    must(write_file(path + "/file", "Content\n"));
    CHECK(std::system(command.c_str()) != 0);
}
