// What both versions of HTTP ask of a request's head: which bytes its parts may consist of, how much of it there may
// be, and why it is refused.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "net/limits.h"

namespace outcrop::net {

// Why a request cannot be taken: the status to answer and a sentence for people.
struct Refusal {
  int status = 0;
  std::string_view reason;
};

struct HeadLimits {
  size_t request_line_bytes_max = limits::request_line_bytes_max;
  size_t head_bytes_max = limits::head_bytes_max;
  size_t fields_max = limits::fields_max;
};

inline constexpr size_t usual_fields = 16;
inline constexpr int content_length_digits_max = 18;  // fits 64 bits with room for sums

// What a byte may be part of.
enum ByteClass : uint8_t { token_byte = 1, value_byte = 2, target_byte = 4, host_byte = 8 };

inline constexpr std::array<uint8_t, 256> byte_classes = [] {
  std::array<uint8_t, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bool visible = c > 0x20 && c != 0x7f;  // obs-text (0x80 and above) among them
    if (alphanumeric || (c != 0 && std::string_view("!#$%&'*+-.^_`|~").contains(char(c)))) classes[c] |= token_byte;
    if (visible || c == ' ' || c == '\t') classes[c] |= value_byte;
    if (visible && c != '#') classes[c] |= target_byte;
    if (alphanumeric || (c != 0 && std::string_view("-._~:[]%!$&'()*+,;=").contains(char(c)))) classes[c] |= host_byte;
  }
  return classes;
}();

inline bool all_are(std::string_view text, ByteClass wanted) {
  return std::ranges::all_of(text, [wanted](char c) { return byte_classes[uint8_t(c)] & wanted; });
}

// A byte that no field's value may hold.
inline bool is_control(char c) { return !(byte_classes[uint8_t(c)] & value_byte); }

// Whether all bytes are of a token (RFC 9110 section 5.6.2), and there is one.
inline bool is_token(std::string_view text) { return !text.empty() && all_are(text, token_byte); }

}  // namespace outcrop::net
