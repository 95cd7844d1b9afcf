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
uint32_t crc32(std::string_view bytes, uint32_t before = 0);            // IEEE 802.3
bool equal_in_constant_time(std::string_view a, std::string_view b);

// SHA-256 over parts.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  void add(std::string_view bytes);
  std::string finish();  // 32 bytes; once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace outcrop
