// Frames of event streams.
#include "wire/event_stream.h"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "base/digest.h"
#include "base/encoding.h"
#include "wire/limits.h"

namespace outcrop::wire {
namespace {

constexpr size_t prelude_bytes = 12;
constexpr size_t frame_overhead_bytes = prelude_bytes + 4;
constexpr size_t name_bytes_max = 255;
constexpr size_t value_bytes_max = 32'767;  // the specification's, below what its u16 could say

enum class HeaderType : uint8_t { true_value, false_value, byte, short_, integer, long_, bytes, string, timestamp, uuid };

std::unexpected<Fault> bad_frame(std::string message) { return fail("SerializationException", 400, "Event stream: " + message); }

template <class Integer>
void append_integer(std::string& out, Integer value) {
  auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  for (int shift = (static_cast<int>(sizeof(Integer)) - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
}

// At least sizeof(Integer) bytes must be there.
template <class Integer>
Integer integer_at(std::string_view bytes) {
  std::make_unsigned_t<Integer> bits = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) bits = static_cast<decltype(bits)>(bits << 8 | static_cast<uint8_t>(bytes[i]));
  return static_cast<Integer>(bits);
}

// --- writing

struct ValueWriting {
  std::string& out;

  void type(HeaderType type) { out.push_back(static_cast<char>(type)); }
  template <class Integer>
  void number(HeaderType kind, Integer value) {
    type(kind);
    append_integer(out, value);
  }
  void sized(HeaderType kind, std::string_view bytes) {
    number(kind, static_cast<uint16_t>(bytes.size()));
    out.append(bytes);
  }

  void operator()(bool value) { type(value ? HeaderType::true_value : HeaderType::false_value); }
  void operator()(int8_t value) { number(HeaderType::byte, value); }
  void operator()(int16_t value) { number(HeaderType::short_, value); }
  void operator()(int32_t value) { number(HeaderType::integer, value); }
  void operator()(int64_t value) { number(HeaderType::long_, value); }
  void operator()(const HeaderBytes& value) { sized(HeaderType::bytes, value.bytes); }
  void operator()(const std::string& value) { sized(HeaderType::string, value); }
  void operator()(Instant value) { number(HeaderType::timestamp, ms_since_epoch(value)); }
  void operator()(const HeaderUuid& value) {
    type(HeaderType::uuid);
    out.append(reinterpret_cast<const char*>(value.data()), value.size());
  }
};

size_t value_bytes(const HeaderValue& value) {
  if (auto* text = std::get_if<std::string>(&value)) return text->size();
  if (auto* bytes = std::get_if<HeaderBytes>(&value)) return bytes->bytes.size();
  return 0;
}

bool can_be_written(const MessageHeader& header) {
  return !header.name.empty() && header.name.size() <= name_bytes_max && value_bytes(header.value) <= value_bytes_max;
}

// --- reading

class HeaderReading {
 public:
  explicit HeaderReading(std::string_view bytes) : bytes_(bytes) {}

  bool read(std::vector<MessageHeader>& headers) {
    while (!bytes_.empty()) {
      if (headers.size() == limits::event_headers_max) return false;
      MessageHeader& header = headers.emplace_back();
      std::string_view name;
      if (!take(static_cast<uint8_t>(bytes_[0]) + size_t{1}, name) || name.size() == 1) return false;
      header.name = name.substr(1);
      if (!is_valid_utf8(header.name) || !value(header.value)) return false;
    }
    return true;
  }

 private:
  bool take(size_t count, std::string_view& out) {
    if (count > bytes_.size()) return false;
    out = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return true;
  }

  template <class Integer>
  bool number(Integer& out) {
    std::string_view bytes;
    if (!take(sizeof(Integer), bytes)) return false;
    out = integer_at<Integer>(bytes);
    return true;
  }

  template <class Integer>
  bool number_value(HeaderValue& out) {
    return number(out.emplace<Integer>());
  }

  bool sized(std::string& out) {
    uint16_t size = 0;
    std::string_view bytes;
    if (!number(size) || size > value_bytes_max || !take(size, bytes)) return false;
    out = bytes;
    return true;
  }

  bool timestamp(HeaderValue& out) {
    int64_t ms = 0;
    if (!number(ms)) return false;
    out = instant_from_ms(ms);
    return true;
  }

  bool uuid(HeaderUuid& out) {
    std::string_view bytes;
    if (!take(out.size(), bytes)) return false;
    std::ranges::copy(bytes, reinterpret_cast<char*>(out.data()));
    return true;
  }

  bool value(HeaderValue& out) {
    uint8_t type = 0;
    if (!number(type)) return false;
    switch (static_cast<HeaderType>(type)) {
      case HeaderType::true_value:
      case HeaderType::false_value:
        out = static_cast<HeaderType>(type) == HeaderType::true_value;
        return true;
      case HeaderType::byte:
        return number_value<int8_t>(out);
      case HeaderType::short_:
        return number_value<int16_t>(out);
      case HeaderType::integer:
        return number_value<int32_t>(out);
      case HeaderType::long_:
        return number_value<int64_t>(out);
      case HeaderType::bytes:
        return sized(out.emplace<HeaderBytes>().bytes);
      case HeaderType::string:
        return sized(out.emplace<std::string>()) && is_valid_utf8(std::get<std::string>(out));
      case HeaderType::timestamp:
        return timestamp(out);
      case HeaderType::uuid:
        return uuid(out.emplace<HeaderUuid>());
    }
    return false;
  }

  std::string_view bytes_;
};

Result<Message> read_frame(std::string_view frame, size_t headers_bytes) {
  std::string_view covered = frame.substr(0, frame.size() - 4);
  if (crc32(covered) != integer_at<uint32_t>(frame.substr(covered.size()))) return bad_frame("a message's checksum does not match");
  Message message;
  if (!HeaderReading(covered.substr(prelude_bytes, headers_bytes)).read(message.headers)) return bad_frame("a header is malformed");
  message.payload = covered.substr(prelude_bytes + headers_bytes);
  return message;
}

}  // namespace

const HeaderValue* Message::find(std::string_view name) const {
  auto at = std::ranges::find(headers, name, &MessageHeader::name);
  return at == headers.end() ? nullptr : &at->value;
}

std::string_view Message::text(std::string_view name) const {
  const HeaderValue* value = find(name);
  const std::string* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? std::string_view(*text) : "";
}

std::string encode_headers(const std::vector<MessageHeader>& headers) {
  std::string out;
  for (const MessageHeader& header : headers) {
    out.push_back(static_cast<char>(header.name.size()));
    out += header.name;
    std::visit(ValueWriting{out}, header.value);
  }
  return out;
}

Result<void> append_message(const Message& message, std::string& out) {
  if (!std::ranges::all_of(message.headers, can_be_written)) return fail("InternalFailure", 500, "An event's header is too long.");
  std::string headers = encode_headers(message.headers);
  if (headers.size() > limits::event_headers_bytes_max || message.payload.size() > limits::event_payload_bytes_max_sent)
    return fail("InternalFailure", 500, "An event is too long.");
  const size_t total = frame_overhead_bytes + headers.size() + message.payload.size();
  const size_t begin = out.size();
  out.reserve(begin + total);
  append_integer(out, static_cast<uint32_t>(total));
  append_integer(out, static_cast<uint32_t>(headers.size()));
  append_integer(out, crc32(std::string_view(out).substr(begin)));
  out.append(headers).append(message.payload);
  append_integer(out, crc32(std::string_view(out).substr(begin)));
  return {};
}

void MessageDecoder::add(std::string_view bytes) {
  buffer_.erase(0, std::exchange(begin_, 0));
  buffer_.append(bytes);
}

Result<std::optional<Message>> MessageDecoder::next() {
  std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (rest.size() < prelude_bytes) return std::nullopt;
  const uint32_t total = integer_at<uint32_t>(rest), headers = integer_at<uint32_t>(rest.substr(4));
  if (crc32(rest.substr(0, 8)) != integer_at<uint32_t>(rest.substr(8))) return bad_frame("a prelude's checksum does not match");
  if (headers > limits::event_headers_bytes_max) return bad_frame("the headers of a message are too long");
  if (total < frame_overhead_bytes + headers) return bad_frame("a message is shorter than its headers");
  if (total - frame_overhead_bytes - headers > limits::event_payload_bytes_max) return bad_frame("a message is too long");
  if (rest.size() < total) return std::nullopt;
  Result<Message> message = read_frame(rest.substr(0, total), headers);
  if (!message) return fail(std::move(message.error()));
  begin_ += total;
  return std::move(*message);
}

}  // namespace outcrop::wire
