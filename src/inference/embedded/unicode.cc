#include "inference/embedded/unicode.h"

#include <algorithm>
#include <array>

namespace outcrop::embedded {

namespace {

constexpr char32_t replacement = 0xfffd;

struct Range {
  char32_t first, last;
};

// Punctuation and symbols above ASCII, in order; every other character there counts as a letter.
constexpr auto symbol_ranges = std::to_array<Range>(
    {{0x80, 0xa9},     {0xab, 0xb4},     {0xb6, 0xb9},     {0xbb, 0xbf},     {0xd7, 0xd7},      {0xf7, 0xf7},     {0x37e, 0x37e},
     {0x387, 0x387},   {0x55a, 0x55f},   {0x589, 0x58f},   {0x5be, 0x5be},   {0x5c0, 0x5c0},    {0x5c3, 0x5c3},   {0x5f3, 0x5f4},
     {0x600, 0x60f},   {0x61b, 0x61f},   {0x66a, 0x66d},   {0x6d4, 0x6d4},   {0x700, 0x70d},    {0x964, 0x965},   {0xe3f, 0xe3f},
     {0x10fb, 0x10fb}, {0x1360, 0x1368}, {0x17d4, 0x17db}, {0x1800, 0x180a}, {0x2000, 0x20cf},  {0x2100, 0x2bff}, {0x2e00, 0x3004},
     {0x3008, 0x3020}, {0x3030, 0x3030}, {0x303d, 0x303f}, {0x30fb, 0x30fb}, {0xd800, 0xf8ff},  {0xfe00, 0xfe6f}, {0xfeff, 0xff0f},
     {0xff1a, 0xff20}, {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xffe0, 0xffff}, {0x1f000, 0x1faff}});

constexpr auto unspaced_ranges = std::to_array<Range>({{0xe01, 0xeff},
                                                       {0xf00, 0xfff},
                                                       {0x1000, 0x109f},
                                                       {0x1780, 0x17d3},
                                                       {0x3005, 0x3007},
                                                       {0x3021, 0x302f},
                                                       {0x3031, 0x303c},
                                                       {0x3040, 0x30fa},
                                                       {0x30fc, 0x31ff},
                                                       {0x3400, 0x4dbf},
                                                       {0x4e00, 0x9fff},
                                                       {0xf900, 0xfaff},
                                                       {0xff66, 0xff9f},
                                                       {0x20000, 0x3ffff}});

template <size_t N>
bool in_ranges(const std::array<Range, N>& ranges, char32_t code) {
  auto after = std::ranges::upper_bound(ranges, code, {}, &Range::first);
  return after != ranges.begin() && code <= std::prev(after)->last;
}

bool is_space_above_ascii(char32_t code) {
  return code == 0x85 || code == 0xa0 || (code >= 0x2000 && code <= 0x200b) || code == 0x2028 || code == 0x2029 || code == 0x202f ||
         code == 0x205f || code == 0x3000 || code == 0xfeff;
}

CharacterKind kind_of_ascii(char32_t code) {
  if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z')) return CharacterKind::letter;
  if (code >= '0' && code <= '9') return CharacterKind::digit;
  return code == ' ' || (code >= '\t' && code <= '\r') ? CharacterKind::space : CharacterKind::other;
}

// Upper-case letters stand before their lower-case ones in pairs: at even or at odd codes.
char32_t fold_pair(char32_t code, unsigned upper_parity) { return (code & 1) == upper_parity ? code + 1 : code; }

char32_t fold_latin(char32_t code) {
  if (code < 0x100) return code >= 0xc0 && code <= 0xde && code != 0xd7 ? code + 32 : code;
  if (code == 0x130) return 'i';
  if (code == 0x178) return 0xff;
  if (code == 0x17f) return 's';
  if (code == 0x1e9e) return 0xdf;
  if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e) || (code >= 0x1cd && code <= 0x1dc)) return fold_pair(code, 1);
  if (code == 0x131 || code == 0x138 || code == 0x149 || code == 0x1f0 || (code >= 0x1e96 && code <= 0x1e9f)) return code;
  if (code < 0x180 || (code >= 0x1de && code <= 0x1ef) || (code >= 0x1f8 && code <= 0x21f) || (code >= 0x222 && code <= 0x233) ||
      (code >= 0x1e00 && code <= 0x1eff))
    return fold_pair(code, 0);
  return code;
}

char32_t fold_greek(char32_t code) {
  if (code >= 0x391 && code <= 0x3ab) return code + 32;
  if (code == 0x386) return 0x3ac;
  if (code >= 0x388 && code <= 0x38a) return code + 37;
  if (code == 0x38c) return 0x3cc;
  if (code == 0x38e || code == 0x38f) return code + 63;
  return code == 0x3c2 ? 0x3c3 : code;  // the sigma that ends a word
}

char32_t fold_cyrillic(char32_t code) {
  if (code <= 0x40f) return code + 80;
  if (code <= 0x42f) return code + 32;
  if (code == 0x4c0) return 0x4cf;
  if (code >= 0x4c1 && code <= 0x4ce) return fold_pair(code, 1);
  bool pairs = (code >= 0x460 && code <= 0x481) || (code >= 0x48a && code <= 0x4bf) || (code >= 0x4d0 && code <= 0x52f);
  return pairs ? fold_pair(code, 0) : code;
}

}  // namespace

Character character_at(std::string_view text, size_t at) {
  auto byte = [&](size_t k) { return char32_t(uint8_t(text[at + k])); };
  auto continues = [&](size_t k) { return (byte(k) & 0xc0) == 0x80; };
  size_t left = text.size() - at;
  char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xc2 && lead < 0xe0 && left >= 2 && continues(1)) return {(lead & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if ((lead & 0xf0) == 0xe0 && left >= 3 && continues(1) && continues(2)) {
    char32_t code = (lead & 0xf) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    if (code >= 0x800 && (code < 0xd800 || code > 0xdfff)) return {code, 3};
  }
  if ((lead & 0xf8) == 0xf0 && left >= 4 && continues(1) && continues(2) && continues(3)) {
    char32_t code = (lead & 7) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
    if (code >= 0x10000 && code <= 0x10ffff) return {code, 4};
  }
  return {replacement, 1};
}

Character character_before(std::string_view text, size_t at) {
  for (size_t bytes = 1; bytes <= 4 && bytes <= at; ++bytes) {
    if ((uint8_t(text[at - bytes]) & 0xc0) == 0x80) continue;
    Character found = character_at(text.substr(0, at), at - bytes);
    if (found.bytes == bytes) return found;
    break;
  }
  return {replacement, 1};
}

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += {char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
  } else if (code < 0x10000) {
    out += {char(0xe0 | code >> 12), char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
  } else {
    out += {char(0xf0 | code >> 18), char(0x80 | (code >> 12 & 0x3f)), char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
  }
}

CharacterKind kind_of(char32_t code) {
  if (code < 0x80) return kind_of_ascii(code);
  if (is_space_above_ascii(code)) return CharacterKind::space;
  if (code >= 0xff10 && code <= 0xff19) return CharacterKind::digit;
  if (in_ranges(symbol_ranges, code)) return CharacterKind::other;
  return in_ranges(unspaced_ranges, code) ? CharacterKind::unspaced : CharacterKind::letter;
}

char32_t fold_case(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  if (code < 0x250 || (code >= 0x1e00 && code <= 0x1eff)) return fold_latin(code);
  if (code >= 0x370 && code < 0x400) return fold_greek(code);
  if (code >= 0x400 && code < 0x530) return fold_cyrillic(code);
  if (code >= 0x531 && code <= 0x556) return code + 48;
  return code >= 0xff21 && code <= 0xff3a ? code + 32 : code;
}

std::string fold_case(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    Character character = character_at(text, at);
    if (character.code == replacement)
      folded += text.substr(at, character.bytes);
    else
      append_utf8(folded, fold_case(character.code));
    at += character.bytes;
  }
  return folded;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string collapse_spaces(std::string_view text) {
  std::string collapsed;
  for (char c : trimmed(text)) {
    if (!is_blank(c))
      collapsed += c;
    else if (collapsed.back() != ' ')
      collapsed += ' ';
  }
  return collapsed;
}

}  // namespace outcrop::embedded
