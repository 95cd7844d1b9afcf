// Order-preserving encoding.
#include "store/keys.h"

#include <bit>
#include <cstring>

namespace outcrop::store {

namespace {

constexpr char escape = '\0', escaped_zero = '\xff', terminator = '\x01';
constexpr uint64_t sign_bit = uint64_t(1) << 63;

template <class T>
void append_big_endian(std::string& key, T value) {
  for (int shift = int(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) key += char(uint8_t(value >> shift));
}

}  // namespace

KeyWriter& KeyWriter::text(std::string_view value) {
  for (;;) {
    size_t zero = value.find('\0');
    key_ += value.substr(0, zero);
    if (zero == value.npos) break;
    key_ += escape;
    key_ += escaped_zero;
    value.remove_prefix(zero + 1);
  }
  key_ += escape;
  key_ += terminator;
  return *this;
}

KeyWriter& KeyWriter::u8(uint8_t value) {
  key_ += char(value);
  return *this;
}

KeyWriter& KeyWriter::u32(uint32_t value) {
  append_big_endian(key_, value);
  return *this;
}

KeyWriter& KeyWriter::u64(uint64_t value) {
  append_big_endian(key_, value);
  return *this;
}

KeyWriter& KeyWriter::i64(int64_t value) { return u64(std::bit_cast<uint64_t>(value) ^ sign_bit); }

KeyWriter& KeyWriter::raw(std::string_view bytes) {
  key_ += bytes;
  return *this;
}

std::nullopt_t KeyReader::refuse() {
  failed_ = true;
  rest_ = {};
  return std::nullopt;
}

template <class T>
std::optional<T> KeyReader::integer() {
  if (failed_ || rest_.size() < sizeof(T)) return refuse();
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = T(uint64_t(value) << 8 | uint8_t(rest_[i]));
  rest_.remove_prefix(sizeof(T));
  return value;
}

std::optional<std::string> KeyReader::text() {
  std::string value;
  for (;;) {
    size_t zero = failed_ ? rest_.npos : rest_.find(escape);
    if (zero == rest_.npos || zero + 1 == rest_.size()) return refuse();
    value += rest_.substr(0, zero);
    const char kind = rest_[zero + 1];
    rest_.remove_prefix(zero + 2);
    if (kind == terminator) return value;
    if (kind != escaped_zero) return refuse();
    value += '\0';
  }
}

std::optional<uint8_t> KeyReader::u8() { return integer<uint8_t>(); }
std::optional<uint32_t> KeyReader::u32() { return integer<uint32_t>(); }
std::optional<uint64_t> KeyReader::u64() { return integer<uint64_t>(); }

std::optional<int64_t> KeyReader::i64() {
  auto value = integer<uint64_t>();
  if (!value) return std::nullopt;
  return std::bit_cast<int64_t>(*value ^ sign_bit);
}

std::optional<std::string_view> KeyReader::raw(size_t size) {
  if (failed_ || rest_.size() < size) return refuse();
  std::string_view value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

bool KeyReader::skip(std::string_view prefix) {
  if (failed_ || !rest_.starts_with(prefix)) {
    refuse();
    return false;
  }
  rest_.remove_prefix(prefix.size());
  return true;
}

}  // namespace outcrop::store
