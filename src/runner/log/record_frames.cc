#include "runner/log/record_frames.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runner/limits.h"

namespace outcrop::runner {

namespace {

constexpr std::string_view frame_mark("\xa5\x5a\x00", 3);
constexpr uint32_t text_bit = 1, time_bit = 2;
constexpr uint32_t noise_type = 0xa55a0000 | text_bit;
constexpr std::array<std::string_view, 7> frame_levels = {"", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

uint64_t big_endian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | uint8_t(byte);
  return number;
}

}  // namespace

RecordType RecordType::of(uint32_t type) {
  const size_t level = type >> 2 & 7;
  RecordType read{.is_text = (type & text_bit) != 0};
  if (level > 0 && level < frame_levels.size()) read.level = frame_levels[level];
  return read;
}

void RecordFrames::feed(std::string_view bytes) {
  waiting_ += bytes;
  while (begin_ < waiting_.size() && (rest().starts_with(frame_mark) ? take_one() : take_noise())) {
  }
  waiting_.erase(0, std::exchange(begin_, 0));
}

// False when more bytes are needed.
bool RecordFrames::take_one() {
  const std::string_view bytes = rest();
  if (bytes.size() < 8) return false;
  const uint32_t type = uint32_t(big_endian(bytes.substr(0, 4)));
  const size_t length = big_endian(bytes.substr(4, 4));
  const size_t head = type & time_bit ? 16 : 8;
  const size_t part = std::min(length, limits::log_record_bytes_max);
  if (bytes.size() < head + part) return false;
  std::optional<Instant> at;
  if (type & time_bit) at = instant_from_ms(int64_t(big_endian(bytes.substr(8, 8)) / 1000));
  on_record_(at, type, bytes.substr(head, part));
  if (part == length) {
    begin_ += head + part;
    return true;
  }
  // The rest is a record of its own, with the same head.
  waiting_.erase(begin_ + head, part);
  for (size_t i = 0; i < 4; ++i) waiting_[begin_ + 4 + i] = char((length - part) >> (24 - 8 * i));
  return true;
}

bool RecordFrames::take_noise() {
  const std::string_view bytes = rest();
  if (frame_mark.starts_with(bytes)) return false;
  size_t end = bytes.find(frame_mark[0], 1);
  while (end < bytes.size() && !frame_mark.starts_with(bytes.substr(end, frame_mark.size()))) end = bytes.find(frame_mark[0], end + 1);
  end = std::min({end, bytes.size(), limits::log_record_bytes_max});
  on_record_(std::nullopt, noise_type, bytes.substr(0, end));
  begin_ += end;
  return true;
}

}  // namespace outcrop::runner
