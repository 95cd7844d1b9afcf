// Whether text that comes in pieces is UTF-8 as RFC 3629 defines it (no surrogates, no overlong forms, nothing above
// U+10FFFF). A wrong byte is seen when it comes, also in the middle of a character.
#pragma once
#include <cstdint>
#include <string_view>

namespace outcrop::net {

class Utf8Validator {
 public:
  // False as soon as what was fed begins no valid text; it stays so.
  bool feed(std::string_view bytes);
  // Whether no character is left unfinished.
  bool complete() const { return left_ == 0; }

 private:
  bool take(uint8_t byte);
  bool begin_character(uint8_t lead);
  bool refuse();

  uint8_t left_ = 0;                        // bytes of the character that are to come
  uint8_t lowest_ = 0x80, highest_ = 0xbf;  // that the next of them may be
};

}  // namespace outcrop::net
