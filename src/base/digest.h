// Digests and checksums, over OpenSSL and zlib. Raw bytes out; hex() and base64() make text of them.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace outcrop {

std::string md5(std::string_view bytes);                                // 16 bytes
std::string sha1(std::string_view bytes);                               // 20 bytes
std::string sha256(std::string_view bytes);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes
std::string hmac_sha1(std::string_view key, std::string_view bytes);    // 20 bytes
uint32_t crc32(std::string_view bytes, uint32_t before = 0);            // IEEE 802.3
bool equal_in_constant_time(std::string_view a, std::string_view b);

enum class DigestAlgorithm { md5, sha1, sha256 };

// A digest over parts.
class Digest {
 public:
  explicit Digest(DigestAlgorithm algorithm);
  ~Digest();
  Digest(Digest&&) noexcept;
  void add(std::string_view bytes);
  std::string finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Sha256 : public Digest {
 public:
  Sha256() : Digest(DigestAlgorithm::sha256) {}
};

}  // namespace outcrop
