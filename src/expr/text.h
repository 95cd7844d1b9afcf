// Characters as the languages here see them: ASCII's classes without a locale, and UTF-8 against Java's UTF-16.
#pragma once
#include <cstdint>
#include <string>

namespace outcrop::expr {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

inline bool is_high_surrogate(uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
inline bool is_low_surrogate(uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }
inline uint32_t joined_surrogates(uint32_t high, uint32_t low) { return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00); }

// `character` is a Unicode scalar value.
inline void append_utf8(std::string& out, uint32_t character) {
  if (character < 0x80) {
    out += char(character);
  } else if (character < 0x800) {
    out += {char(0xc0 | (character >> 6)), char(0x80 | (character & 0x3f))};
  } else if (character < 0x10000) {
    out += {char(0xe0 | (character >> 12)), char(0x80 | (character >> 6 & 0x3f)), char(0x80 | (character & 0x3f))};
  } else {
    out += {char(0xf0 | (character >> 18)), char(0x80 | (character >> 12 & 0x3f)), char(0x80 | (character >> 6 & 0x3f)),
            char(0x80 | (character & 0x3f))};
  }
}

}  // namespace outcrop::expr
