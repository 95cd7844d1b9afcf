// HTTP/1.1 responses: however the bytes are cut, the outcome is the same, and where a response ends is never in
// doubt. The first byte chooses the cuts, the second the method that was asked.
#include "base/check.h"
#include "net/http1/parser.h"
#include "net/http1/response_parser.h"

namespace {

using namespace outcrop;
using namespace outcrop::net;

// Small enough that the fuzzer reaches them.
constexpr ResponseLimits small_limits{.head_bytes_max = 600, .fields_max = 8};
constexpr int interim_max = 4;

struct Taken {
  ParseState head_state = ParseState::needs_more, body_state = ParseState::needs_more;
  ResponseHead head;
  BodyFraming framing;
  std::string refusal, body;
  Headers trailers;
  int interim = 0;
  size_t bytes = 0;
};

// What a client makes of a response: its interim heads, its head, and its body as far as it is framed by itself.
class Reader {
 public:
  explicit Reader(std::string_view method) : method_(method) {}

  // Whether it wants more.
  bool feed(std::string& buffered, size_t room) {
    for (size_t taken = 1; taken > 0 && outcome.body_state == ParseState::needs_more;) {
      taken = outcome.head_state == ParseState::needs_more ? feed_head(buffered) : feed_body(buffered, room);
      buffered.erase(0, taken);
      outcome.bytes += taken;
      if (outcome.head_state == ParseState::refused) return false;
    }
    return outcome.body_state == ParseState::needs_more;
  }

  Taken outcome;

 private:
  size_t feed_head(std::string_view buffered) {
    size_t taken = 0;
    outcome.head_state = parser_.feed(buffered, outcome.head, taken);
    outcome.refusal = parser_.refusal();
    if (outcome.head_state != ParseState::complete) return taken;
    if (outcome.head.status < 200 && ++outcome.interim < interim_max) {
      outcome.head_state = ParseState::needs_more;
      parser_.reset();
      return taken;
    }
    outcome.framing = parser_.framing(outcome.head.status, method_);
    left_ = outcome.framing.length;
    if (outcome.framing.kind == BodyFraming::Kind::none) outcome.body_state = ParseState::complete;
    return taken;
  }

  size_t feed_body(std::string_view buffered, size_t room) {
    size_t taken = 0;
    if (outcome.framing.kind == BodyFraming::Kind::chunked) {
      outcome.body_state = decoder_.feed(buffered, outcome.body, room, taken);
      outcome.trailers = decoder_.trailers();
      return taken;
    }
    taken = buffered.size();
    if (outcome.framing.kind == BodyFraming::Kind::length) taken = size_t(std::min<uint64_t>(taken, left_));
    outcome.body += buffered.substr(0, taken);
    left_ -= taken;
    if (outcome.framing.kind == BodyFraming::Kind::length && left_ == 0) outcome.body_state = ParseState::complete;
    return taken;
  }

  const std::string_view method_;
  ResponseHeadParser parser_{small_limits};
  ChunkedDecoder decoder_;
  uint64_t left_ = 0;
};

// Pieces of 1 to 16 bytes in a sequence that `cuts` chooses; zero: all at once.
Taken read_in_pieces(std::string_view text, uint8_t cuts, std::string_view method) {
  Reader reader(method);
  uint32_t sequence = cuts;
  std::string buffered;
  while (!text.empty()) {
    sequence = sequence * 1664525 + 1013904223;
    size_t piece = cuts == 0 ? text.size() : std::min<size_t>(text.size(), 1 + (sequence >> 28));
    buffered += text.substr(0, piece);
    text.remove_prefix(piece);
    if (!reader.feed(buffered, cuts == 0 ? buffered.size() + 1 : 1 + (sequence >> 29))) break;
  }
  return std::move(reader.outcome);
}

bool equal(const Headers& a, const Headers& b) {
  return std::ranges::equal(a, b, [](const Header& x, const Header& y) { return x.name == y.name && x.value == y.value; });
}

void check_head(const Taken& taken, std::string_view method) {
  check(taken.head.status >= 100 && taken.head.status < 600 && taken.head.status != 101, "a status that is none");
  bool bodiless = method == "HEAD" || taken.head.status < 200 || taken.head.status == 204 || taken.head.status == 304;
  check(!bodiless || taken.framing.kind == BodyFraming::Kind::none, "a body where none can be");
  check(taken.framing.kind != BodyFraming::Kind::until_close || !taken.framing.keep_alive, "a connection outlives its end");
  for (const Header& header : taken.head.headers) {
    check(is_token(header.name), "a name that is no token");
    check(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value that ends a line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::string_view method = data[1] % 4 == 0 ? "HEAD" : "GET";
  Taken whole = read_in_pieces(text, 0, method), cut = read_in_pieces(text, data[0], method);
  check(whole.head_state == cut.head_state && whole.refusal == cut.refusal, "heads end differently");
  check(whole.body_state == cut.body_state && whole.body == cut.body && whole.interim == cut.interim, "bodies differ");
  if (whole.head_state != ParseState::complete) return 0;
  check_head(whole, method);
  check(whole.head.status == cut.head.status && equal(whole.head.headers, cut.head.headers), "heads differ");
  check(whole.framing.kind == cut.framing.kind && whole.framing.length == cut.framing.length, "framings differ");
  if (whole.body_state == ParseState::complete) check(whole.bytes == cut.bytes && equal(whole.trailers, cut.trailers), "ends differ");
  return 0;
}
