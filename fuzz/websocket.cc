// WebSocket frames from a client: however the bytes are cut, the outcome is the same; messages keep to their limits and texts
// are UTF-8. The first byte chooses the cuts.
#include "base/check.h"
#include "base/encoding.h"
#include "net/websocket/frame.h"

namespace {

using namespace outcrop;
using namespace outcrop::net;

// Small enough that the fuzzer reaches them.
constexpr WebSocketLimits small_limits{.frame_bytes_max = 300, .message_bytes_max = 400, .fragments_max = 5};

struct Outcome {
  std::vector<std::string> events;
  size_t taken = 0;
  bool at_rest = true;
  bool operator==(const Outcome&) const = default;
};

std::string describe(WebSocketReader& reader, WebSocketReader::Event event) {
  switch (event) {
    case WebSocketReader::Event::needs_more:
      break;
    case WebSocketReader::Event::message: {
      WebSocketMessage message = reader.take_message();
      check(message.data.size() <= small_limits.message_bytes_max, "a message above its limit");
      bool is_text = message.kind == WebSocketMessage::Kind::text;
      check(!is_text || is_valid_utf8(message.data), "a text that is not UTF-8");
      return (is_text ? "text " : "binary ") + message.data;
    }
    case WebSocketReader::Event::ping:
    case WebSocketReader::Event::pong:
      check(reader.control_payload().size() <= 125, "a control frame above its limit");
      return (event == WebSocketReader::Event::ping ? "ping " : "pong ") + std::string(reader.control_payload());
    case WebSocketReader::Event::close:
    case WebSocketReader::Event::refused: {
      const CloseReason& reason = reader.close_reason();
      bool silent = event == WebSocketReader::Event::close && reason.code == close_code::none_received;
      check(silent || close_code::is_sendable(reason.code), "a close code that may not be sent");
      check(is_valid_utf8(reason.text), "a reason that is not UTF-8");
      check(close_payload(reason.code, reason.text).size() <= 125, "a close frame that is too long");
      return fmt::format("{} {} {}", event == WebSocketReader::Event::close ? "close" : "refused", reason.code, reason.text);
    }
  }
  return {};
}

// Pieces of 1 to 16 bytes in a sequence that `cuts` chooses; zero: all at once.
Outcome read_in_pieces(std::string_view bytes, uint8_t cuts) {
  Outcome outcome;
  WebSocketReader reader(small_limits);
  uint32_t sequence = cuts;
  while (!bytes.empty()) {
    sequence = sequence * 1664525 + 1013904223;
    std::string_view piece = bytes.substr(0, cuts == 0 ? bytes.size() : 1 + (sequence >> 28));
    bytes.remove_prefix(piece.size());
    for (auto event = WebSocketReader::Event::message; event != WebSocketReader::Event::needs_more;) {
      size_t taken = 0;
      event = reader.feed(piece, taken);
      piece.remove_prefix(taken);
      outcome.taken += taken;
      if (event == WebSocketReader::Event::needs_more) continue;
      outcome.events.push_back(describe(reader, event));
      // How much of a refused payload was looked at depends on the pieces.
      if (event == WebSocketReader::Event::refused) outcome.taken = 0;
      if (event == WebSocketReader::Event::refused || event == WebSocketReader::Event::close) return outcome;
    }
    check(piece.empty(), "bytes left over although more is needed");
    check(reader.memory() <= 4 * small_limits.message_bytes_max, "more memory than the limits allow");
  }
  outcome.at_rest = reader.at_rest();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  check(read_in_pieces(bytes, 0) == read_in_pieces(bytes, data[0]), "the pieces matter");
  return 0;
}
