#include "core/minisign.h"

#include <vector>

namespace colport::minisign {
namespace {

constexpr std::string_view public_comment = "untrusted comment: colport public key";
constexpr std::string_view signature_comment = "untrusted comment: colport signature";
constexpr std::string_view trusted_prefix = "trusted comment: ";

std::string key_id(const PublicKey& key) { return sha256(key.view()).str().substr(0, 8); }

std::vector<std::string_view> lines_of(Bytes file) {
    std::vector<std::string_view> out;
    while (!file.empty() && out.size() < 8) {
        const auto end = file.find('\n');
        out.push_back(file.substr(0, end));
        file.remove_prefix(end == file.npos ? file.size() : end + 1);
    }
    return out;
}

}  // namespace

std::string public_key_file(const PublicKey& key) {
    return std::string(public_comment) + "\n" + to_base64("Ed" + key_id(key) + key.str()) + "\n";
}

Result<PublicKey> parse_public_key_file(Bytes file) {
    const auto lines = lines_of(file);
    const auto raw = lines.size() == 2 ? from_base64(lines[1]) : std::nullopt;
    if (!raw || raw->size() != 42) return Error{Errc::corrupt, "not a minisign public key"};
    const PublicKey key = *PublicKey::from(Bytes(*raw).substr(10));
    if (public_key_file(key) != file)
        return Error{Errc::corrupt, "not a public key file written by colport"};
    return key;
}

std::string sign(const SigningKey& key, Bytes content, std::string_view comment) {
    const Signature signature = key.sign(blake2b_512(content));
    const Signature global = key.sign(signature.str() + std::string(comment));
    return std::string(signature_comment) + "\n" +
           to_base64("ED" + key_id(key.public_key()) + signature.str()) + "\n" +
           std::string(trusted_prefix) + std::string(comment) + "\n" + to_base64(global.view()) +
           "\n";
}

Status check(const PublicKey& key, Bytes content, Bytes signature_file) {
    const auto lines = lines_of(signature_file);
    const Error corrupt{Errc::corrupt, "not a minisign signature"};
    if (lines.size() != 4 || !lines[2].starts_with(trusted_prefix)) return corrupt;
    const auto raw = from_base64(lines[1]);
    const auto raw_global = from_base64(lines[3]);
    if (!raw || raw->size() != 74 || !raw->starts_with("ED") || !raw_global) return corrupt;
    const auto signature = Signature::from(Bytes(*raw).substr(10));
    const auto global = Signature::from(*raw_global);
    if (!signature || !global) return corrupt;
    const std::string comment(lines[2].substr(trusted_prefix.size()));
    if (raw->substr(2, 8) != key_id(key) || !verify(key, blake2b_512(content), *signature) ||
        !verify(key, signature->str() + comment, *global))
        return Error{Errc::forged, "signature does not match"};
    return done();
}

}  // namespace colport::minisign
