#include "net/websocket/utf8_validator.h"

#include <cstring>

namespace outcrop::net {

namespace {

constexpr uint64_t high_bits = 0x8080'8080'8080'8080;

// The length of the run of ASCII from `at`, a word at a time.
size_t ascii_run(std::string_view bytes, size_t at) {
  size_t end = at;
  for (uint64_t word; bytes.size() - end >= sizeof word; end += sizeof word) {
    std::memcpy(&word, bytes.data() + end, sizeof word);
    if (word & high_bits) break;
  }
  while (end < bytes.size() && uint8_t(bytes[end]) < 0x80) ++end;
  return end - at;
}

}  // namespace

bool Utf8Validator::feed(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (left_ == 0) i += ascii_run(bytes, i);
    if (i < bytes.size() && !take(uint8_t(bytes[i]))) return refuse();
  }
  return true;
}

bool Utf8Validator::take(uint8_t byte) {
  if (left_ == 0) return begin_character(byte);
  if (byte < lowest_ || byte > highest_) return false;
  lowest_ = 0x80, highest_ = 0xbf;
  --left_;
  return true;
}

// RFC 3629 section 4: the second byte's range depends on the first.
bool Utf8Validator::begin_character(uint8_t lead) {
  if (lead < 0xc2 || lead > 0xf4) return false;
  left_ = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  if (lead == 0xe0) lowest_ = 0xa0;
  if (lead == 0xed) highest_ = 0x9f;
  if (lead == 0xf0) lowest_ = 0x90;
  if (lead == 0xf4) highest_ = 0x8f;
  return true;
}

// No byte is in an empty range.
bool Utf8Validator::refuse() {
  left_ = 1;
  lowest_ = 0xff, highest_ = 0;
  return false;
}

}  // namespace outcrop::net
