#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "base/check.h"

namespace outcrop {

namespace {

// Algorithms are fetched once: OpenSSL 3 otherwise looks them up by name for every digest, which costs more than
// digesting a short text. They live as long as the process.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  check(algorithm != nullptr, "OpenSSL lacks a digest");
  return algorithm;
}

const EVP_MD* md5_algorithm() {
  static const EVP_MD* const algorithm = fetch("MD5");
  return algorithm;
}

const EVP_MD* sha1_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA1");
  return algorithm;
}

const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA256");
  return algorithm;
}

const EVP_MD* evp_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::md5:
      return md5_algorithm();
    case DigestAlgorithm::sha1:
      return sha1_algorithm();
    case DigestAlgorithm::sha256:
      return sha256_algorithm();
  }
  check_failed("an unknown digest", std::source_location::current());
}

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
  std::string out(size_t(EVP_MD_get_size(algorithm)), '\0');
  unsigned length = 0;
  int ok = EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &length, algorithm, nullptr);
  check(ok == 1 && length == out.size(), "EVP_Digest failed");
  return out;
}

// RFC 2104 over the fetched algorithms; OpenSSL's HMAC() would fetch them again.
std::string hmac(DigestAlgorithm algorithm, std::string_view key, std::string_view bytes) {
  constexpr size_t block_bytes = 64;  // of SHA-1 and SHA-256
  std::string block(key.size() > block_bytes ? digest(evp_of(algorithm), key) : std::string(key));
  block.resize(block_bytes, '\0');
  for (char& c : block) c = char(c ^ 0x36);
  Digest inner(algorithm);
  inner.add(block);
  inner.add(bytes);
  for (char& c : block) c = char(c ^ 0x36 ^ 0x5c);
  return digest(evp_of(algorithm), block + inner.finish());
}

}  // namespace

std::string md5(std::string_view bytes) { return digest(md5_algorithm(), bytes); }

std::string sha1(std::string_view bytes) { return digest(sha1_algorithm(), bytes); }

std::string sha256(std::string_view bytes) { return digest(sha256_algorithm(), bytes); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) { return hmac(DigestAlgorithm::sha256, key, bytes); }
std::string hmac_sha1(std::string_view key, std::string_view bytes) { return hmac(DigestAlgorithm::sha1, key, bytes); }

uint32_t crc32(std::string_view bytes, uint32_t before) {
  return uint32_t(::crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest(DigestAlgorithm algorithm) : state_(std::make_unique<State>()) {
  check(EVP_DigestInit_ex(state_->context, evp_of(algorithm), nullptr) == 1, "EVP_DigestInit failed");
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;

void Digest::add(std::string_view bytes) {
  check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1, "EVP_DigestUpdate failed");
}

std::string Digest::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  check(EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(out.data()), &length) == 1, "EVP_DigestFinal failed");
  out.resize(length);
  return out;
}

}  // namespace outcrop
