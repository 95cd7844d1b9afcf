// Event streams: messages do not depend on how their bytes arrive, and survive being written. The second half of each
// input is also put into a frame with right checksums, which chance would never find.
#include "wire/event_stream.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/digest.h"
#include "wire/limits.h"

namespace {

using namespace outcrop;

struct Read {
  std::vector<wire::Message> messages;
  bool failed = false;
};

Read read_in_parts(std::string_view bytes, size_t part_bytes) {
  Read read;
  wire::MessageDecoder decoder;
  for (size_t at = 0; at < bytes.size() && !read.failed; at += part_bytes) {
    decoder.add(bytes.substr(at, part_bytes));
    while (true) {
      Result<std::optional<wire::Message>> message = decoder.next();
      read.failed = !message;
      if (!message || !*message) break;
      read.messages.push_back(std::move(**message));
    }
  }
  return read;
}

void append_big_endian(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::string frame_around(std::string_view headers) {
  std::string frame;
  append_big_endian(frame, static_cast<uint32_t>(16 + headers.size()));
  append_big_endian(frame, static_cast<uint32_t>(headers.size()));
  append_big_endian(frame, crc32(frame));
  frame += headers;
  append_big_endian(frame, crc32(frame));
  return frame;
}

void check_reading(std::string_view bytes) {
  const Read whole = read_in_parts(bytes, bytes.size() + 1), parts = read_in_parts(bytes, 3);
  check(whole.messages == parts.messages && whole.failed == parts.failed, "messages depend on how their bytes arrive");
  for (const wire::Message& message : whole.messages) {
    std::string frame;
    check(wire::append_message(message, frame).has_value(), "a message that was read cannot be written");
    check(read_in_parts(frame, frame.size()).messages == std::vector{message}, "a message does not survive being written");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_reading(bytes);
  check_reading(frame_around(bytes.substr(size / 2)));
  return 0;
}
