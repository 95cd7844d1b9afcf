// The inner loop over string text: where a plain run ends. 16 bytes a step where SSE2 exists (every x86-64), else 8.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace outcrop::json::detail {

inline constexpr uint64_t every_byte = 0x0101010101010101;
inline constexpr uint64_t high_bits = 0x8080808080808080;

inline uint64_t load_word(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, 8);
  return word;
}

inline bool interrupts_string(char c) { return c == '"' || c == '\\' || uint8_t(c) < 0x20; }

#if defined(__SSE2__)
inline constexpr size_t block_bytes = 16;

// One bit a byte: which of the 16 bytes are '"', '\\' or control characters, and which are not ASCII.
struct Block {
  __m128i bytes;
  explicit Block(const char* at) : bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))) {}
  __m128i interrupting() const {
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return _mm_or_si128(_mm_or_si128(quote, backslash), control);
  }
  uint32_t interrupts() const { return uint32_t(_mm_movemask_epi8(interrupting())); }
  uint32_t non_ascii() const { return uint32_t(_mm_movemask_epi8(bytes)); }
  // What the high bits of tell whether a byte is either.
  __m128i marks() const { return _mm_or_si128(interrupting(), bytes); }
  static bool any(__m128i a, __m128i b, __m128i c, __m128i d) {
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) != 0;
  }
  void store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes); }
};
// How many bytes of the block come before the first of `mask`.
inline unsigned bytes_before(uint32_t mask) { return unsigned(std::countr_zero(mask)); }
inline uint32_t first_bytes(uint32_t mask, unsigned count) { return mask & ((1u << count) - 1); }
#else
inline constexpr size_t block_bytes = 8;

// The same with the high bit of each byte of a word (little endian; carries can mark bytes after the first
// wanted one, never before it).
struct Block {
  uint64_t bytes;
  explicit Block(const char* at) : bytes(load_word(at)) {
    if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  }
  static uint64_t zero_bytes(uint64_t word) { return (word - every_byte) & ~word & high_bits; }
  uint64_t interrupts() const {
    uint64_t control = (bytes - every_byte * 0x20) & ~bytes & high_bits;
    return zero_bytes(bytes ^ every_byte * '"') | zero_bytes(bytes ^ every_byte * '\\') | control;
  }
  uint64_t non_ascii() const { return bytes & high_bits; }
  uint64_t marks() const { return interrupts() | non_ascii(); }
  static bool any(uint64_t a, uint64_t b, uint64_t c, uint64_t d) { return (a | b | c | d) != 0; }
  void store(char* to) const {
    uint64_t word = std::endian::native == std::endian::big ? __builtin_bswap64(bytes) : bytes;
    std::memcpy(to, &word, 8);
  }
};
inline unsigned bytes_before(uint64_t mask) { return unsigned(std::countr_zero(mask)) / 8; }
inline uint64_t first_bytes(uint64_t mask, unsigned count) { return mask & ((uint64_t(1) << (8 * count)) - 1); }
#endif

// The first of '"', '\\' and control characters in [at, end), or end. Sets non_ascii when a byte above 0x7f comes before it.
inline const char* find_interrupt(const char* at, const char* end, bool& non_ascii) {
  constexpr size_t step_bytes = 4 * block_bytes;  // while there is nothing to be found, one look at four blocks
  auto marks = [&at](size_t block) { return Block(at + block * block_bytes).marks(); };
  while (size_t(end - at) >= step_bytes && !Block::any(marks(0), marks(1), marks(2), marks(3))) at += step_bytes;
  for (; size_t(end - at) >= block_bytes; at += block_bytes) {
    Block block(at);
    if (auto mask = block.interrupts()) {
      unsigned before = bytes_before(mask);
      non_ascii |= first_bytes(block.non_ascii(), before) != 0;
      return at + before;
    }
    non_ascii |= block.non_ascii() != 0;
  }
  for (; at < end && !interrupts_string(*at); ++at) non_ascii |= uint8_t(*at) >= 0x80;
  return at;
}

}  // namespace outcrop::json::detail
