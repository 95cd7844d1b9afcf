// UTF-8 validation with a fast path over runs of ASCII.
#include "json/utf8.h"

#include "json/scan.h"

namespace outcrop::json {

namespace {

// The length of the character at text[i], or 0 when there is no valid one.
size_t utf8_character_bytes(std::string_view text, size_t i) {
  auto byte = [&](size_t k) { return uint8_t(text[k]); };
  auto continues = [&](size_t k) { return (byte(k) & 0xc0) == 0x80; };
  size_t left = text.size() - i;
  uint8_t lead = byte(i);
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return left >= 2 && continues(i + 1) ? 2 : 0;
  if (lead < 0xf0) {
    if (left < 3 || !continues(i + 1) || !continues(i + 2)) return 0;
    bool overlong = lead == 0xe0 && byte(i + 1) < 0xa0;
    bool surrogate = lead == 0xed && byte(i + 1) > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead > 0xf4 || left < 4 || !continues(i + 1) || !continues(i + 2) || !continues(i + 3)) return 0;
  bool overlong = lead == 0xf0 && byte(i + 1) < 0x90;
  bool too_high = lead == 0xf4 && byte(i + 1) > 0x8f;
  return overlong || too_high ? 0 : 4;
}

}  // namespace

size_t valid_utf8_prefix(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    while (text.size() - i >= 8 && (detail::load_word(text.data() + i) & detail::high_bits) == 0) i += 8;
    if (i == text.size()) break;
    size_t bytes = utf8_character_bytes(text, i);
    if (bytes == 0) return i;
    i += bytes;
  }
  return i;
}

void append_as_utf8(std::string& out, std::string_view text) {
  constexpr std::string_view replacement_character = "\xef\xbf\xbd";  // U+FFFD
  for (size_t valid; (valid = valid_utf8_prefix(text)) < text.size(); text.remove_prefix(valid + 1))
    out.append(text.substr(0, valid)).append(replacement_character);
  out += text;
}

}  // namespace outcrop::json
