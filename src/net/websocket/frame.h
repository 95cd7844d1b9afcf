// WebSocket frames as bytes (RFC 6455 section 5): a reader that puts whole messages together from a client's bytes, fed
// in any pieces, and the heads of the frames we send. Limits hold before memory is taken, and memory is taken for what
// has come, not for what a frame announces.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/limits.h"
#include "net/websocket/utf8_validator.h"

namespace outcrop::net {

enum class WebSocketOpcode : uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// RFC 6455 section 7.4.1, and what was registered since (IANA, WebSocket Close Code Number Registry). Applications have
// 3000 to 4999 for their own.
namespace close_code {
inline constexpr uint16_t normal = 1000, going_away = 1001, protocol_error = 1002, unsupported_data = 1003;
inline constexpr uint16_t none_received = 1005, abnormal = 1006;  // say what was seen, and are never sent
inline constexpr uint16_t invalid_data = 1007, policy_violation = 1008, message_too_big = 1009, internal_error = 1011;
inline constexpr uint16_t try_again_later = 1013;

// Whether a close frame may hold it.
bool is_sendable(uint16_t code);
}  // namespace close_code

struct WebSocketMessage {
  enum class Kind { text, binary };
  Kind kind = Kind::text;
  std::string data;  // of a text: valid UTF-8
};

struct CloseReason {
  uint16_t code = close_code::none_received;
  std::string text;  // UTF-8, at most 123 bytes
};

struct WebSocketLimits {
  size_t frame_bytes_max = limits::websocket_frame_bytes_max;
  size_t message_bytes_max = limits::websocket_message_bytes_max;
  size_t fragments_max = limits::websocket_fragments_max;  // of one message, empty ones too
};

class WebSocketReader {
 public:
  explicit WebSocketReader(const WebSocketLimits& limits) : limits_(limits) {}

  enum class Event { needs_more, message, ping, pong, close, refused };
  // Reads from the front of `input`, up to the first event; `taken` becomes the bytes that are done with, all of them
  // when more is needed. Nothing may be fed after a close or a refusal.
  Event feed(std::string_view input, size_t& taken);

  WebSocketMessage take_message();                                   // after `message`
  std::string_view control_payload() const { return control_; }      // after `ping` and `pong`
  const CloseReason& close_reason() const { return close_reason_; }  // after `close`; after `refused`, what to close with
  size_t memory() const { return message_.data.capacity() + control_.capacity(); }
  bool at_rest() const { return head_bytes_ == 0 && !in_message_; }  // neither in a frame nor in a message

 private:
  bool take_head(std::string_view input, size_t& taken);
  bool collect(size_t head_bytes, std::string_view input, size_t& taken);
  bool judge_kind();
  bool judge_length();
  bool judge_data_length();
  bool take_payload(std::string_view input, size_t& taken);
  Event end_frame();
  Event end_close();
  bool refuse(uint16_t code, std::string_view text);

  bool final() const { return head_[0] & 0x80; }
  WebSocketOpcode opcode() const { return WebSocketOpcode(head_[0] & 0x0f); }
  bool is_control() const { return head_[0] & 0x08; }
  size_t head_size() const;

  WebSocketLimits limits_;
  std::array<uint8_t, 14> head_;
  uint8_t head_bytes_ = 0;  // of the frame's head that have come
  bool in_payload_ = false;
  bool in_message_ = false;  // between its first and its last frame
  bool refused_ = false;
  uint64_t length_ = 0, received_ = 0;  // of the frame's payload

  WebSocketMessage message_;
  size_t fragments_ = 0;
  Utf8Validator utf8_;
  std::string control_;
  CloseReason close_reason_;
};

// The head of a whole, unmasked frame.
class WebSocketFrameHead {
 public:
  static constexpr size_t bytes_max = 10;
  WebSocketFrameHead(WebSocketOpcode opcode, uint64_t payload_bytes);
  std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, bytes_max> bytes_;
  size_t size_;
};

// What a close frame carries; the text is cut to what fits. Empty for close_code::none_received.
std::string close_payload(uint16_t code, std::string_view text);

// XORs with the key (section 5.3), whose first byte belongs to the payload's byte 0; `offset` is where `bytes` begin in it.
void unmask(std::span<char> bytes, std::array<uint8_t, 4> key, uint64_t offset);

}  // namespace outcrop::net
