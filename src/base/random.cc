#include "base/random.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"

namespace outcrop {

uint64_t Random::next() {
  uint64_t value;
  fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

double Random::unit() { return double(next() >> 11) * 0x1.0p-53; }

uint64_t Random::below(uint64_t bound) {
  check(bound > 0, "Random::below needs a positive bound");
  uint64_t threshold = -bound % bound;  // values under it would make small results likelier
  for (;;) {
    uint64_t value = next();
    if (value >= threshold) return value % bound;
  }
}

std::string Random::uuid() {
  static constexpr char digits[] = "0123456789abcdef";
  std::array<uint8_t, 16> bytes;
  fill(std::as_writable_bytes(std::span(bytes)));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::string Random::alphanumeric(size_t length) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text(length, ' ');
  for (char& c : text) c = letters[below(62)];
  return text;
}

void SystemRandom::fill(std::span<std::byte> out) {
  struct Buffer {
    std::array<std::byte, 512> bytes;
    size_t used = 512;
  };
  thread_local Buffer buffer;
  while (!out.empty()) {
    if (buffer.used == buffer.bytes.size()) {
      check(getrandom(buffer.bytes.data(), buffer.bytes.size(), 0) == ssize_t(buffer.bytes.size()), "getrandom failed");
      buffer.used = 0;
    }
    size_t n = std::min(out.size(), buffer.bytes.size() - buffer.used);
    std::memcpy(out.data(), buffer.bytes.data() + buffer.used, n);
    buffer.used += n;
    out = out.subspan(n);
  }
}

void SeededRandom::fill(std::span<std::byte> out) {
  for (size_t i = 0; i < out.size(); i += 8) {
    uint64_t value = engine_();
    std::memcpy(out.data() + i, &value, std::min<size_t>(8, out.size() - i));
  }
}

}  // namespace outcrop
