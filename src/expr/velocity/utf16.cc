#include "expr/velocity/utf16.h"

#include "expr/text.h"
#include "json/utf8.h"

namespace outcrop::expr::velocity {

std::u16string to_utf16(std::string_view text) {
  std::string valid;
  json::append_as_utf8(valid, text);
  std::u16string out;
  for (size_t i = 0; i < valid.size();) {
    const uint8_t first = uint8_t(valid[i++]);
    const size_t more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    uint32_t character = more == 0 ? first : first & (0x3fu >> more);
    for (size_t k = 0; k < more; ++k) character = character << 6 | (uint8_t(valid[i++]) & 0x3f);
    if (character < 0x10000) {
      out += char16_t(character);
    } else {
      out += char16_t(0xd800 + ((character - 0x10000) >> 10));
      out += char16_t(0xdc00 + ((character - 0x10000) & 0x3ff));
    }
  }
  return out;
}

std::string to_utf8(std::u16string_view text) {
  constexpr uint32_t replacement = 0xfffd;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    uint32_t unit = text[i];
    if (is_high_surrogate(unit) && i + 1 < text.size() && is_low_surrogate(text[i + 1]))
      unit = joined_surrogates(unit, text[++i]);
    else if (is_high_surrogate(unit) || is_low_surrogate(unit))
      unit = replacement;
    append_utf8(out, unit);
  }
  return out;
}

}  // namespace outcrop::expr::velocity
