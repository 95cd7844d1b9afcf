#include "base/checksum.h"

#include <array>
#include <cstring>

#include "base/check.h"
#include "base/encoding.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace outcrop {

namespace {

// Slicing-by-8 (Kounavis and Berry, 2005): table k holds what a byte contributes that is followed by k others, so that eight bytes
// are taken at a time. Polynomials in reflected form.
template <class Word>
using SlicingTables = std::array<std::array<Word, 256>, 8>;

template <class Word>
constexpr SlicingTables<Word> slicing_tables(Word polynomial) {
  SlicingTables<Word> tables{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    Word rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) ? (rest >> 1) ^ polynomial : rest >> 1;
    tables[0][byte] = rest;
  }
  for (size_t k = 1; k < tables.size(); ++k)
    for (unsigned byte = 0; byte < 256; ++byte) tables[k][byte] = Word(tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}

template <class Word>
Word slice(const SlicingTables<Word>& tables, std::string_view bytes, Word before) {
  Word rest = ~before;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t eight;
    std::memcpy(&eight, at, sizeof eight);  // little-endian, as every platform we build for
    eight ^= rest;
    rest = 0;
    for (size_t i = 0; i < 8; ++i) rest ^= tables[7 - i][(eight >> (8 * i)) & 0xff];
  }
  for (; left > 0; ++at, --left) rest = Word(rest >> 8) ^ tables[0][(rest ^ uint8_t(*at)) & 0xff];
  return ~rest;
}

uint32_t crc32c_by_tables(std::string_view bytes, uint32_t before) {
  static constexpr SlicingTables<uint32_t> tables = slicing_tables<uint32_t>(0x82f63b78);
  return slice(tables, bytes, before);
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc32c_by_instruction(std::string_view bytes, uint32_t before) {
  uint64_t rest = uint32_t(~before);
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t eight;
    std::memcpy(&eight, at, sizeof eight);
    rest = _mm_crc32_u64(rest, eight);
  }
  uint32_t last = uint32_t(rest);
  for (; left > 0; ++at, --left) last = _mm_crc32_u8(last, uint8_t(*at));
  return ~last;
}
#endif

struct NamedChecksum {
  ChecksumAlgorithm algorithm;
  std::string_view name;
  size_t bytes;
};
constexpr NamedChecksum named_checksums[] = {
    {ChecksumAlgorithm::crc32, "CRC32", 4}, {ChecksumAlgorithm::crc32c, "CRC32C", 4},  {ChecksumAlgorithm::crc64nvme, "CRC64NVME", 8},
    {ChecksumAlgorithm::sha1, "SHA1", 20},  {ChecksumAlgorithm::sha256, "SHA256", 32},
};

const NamedChecksum& entry_of(ChecksumAlgorithm algorithm) { return named_checksums[size_t(algorithm)]; }

std::variant<uint64_t, Digest> fresh_state(ChecksumAlgorithm algorithm) {
  if (algorithm == ChecksumAlgorithm::sha1) return Digest(DigestAlgorithm::sha1);
  if (algorithm == ChecksumAlgorithm::sha256) return Digest(DigestAlgorithm::sha256);
  return uint64_t(0);
}

}  // namespace

uint32_t crc32c(std::string_view bytes, uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return crc32c_by_instruction(bytes, before);
#endif
  return crc32c_by_tables(bytes, before);
}

uint64_t crc64nvme(std::string_view bytes, uint64_t before) {
  static constexpr SlicingTables<uint64_t> tables = slicing_tables<uint64_t>(0x9a6c9329ac4bc9b5);
  return slice(tables, bytes, before);
}

std::string_view name_of(ChecksumAlgorithm algorithm) { return entry_of(algorithm).name; }

std::optional<ChecksumAlgorithm> checksum_algorithm_named(std::string_view name) {
  for (const NamedChecksum& entry : named_checksums)
    if (ascii_equal_ignoring_case(entry.name, name)) return entry.algorithm;
  return std::nullopt;
}

size_t checksum_bytes(ChecksumAlgorithm algorithm) { return entry_of(algorithm).bytes; }

Checksum::Checksum(ChecksumAlgorithm algorithm) : algorithm_(algorithm), state_(fresh_state(algorithm)) {}

void Checksum::add(std::string_view bytes) {
  if (Digest* digest = std::get_if<Digest>(&state_)) return digest->add(bytes);
  uint64_t& rest = std::get<uint64_t>(state_);
  if (algorithm_ == ChecksumAlgorithm::crc32)
    rest = crc32(bytes, uint32_t(rest));
  else if (algorithm_ == ChecksumAlgorithm::crc32c)
    rest = crc32c(bytes, uint32_t(rest));
  else
    rest = crc64nvme(bytes, rest);
}

std::string Checksum::finish() {
  if (Digest* digest = std::get_if<Digest>(&state_)) return digest->finish();
  std::string out(checksum_bytes(algorithm_), '\0');
  uint64_t rest = std::get<uint64_t>(state_);
  for (size_t i = out.size(); i > 0; --i, rest >>= 8) out[i - 1] = char(rest & 0xff);
  return out;
}

}  // namespace outcrop
