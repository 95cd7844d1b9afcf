// Items of CBOR, one head at a time.
#include "wire/cbor_reader.h"

#include <bit>
#include <cmath>
#include <limits>

#include "base/encoding.h"
#include "wire/limits.h"

namespace outcrop::wire {
namespace {

// Major types, and the additional information that means something else than a number (RFC 8949 section 3).
enum Major : uint8_t { unsigned_number, negative_number, byte_string, text_string, array, map, tagged, simple_or_real };
constexpr uint8_t info_indefinite = 31;
constexpr uint8_t break_byte = 0xff;

// RFC 8949 appendix D.
double half_value(uint16_t half) {
  const int exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
  double value = exponent == 0    ? std::ldexp(fraction, -24)
                 : exponent != 31 ? std::ldexp(fraction + 1024, exponent - 25)
                 : fraction == 0  ? std::numeric_limits<double>::infinity()
                                  : std::numeric_limits<double>::quiet_NaN();
  return half & 0x8000 ? -value : value;
}

}  // namespace

CborToken CborReader::next() {
  if (open_.empty()) {
    if (begun_ && token_ != CborToken::tag) return token_ = rest_.empty() && token_ != CborToken::error ? CborToken::end : CborToken::error;
    begun_ = true;
    return item();
  }
  Open& inside = open_.back();
  if (token_ != CborToken::tag) {
    const bool at_break = inside.left == indefinite && !rest_.empty() && static_cast<uint8_t>(rest_[0]) == break_byte;
    if (at_break) {
      if (inside.is_map && !inside.key_comes) return error();
      rest_.remove_prefix(1);
      return close();
    }
    if (inside.left == 0) return close();
    if (inside.left != indefinite) --inside.left;
    inside.key_comes = !inside.key_comes;
  }
  return item();
}

CborToken CborReader::close() {
  token_ = open_.back().is_map ? CborToken::end_map : CborToken::end_array;
  open_.pop_back();
  return token_;
}

bool CborReader::take(uint64_t count, std::string_view& bytes) {
  if (count > rest_.size()) return false;
  bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return true;
}

bool CborReader::argument(uint8_t info, uint64_t& value) {
  if (info < 24) {
    value = info;
    return true;
  }
  std::string_view bytes;
  if (info > 27 || !take(size_t{1} << (info - 24), bytes)) return false;
  value = 0;
  for (char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return true;
}

CborToken CborReader::item() {
  if (rest_.empty()) return error();
  const auto head = static_cast<uint8_t>(rest_[0]);
  rest_.remove_prefix(1);
  const uint8_t info = head & 0x1f;
  switch (head >> 5) {
    case unsigned_number:
      return argument(info, number_) ? token_ = CborToken::unsigned_ : error();
    case negative_number:
      return argument(info, number_) ? token_ = CborToken::negative : error();
    case byte_string:
      return string(false, info);
    case text_string:
      return string(true, info);
    case array:
      return collection(false, info);
    case map:
      return collection(true, info);
    case tagged:
      if (token_ == CborToken::tag) return error();  // nothing here has tags on tags
      return argument(info, number_) ? token_ = CborToken::tag : error();
    default:
      return simple(info);
  }
}

CborToken CborReader::string(bool is_text, uint8_t info) {
  if (info == info_indefinite) {
    if (!chunks(is_text ? text_string : byte_string, is_text)) return error();
    string_ = joined_;
  } else {
    uint64_t length = 0;
    if (!argument(info, length) || !take(length, string_) || (is_text && !is_valid_utf8(string_))) return error();
  }
  return token_ = is_text ? CborToken::text : CborToken::bytes;
}

// Definite strings of the same type up to a break (RFC 8949 section 3.2.3).
bool CborReader::chunks(uint8_t major, bool is_text) {
  joined_.clear();
  while (!rest_.empty()) {
    const auto head = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    if (head == break_byte) return true;
    uint64_t length = 0;
    std::string_view chunk;
    if (head >> 5 != major || !argument(head & 0x1f, length) || !take(length, chunk)) return false;
    if (is_text && !is_valid_utf8(chunk)) return false;
    joined_ += chunk;
  }
  return false;
}

CborToken CborReader::collection(bool is_map, uint8_t info) {
  if (open_.size() == limits::cbor_depth_max) return error();
  uint64_t count = indefinite;
  if (info != info_indefinite) {
    // Every item takes a byte at least.
    if (!argument(info, count) || count > rest_.size() / (is_map ? 2 : 1)) return error();
    if (is_map) count *= 2;
  }
  open_.push_back({.left = count, .is_map = is_map});
  return token_ = is_map ? CborToken::begin_map : CborToken::begin_array;
}

CborToken CborReader::simple(uint8_t info) {
  constexpr uint8_t is_false = 20, is_true = 21, is_null = 22, is_undefined = 23, is_half = 25, is_single = 26, is_double = 27;
  switch (info) {
    case is_false:
    case is_true:
      number_ = info == is_true;
      return token_ = CborToken::boolean;
    case is_null:
    case is_undefined:
      return token_ = CborToken::null;
    case is_half:
    case is_single:
    case is_double:
      if (!argument(info, number_)) return error();
      real_ = info == is_half     ? half_value(static_cast<uint16_t>(number_))
              : info == is_single ? static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(number_)))
                                  : std::bit_cast<double>(number_);
      return token_ = CborToken::real;
    default:
      return error();
  }
}

bool CborReader::skip() {
  if (token_ == CborToken::tag) next();
  if (token_ != CborToken::begin_array && token_ != CborToken::begin_map) return token_ != CborToken::error;
  for (const size_t depth = open_.size(); open_.size() >= depth;) {
    if (next() == CborToken::error) return false;
  }
  return true;
}

}  // namespace outcrop::wire
