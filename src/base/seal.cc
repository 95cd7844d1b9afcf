#include "base/seal.h"

#include <openssl/evp.h>

#include <memory>
#include <span>

#include "base/check.h"

namespace outcrop {

namespace {

constexpr int nonce_bytes = 12, tag_bytes = 16;  // NIST SP 800-38D, the recommended sizes

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* in(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* out(char* text) { return reinterpret_cast<unsigned char*>(text); }

const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  check(cipher != nullptr, "OpenSSL lacks AES-256-GCM");
  return cipher;
}

}  // namespace

std::string seal(std::string_view key, std::string_view purpose, std::string_view plain, Random& random) {
  check(key.size() == seal_key_bytes, "a sealing key has 32 bytes");
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(sealed.data(), nonce_bytes)));
  CipherContext context(EVP_CIPHER_CTX_new());
  int length = 0;
  char* text = sealed.data() + nonce_bytes;
  bool ok = EVP_EncryptInit_ex(context.get(), aes_256_gcm(), nullptr, in(key), in(sealed)) == 1 &&
            EVP_EncryptUpdate(context.get(), nullptr, &length, in(purpose), int(purpose.size())) == 1 &&
            EVP_EncryptUpdate(context.get(), out(text), &length, in(plain), int(plain.size())) == 1 &&
            EVP_EncryptFinal_ex(context.get(), out(text) + length, &length) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, text + plain.size()) == 1;
  check(ok, "sealing failed");
  return sealed;
}

std::optional<std::string> unseal(std::string_view key, std::string_view purpose, std::string_view sealed) {
  check(key.size() == seal_key_bytes, "a sealing key has 32 bytes");
  if (sealed.size() < seal_overhead_bytes) return std::nullopt;
  std::string plain(sealed.size() - seal_overhead_bytes, '\0');
  std::string tag(sealed.substr(sealed.size() - tag_bytes));
  CipherContext context(EVP_CIPHER_CTX_new());
  int length = 0;
  bool ok = EVP_DecryptInit_ex(context.get(), aes_256_gcm(), nullptr, in(key), in(sealed)) == 1 &&
            EVP_DecryptUpdate(context.get(), nullptr, &length, in(purpose), int(purpose.size())) == 1 &&
            EVP_DecryptUpdate(context.get(), out(plain.data()), &length, in(sealed) + nonce_bytes, int(plain.size())) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
            EVP_DecryptFinal_ex(context.get(), out(plain.data()) + length, &length) == 1;
  if (!ok) return std::nullopt;
  return plain;
}

}  // namespace outcrop
