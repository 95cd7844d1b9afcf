// Messages of the AWS event stream encoding (application/vnd.amazon.eventstream): typed headers and a payload in a
// frame with two checksums (Transcribe developer guide, "Event stream encoding"). What an event's members become is
// event_shapes.h's business.
//
//   total length u32 · headers length u32 · CRC-32 of these 8 bytes · headers · payload · CRC-32 of all before
//   header: name length u8, name, type u8, value; strings and bytes behind a u16 length. All big-endian.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace outcrop::wire {

inline constexpr std::string_view event_stream_type = "application/vnd.amazon.eventstream";

struct HeaderBytes {
  std::string bytes;
  friend bool operator==(const HeaderBytes&, const HeaderBytes&) = default;
};
using HeaderUuid = std::array<uint8_t, 16>;
using HeaderValue = std::variant<bool, int8_t, int16_t, int32_t, int64_t, HeaderBytes, std::string, Instant, HeaderUuid>;

struct MessageHeader {
  std::string name;  // 1 to 255 bytes
  HeaderValue value;
  friend bool operator==(const MessageHeader&, const MessageHeader&) = default;
};

struct Message {
  std::vector<MessageHeader> headers;  // in order, which says nothing
  std::string payload;

  const HeaderValue* find(std::string_view name) const;  // null when there is none
  std::string_view text(std::string_view name) const;    // of a string; else empty
  friend bool operator==(const Message&, const Message&) = default;
};

// The headers as they stand in a frame: what the signature of a message covers.
std::string encode_headers(const std::vector<MessageHeader>& headers);

// Appends one frame. InternalFailure 500, and nothing is appended, when a header or the payload is longer than the
// format or limits.h lets it be.
Result<void> append_message(const Message& message, std::string& out);

// Frames out of bytes as they arrive. A frame that is announced longer than limits.h allows is refused before anything
// of it is kept. After a fault the stream cannot be read on.
class MessageDecoder {
 public:
  void add(std::string_view bytes);
  // The next message that is complete. SerializationException 400 on a wrong checksum, length or header.
  Result<std::optional<Message>> next();
  // Whether the bytes so far end with a message.
  bool at_boundary() const { return buffer_.size() == begin_; }

 private:
  std::string buffer_;
  size_t begin_ = 0;  // of what is not decoded
};

}  // namespace outcrop::wire
