#include "core/crypto.h"

#include <sodium.h>

namespace colport {
namespace {

const unsigned char* raw(Bytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[maybe_unused]] const bool sodium_ready = [] {
    COLPORT_ASSERT(sodium_init() >= 0);
    return true;
}();

}  // namespace

Sha256 sha256(Bytes bytes) {
    Sha256 out;
    crypto_hash_sha256(out.bytes.data(), raw(bytes), bytes.size());
    return out;
}

struct Sha256Hasher::State {
    crypto_hash_sha256_state sodium;
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {
    crypto_hash_sha256_init(&state_->sodium);
}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::update(Bytes bytes) {
    crypto_hash_sha256_update(&state_->sodium, raw(bytes), bytes.size());
}

Sha256 Sha256Hasher::finish() {
    Sha256 out;
    crypto_hash_sha256_final(&state_->sodium, out.bytes.data());
    return out;
}

void Secret::Free::operator()(unsigned char* data) const noexcept { sodium_free(data); }

Secret::Secret(std::size_t size)
    : data_(static_cast<unsigned char*>(sodium_malloc(size))), size_(size) {
    if (data_ == nullptr) throw std::bad_alloc();
}

Secret Secret::copy(Bytes bytes) {
    Secret out(bytes.size());
    std::memcpy(out.data(), bytes.data(), bytes.size());
    return out;
}

SigningKey SigningKey::generate() {
    Secret seed(crypto_sign_SEEDBYTES);
    randombytes_buf(seed.data(), seed.size());
    return from_seed(std::move(seed));
}

SigningKey SigningKey::from_seed(Secret seed) {
    COLPORT_ASSERT(seed.size() == crypto_sign_SEEDBYTES);
    PublicKey key;
    Secret expanded(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(key.bytes.data(), expanded.data(), seed.data());
    return SigningKey(std::move(seed), key);
}

Signature SigningKey::sign(Bytes message) const {
    PublicKey key;
    Secret expanded(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(key.bytes.data(), expanded.data(), seed_.data());
    Signature out;
    crypto_sign_detached(out.bytes.data(), nullptr, raw(message), message.size(), expanded.data());
    return out;
}

bool verify(const PublicKey& key, Bytes message, const Signature& signature) {
    return crypto_sign_verify_detached(signature.bytes.data(), raw(message), message.size(),
                                       key.bytes.data()) == 0;
}

std::string blake2b_512(Bytes bytes) {
    std::string out(64, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), raw(bytes),
                       bytes.size(), nullptr, 0);
    return out;
}

std::string random_bytes(std::size_t size) {
    std::string out(size, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

}  // namespace colport
