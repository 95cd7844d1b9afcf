// The checksums that AWS's clients put beside a body (S3 User Guide, "Checking object integrity"), whole and over
// parts. CRC-32C runs on the processor's own instruction where there is one, the others on tables.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/digest.h"

namespace outcrop {

uint32_t crc32c(std::string_view bytes, uint32_t before = 0);     // Castagnoli, RFC 3720 appendix B.4
uint64_t crc64nvme(std::string_view bytes, uint64_t before = 0);  // NVM Express, CRC-64 of the NVM command set

enum class ChecksumAlgorithm { crc32, crc32c, crc64nvme, sha1, sha256 };

// "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", as headers and answers name them; look-ups ignore case.
std::string_view name_of(ChecksumAlgorithm algorithm);
std::optional<ChecksumAlgorithm> checksum_algorithm_named(std::string_view name);
size_t checksum_bytes(ChecksumAlgorithm algorithm);

// A checksum over parts.
class Checksum {
 public:
  explicit Checksum(ChecksumAlgorithm algorithm);

  ChecksumAlgorithm algorithm() const { return algorithm_; }
  void add(std::string_view bytes);
  // checksum_bytes() of them, big-endian: what base64() makes the header of. Once.
  std::string finish();

 private:
  ChecksumAlgorithm algorithm_;
  std::variant<uint64_t, Digest> state_;  // of a CRC, of a digest
};

}  // namespace outcrop
