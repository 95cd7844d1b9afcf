// Characters of UTF-8 text as a reader of words needs them: what kind they are and their lower case. Small tables of our own
// for the scripts with case, so that answers depend on no locale and no library's version.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace outcrop::embedded {

struct Character {
  char32_t code = 0;
  uint32_t bytes = 0;
};

// The character at text[at], at < text.size(). A byte that is no part of one is U+FFFD, one byte long.
Character character_at(std::string_view text, size_t at);
// The character that ends before text[at], at > 0.
Character character_before(std::string_view text, size_t at);
void append_utf8(std::string& out, char32_t code);

// `unspaced`: letters of scripts that put no spaces between words (Chinese, Japanese, Thai, …).
enum class CharacterKind : uint8_t { other, space, letter, digit, unspaced };
CharacterKind kind_of(char32_t code);

// Latin, Greek, Cyrillic, Armenian and full-width letters in lower case; everything else as it is.
char32_t fold_case(char32_t code);
inline bool is_upper_case(char32_t code) { return fold_case(code) != code; }
inline bool is_letter(char32_t code) { return kind_of(code) == CharacterKind::letter; }

// The text in lower case.
std::string fold_case(std::string_view text);

inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_ascii_alphanumeric(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
std::string_view trimmed(std::string_view text);
// The text with every run of white space as one space, and none at its ends.
std::string collapse_spaces(std::string_view text);

}  // namespace outcrop::embedded
