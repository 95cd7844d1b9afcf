// HTTP/1.1 heads and chunked bodies: however the bytes are cut, the outcome is the same, and what a head says
// about its body is never ambiguous. The first byte chooses the cuts.
#include "base/check.h"
#include "net/http1/parser.h"

namespace {

using namespace outcrop;
using namespace outcrop::net;

struct Outcome {
  ParseState head_state = ParseState::needs_more, body_state = ParseState::needs_more;
  RequestHead head;
  Framing framing;
  int refused_with = 0;
  std::string body;
  Headers trailers;
  size_t taken = 0;
};

// Small enough that the fuzzer reaches them.
constexpr HeadLimits small_limits{.request_line_bytes_max = 200, .head_bytes_max = 600, .fields_max = 8};

// Pieces of 1 to 16 bytes in a sequence that `cuts` chooses; zero: all at once.
Outcome parse_in_pieces(std::string_view text, uint8_t cuts) {
  Outcome outcome;
  HeadParser parser(small_limits);
  ChunkedDecoder decoder;
  uint32_t sequence = cuts;
  std::string buffered;
  while (!text.empty() && outcome.head_state != ParseState::refused && outcome.body_state == ParseState::needs_more) {
    sequence = sequence * 1664525 + 1013904223;
    size_t piece = cuts == 0 ? text.size() : std::min<size_t>(text.size(), 1 + (sequence >> 28));
    buffered += text.substr(0, piece);
    text.remove_prefix(piece);
    for (size_t taken = 1; taken > 0 && outcome.body_state == ParseState::needs_more;) {
      if (outcome.head_state == ParseState::needs_more) {
        outcome.head_state = parser.feed(buffered, outcome.head, taken);
      } else if (outcome.head_state == ParseState::complete && parser.framing().chunked) {
        size_t room = cuts == 0 ? buffered.size() + 1 : 1 + (sequence >> 29);
        outcome.body_state = decoder.feed(buffered, outcome.body, room, taken);
      } else {
        break;
      }
      buffered.erase(0, taken);
      outcome.taken += taken;
      if (outcome.head_state == ParseState::refused) break;
    }
  }
  outcome.framing = parser.framing();
  outcome.refused_with = parser.refusal().status;
  outcome.trailers = decoder.trailers();
  return outcome;
}

bool equal(const Headers& a, const Headers& b) {
  return std::ranges::equal(a, b, [](const Header& x, const Header& y) { return x.name == y.name && x.value == y.value; });
}

void check_head(const Outcome& outcome) {
  check(!(outcome.framing.chunked && outcome.framing.content_length), "two lengths");
  check(is_token(outcome.head.method) && !outcome.head.path.empty(), "no method or path");
  for (const Header& header : outcome.head.headers) {
    check(is_token(header.name), "a name that is no token");
    check(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value that ends a line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Outcome whole = parse_in_pieces(text, 0), cut = parse_in_pieces(text, data[0]);
  check(whole.head_state == cut.head_state && whole.refused_with == cut.refused_with, "heads end differently");
  check(whole.body_state == cut.body_state && whole.body == cut.body, "bodies differ");
  if (whole.head_state != ParseState::complete) return 0;
  check_head(whole);
  check(whole.head.method == cut.head.method && whole.head.path == cut.head.path && whole.head.query == cut.head.query, "targets differ");
  check(whole.head.host == cut.head.host && equal(whole.head.headers, cut.head.headers), "fields differ");
  if (whole.body_state == ParseState::complete) check(whole.taken == cut.taken && equal(whole.trailers, cut.trailers), "ends differ");
  return 0;
}
