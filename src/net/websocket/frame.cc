#include "net/websocket/frame.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace outcrop::net {

namespace {

constexpr size_t control_bytes_max = 125;  // section 5.5
constexpr uint8_t mask_bit = 0x80, length_bits = 0x7f, reserved_bits = 0x70;
constexpr uint8_t length_in_2_bytes = 126, length_in_8_bytes = 127;

bool is_known(WebSocketOpcode opcode) {
  switch (opcode) {
    case WebSocketOpcode::continuation:
    case WebSocketOpcode::text:
    case WebSocketOpcode::binary:
    case WebSocketOpcode::close:
    case WebSocketOpcode::ping:
    case WebSocketOpcode::pong:
      return true;
  }
  return false;
}

uint64_t big_endian(std::span<const uint8_t> bytes) {
  uint64_t value = 0;
  for (uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

void put_big_endian(std::span<char> bytes, uint64_t value) {
  for (size_t i = bytes.size(); i-- > 0; value >>= 8) bytes[i] = char(value);
}

}  // namespace

bool close_code::is_sendable(uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code != 1004 && code != none_received && code != abnormal;
}

void unmask(std::span<char> bytes, std::array<uint8_t, 4> key, uint64_t offset) {
  std::array<uint8_t, 8> wide;
  for (size_t i = 0; i < wide.size(); ++i) wide[i] = key[(offset + i) % key.size()];
  uint64_t mask;
  std::memcpy(&mask, wide.data(), sizeof mask);
  size_t i = 0;
  for (uint64_t word; bytes.size() - i >= sizeof word; i += sizeof word) {
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word ^= mask;
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  for (; i < bytes.size(); ++i) bytes[i] = char(uint8_t(bytes[i]) ^ wide[i % wide.size()]);
}

WebSocketFrameHead::WebSocketFrameHead(WebSocketOpcode opcode, uint64_t payload_bytes) {
  bytes_[0] = char(0x80 | uint8_t(opcode));
  if (payload_bytes < length_in_2_bytes) {
    bytes_[1] = char(payload_bytes);
    size_ = 2;
  } else if (payload_bytes <= 0xffff) {
    bytes_[1] = char(length_in_2_bytes);
    size_ = 4;
  } else {
    bytes_[1] = char(length_in_8_bytes);
    size_ = 10;
  }
  put_big_endian(std::span(bytes_).subspan(2, size_ - 2), payload_bytes);
}

std::string close_payload(uint16_t code, std::string_view text) {
  if (code == close_code::none_received) return {};
  size_t bytes = std::min(text.size(), control_bytes_max - 2);
  while (bytes < text.size() && (uint8_t(text[bytes]) & 0xc0) == 0x80) --bytes;  // no character is cut in two
  std::string payload(2, '\0');
  put_big_endian(payload, code);
  return payload.append(text.substr(0, bytes));
}

WebSocketReader::Event WebSocketReader::feed(std::string_view input, size_t& taken) {
  check(!refused_, "a WebSocket reader is fed after it refused");
  taken = 0;
  for (;;) {
    if (!in_payload_ && !take_head(input, taken)) return refused_ ? Event::refused : Event::needs_more;
    if (!take_payload(input, taken)) return Event::refused;
    if (received_ < length_) return Event::needs_more;
    Event event = end_frame();
    if (event != Event::needs_more) return event;
  }
}

WebSocketMessage WebSocketReader::take_message() { return std::exchange(message_, {}); }

bool WebSocketReader::refuse(uint16_t code, std::string_view text) {
  refused_ = true;
  close_reason_ = {code, std::string(text)};
  return false;
}

// Takes what is missing of the first `head_bytes` of the head; whether they are there.
bool WebSocketReader::collect(size_t head_bytes, std::string_view input, size_t& taken) {
  size_t bytes = std::min(head_bytes - head_bytes_, input.size() - taken);
  std::memcpy(head_.data() + head_bytes_, input.data() + taken, bytes);
  head_bytes_ = uint8_t(head_bytes_ + bytes);
  taken += bytes;
  return head_bytes_ == head_bytes;
}

size_t WebSocketReader::head_size() const {
  uint8_t length = head_[1] & length_bits;
  return 2 + (length == length_in_2_bytes ? 2 : length == length_in_8_bytes ? 8 : 0) + sizeof(uint32_t);
}

// False when more is needed, and when the frame is refused. What two bytes tell is judged when there are two.
bool WebSocketReader::take_head(std::string_view input, size_t& taken) {
  if (head_bytes_ < 2 && (!collect(2, input, taken) || !judge_kind())) return false;
  if (!collect(head_size(), input, taken) || !judge_length()) return false;
  in_payload_ = true;
  received_ = 0;
  return true;
}

bool WebSocketReader::judge_kind() {
  if (head_[0] & reserved_bits) return refuse(close_code::protocol_error, "A reserved bit is set and no extension is in use.");
  if (!is_known(opcode())) return refuse(close_code::protocol_error, "The opcode is reserved.");
  if (!(head_[1] & mask_bit)) return refuse(close_code::protocol_error, "A client's frame is not masked.");
  if (is_control()) {
    if (!final()) return refuse(close_code::protocol_error, "A control frame is fragmented.");
    if ((head_[1] & length_bits) > control_bytes_max) return refuse(close_code::protocol_error, "A control frame is too long.");
    return true;
  }
  bool continues = opcode() == WebSocketOpcode::continuation;
  if (continues && !in_message_) return refuse(close_code::protocol_error, "There is no message to continue.");
  if (!continues && in_message_) return refuse(close_code::protocol_error, "A message begins within another.");
  return true;
}

bool WebSocketReader::judge_length() {
  size_t extended = head_size() - 2 - sizeof(uint32_t);
  length_ = extended == 0 ? head_[1] & length_bits : big_endian(std::span(head_).subspan(2, extended));
  if (length_ >> 63) return refuse(close_code::protocol_error, "The highest bit of a length is set.");
  bool minimal = extended == 0 || length_ > (extended == 2 ? uint64_t{control_bytes_max} : uint64_t{0xffff});
  if (!minimal) return refuse(close_code::protocol_error, "A length is not in its shortest form.");
  return is_control() || judge_data_length();
}

bool WebSocketReader::judge_data_length() {
  if (!in_message_) {
    in_message_ = true;
    fragments_ = 0;
    utf8_ = {};
    message_.kind = opcode() == WebSocketOpcode::text ? WebSocketMessage::Kind::text : WebSocketMessage::Kind::binary;
    message_.data.clear();
  }
  if (length_ > limits_.frame_bytes_max) return refuse(close_code::message_too_big, "The frame is too big.");
  if (length_ > limits_.message_bytes_max - message_.data.size()) return refuse(close_code::message_too_big, "The message is too big.");
  if (++fragments_ > limits_.fragments_max) return refuse(close_code::policy_violation, "The message has too many fragments.");
  return true;
}

// False when the payload is refused.
bool WebSocketReader::take_payload(std::string_view input, size_t& taken) {
  std::string_view part = input.substr(taken, size_t(std::min<uint64_t>(length_ - received_, input.size() - taken)));
  std::string& payload = is_control() ? control_ : message_.data;
  if (is_control() && received_ == 0) control_.clear();
  size_t before = payload.size();
  payload.append(part);
  std::span<char> added = std::span(payload).subspan(before);
  std::array<uint8_t, 4> key;
  std::memcpy(key.data(), head_.data() + head_size() - key.size(), key.size());
  unmask(added, key, received_);
  received_ += part.size();
  taken += part.size();
  bool checked = !is_control() && message_.kind == WebSocketMessage::Kind::text;
  if (checked && !utf8_.feed({added.data(), added.size()})) return refuse(close_code::invalid_data, "A text is not UTF-8.");
  return true;
}

WebSocketReader::Event WebSocketReader::end_frame() {
  in_payload_ = false;
  head_bytes_ = 0;
  switch (opcode()) {
    case WebSocketOpcode::close:
      return end_close();
    case WebSocketOpcode::ping:
      return Event::ping;
    case WebSocketOpcode::pong:
      return Event::pong;
    default:
      break;
  }
  if (!final()) return Event::needs_more;
  in_message_ = false;
  if (message_.kind == WebSocketMessage::Kind::text && !utf8_.complete()) {
    refuse(close_code::invalid_data, "A text ends within a character.");
    return Event::refused;
  }
  return Event::message;
}

WebSocketReader::Event WebSocketReader::end_close() {
  close_reason_ = {};
  if (control_.empty()) return Event::close;
  uint16_t code = 0;
  if (control_.size() >= 2) code = uint16_t(uint8_t(control_[0]) << 8 | uint8_t(control_[1]));
  std::string_view text = std::string_view(control_).substr(std::min<size_t>(2, control_.size()));
  Utf8Validator utf8;
  if (!close_code::is_sendable(code)) {
    refuse(close_code::protocol_error, "The close code is not one that may be sent.");
    return Event::refused;
  }
  if (!utf8.feed(text) || !utf8.complete()) {
    refuse(close_code::invalid_data, "The reason of a close is not UTF-8.");
    return Event::refused;
  }
  close_reason_ = {code, std::string(text)};
  return Event::close;
}

}  // namespace outcrop::net
