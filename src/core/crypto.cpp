#include "core/crypto.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

namespace colport {
namespace {

const unsigned char* raw(Bytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[maybe_unused]] const bool sodium_ready = [] {
    COLPORT_ASSERT(sodium_init() >= 0);
    return true;
}();

template <auto release>
struct With {
    template <class Handle>
    void operator()(Handle* handle) const {
        release(handle);
    }
};

// A first sync hashes every byte: libcrypto's SHA-256 takes the processor's own
// instructions, libsodium's never does and is up to eight times slower.
const EVP_MD* sha256_method() {
    static const EVP_MD* const method = [] {
        const auto* fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        COLPORT_ASSERT(fetched != nullptr);
        return fetched;
    }();
    return method;
}

/// The pages of a secret stay with this process. A fork that parses what strangers wrote
/// is not to hold the newsroom's key; one that touches it dies, rather than sign with zeros.
bool keep_from_forks(const unsigned char* data, std::size_t size) {
    if (size == 0) return true;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(data) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(data) + size;
    return ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTFORK) == 0;
}

}  // namespace

Sha256 sha256(Bytes bytes) {
    Sha256Hasher hasher;
    hasher.update(bytes);
    return hasher.finish();
}

struct Sha256Hasher::State {
    std::unique_ptr<EVP_MD_CTX, With<EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {
    COLPORT_ASSERT(EVP_DigestInit_ex2(state_->context.get(), sha256_method(), nullptr) == 1);
}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::update(Bytes bytes) {
    COLPORT_ASSERT(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Hasher::finish() {
    Sha256 out;
    COLPORT_ASSERT(EVP_DigestFinal_ex(state_->context.get(), out.bytes.data(), nullptr) == 1);
    return out;
}

void Secret::Free::operator()(unsigned char* data) const noexcept { sodium_free(data); }

Secret::Secret(std::size_t size)
    : data_(static_cast<unsigned char*>(sodium_malloc(size))), size_(size) {
    if (data_ == nullptr || !keep_from_forks(data_.get(), size)) throw std::bad_alloc();
}

void wipe(std::string& text) {
    sodium_memzero(text.data(), text.size());
    text.clear();
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

std::uint32_t random_below(std::uint32_t bound) { return randombytes_uniform(bound); }

}  // namespace colport
