#include "core/key_file.h"

#include <sodium.h>

namespace colport::key_file {
namespace {

// Before base64: magic 8, kdf 1 (0 none, 1 Argon2id), operations 4, memory in
// KiB 4, salt 16, nonce 24, box 48. Numbers are little-endian.
constexpr std::string_view magic = "colpkey1";
constexpr std::size_t salt_at = 17;
constexpr std::size_t nonce_at = salt_at + crypto_pwhash_SALTBYTES;
constexpr std::size_t box_at = nonce_at + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t file_size =
    box_at + crypto_sign_SEEDBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES;
// A key file may come from a stick: it must not make us allocate without end.
constexpr std::uint64_t most_memory = 1ull << 30;
constexpr std::uint64_t most_operations = 16;

void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

std::uint32_t get_u32(Bytes bytes) {
    std::uint32_t out = 0;
    for (int i = 3; i >= 0; --i) out = out << 8 | static_cast<unsigned char>(bytes[i]);
    return out;
}

std::string comment(std::string_view role, bool sealed) {
    return "untrusted comment: colport secret key, " + std::string(role) +
           (sealed ? ", encrypted" : ", NOT encrypted");
}

/// The key that seals the seed; of zeros where there is no passphrase.
Result<Secret> sealing_key(Bytes header, const Secret& passphrase) {
    Secret out(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    sodium_memzero(out.data(), out.size());
    if (header[8] == 0) return out;
    const std::uint64_t operations = get_u32(header.substr(9));
    const std::uint64_t memory = std::uint64_t{get_u32(header.substr(13))} * 1024;
    if (memory > most_memory || operations > most_operations ||
        memory < crypto_pwhash_MEMLIMIT_MIN || operations < crypto_pwhash_OPSLIMIT_MIN)
        return Error{Errc::unsupported, "the key file asks for too much work, or too little"};
    if (crypto_pwhash(out.data(), out.size(), passphrase.view().data(), passphrase.size(),
                      reinterpret_cast<const unsigned char*>(header.data()) + salt_at, operations,
                      memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{Errc::io, "not enough memory to open the key"};
    return out;
}

/// Without a passphrase, as good as the key itself.
std::optional<Secret> body_of(Bytes file) {
    const auto first = file.find('\n');
    if (first == file.npos || !file.ends_with('\n')) return std::nullopt;
    const auto text = file.substr(first + 1, file.size() - first - 2);
    Secret raw(file_size);
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(raw.data(), raw.size(), text.data(), text.size(), nullptr, &size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size() || size != file_size || !raw.view().starts_with(magic))
        return std::nullopt;
    return raw;
}

}  // namespace

std::string seal(const SigningKey& key, std::string_view role, const Secret& passphrase,
                 const Cost& cost) {
    std::string out(magic);
    const bool sealed = passphrase.size() > 0;
    out += sealed ? '\1' : '\0';
    put_u32(out, static_cast<std::uint32_t>(cost.operations));
    put_u32(out, static_cast<std::uint32_t>(cost.memory / 1024));
    out += random_bytes(box_at - salt_at);
    auto sealing = sealing_key(out, passphrase);
    COLPORT_ASSERT(sealing.ok());
    const std::string authenticated = out + std::string(role);
    std::string box(file_size - box_at, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        reinterpret_cast<unsigned char*>(box.data()), nullptr, key.seed().data(),
        key.seed().size(), reinterpret_cast<const unsigned char*>(authenticated.data()),
        authenticated.size(), nullptr,
        reinterpret_cast<const unsigned char*>(out.data()) + nonce_at, sealing->data());
    return comment(role, sealed) + "\n" + to_base64(out + box) + "\n";
}

bool needs_passphrase(Bytes file) {
    const auto raw = body_of(file);
    return raw && raw->view()[8] != 0;
}

Result<SigningKey> open(Bytes file, std::string_view role, const Secret& passphrase) {
    const auto raw = body_of(file);
    if (!raw) return Error{Errc::corrupt, "not a colport secret key"};
    const Bytes header = raw->view().substr(0, box_at);
    const Bytes box = raw->view().substr(box_at);
    if (header[8] != 0 && header[8] != 1)
        return Error{Errc::unsupported, "the key file is of a newer version"};
    const Secret sealing = COLPORT_TRY(sealing_key(header, passphrase));
    const std::string authenticated = std::string(header) + std::string(role);
    Secret seed(crypto_sign_SEEDBYTES);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            seed.data(), nullptr, nullptr, reinterpret_cast<const unsigned char*>(box.data()),
            box.size(), reinterpret_cast<const unsigned char*>(authenticated.data()),
            authenticated.size(),
            reinterpret_cast<const unsigned char*>(header.data()) + nonce_at,
            sealing.data()) != 0) {
        if (header[8] == 1) return Error{Errc::denied, "wrong passphrase"};
        return Error{Errc::corrupt, "damaged secret key, or a key of another role"};
    }
    return SigningKey::from_seed(std::move(seed));
}

}  // namespace colport::key_file
