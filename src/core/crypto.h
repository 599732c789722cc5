#pragma once

#include <memory>

#include "core/bytes.h"
#include "core/result.h"

/// Signatures (Ed25519, RFC 8032), hashes (FIPS 180-4) and secrets, by
/// libsodium. Everything here is thread-safe and needs no initialisation.
namespace colport {

Sha256 sha256(Bytes bytes);

/// SHA-256 of a stream.
class Sha256Hasher {
public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher&&) noexcept;
    Sha256Hasher& operator=(Sha256Hasher&&) noexcept;
    void update(Bytes bytes);
    [[nodiscard]] Sha256 finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Bytes that never reach the swap file and are wiped when they go. They are not there in
/// a process that was forked meanwhile: to touch them there is the end of it.
class Secret {
public:
    explicit Secret(std::size_t size);
    static Secret copy(Bytes bytes);
    [[nodiscard]] unsigned char* data() const noexcept { return data_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] Bytes view() const noexcept {
        return {reinterpret_cast<const char*>(data_.get()), size_};
    }

private:
    struct Free {
        void operator()(unsigned char* data) const noexcept;
    };
    std::unique_ptr<unsigned char, Free> data_;
    std::size_t size_;
};

/// Overwrites a secret that had to pass through ordinary memory.
void wipe(std::string& text);

/// An Ed25519 key that can sign. The secret is the 32-byte seed of RFC 8032;
/// libsodium's and libtorrent's longer forms are derived and never stored.
class SigningKey {
public:
    static SigningKey generate();
    /// Precondition: 32 bytes.
    static SigningKey from_seed(Secret seed);

    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_; }
    [[nodiscard]] const Secret& seed() const noexcept { return seed_; }
    [[nodiscard]] Signature sign(Bytes message) const;

private:
    SigningKey(Secret seed, PublicKey key) : seed_(std::move(seed)), public_(key) {}
    Secret seed_;
    PublicKey public_;
};

[[nodiscard]] bool verify(const PublicKey& key, Bytes message, const Signature& signature);

/// BLAKE2b with a 64-byte output (RFC 7693), which minisign signs.
std::string blake2b_512(Bytes bytes);

std::string random_bytes(std::size_t size);
/// One of 0..bound-1, each as likely. Precondition: bound > 0.
std::uint32_t random_below(std::uint32_t bound);

}  // namespace colport
