// HTTP/1.x responses from bytes (RFC 9112), fed in any pieces: the other half of http1_parser. A server is believed
// no more than a client: a response whose end could be seen in two places is refused, and so is one that would be
// a repair away from being another.
#pragma once
#include "net/http.h"
#include "net/http1/syntax.h"
#include "net/limits.h"

namespace outcrop::net {

struct ResponseLimits {
  size_t head_bytes_max = limits::response_head_bytes_max;
  size_t fields_max = limits::response_fields_max;
};

// How the body behind a response's head ends.
struct BodyFraming {
  enum class Kind { none, length, chunked, until_close };
  Kind kind = Kind::none;
  uint64_t length = 0;
  bool keep_alive = true;  // the connection may carry another exchange
};

// One response head, interim ones (1xx) among them.
class ResponseHeadParser {
 public:
  explicit ResponseHeadParser(const ResponseLimits& limits) : limits_(limits), lines_(limits.head_bytes_max, limits.head_bytes_max) {}

  // Parses into `head`, from the front of `input`; `taken` becomes the bytes that are done with. Call until complete
  // or refused; reset() before the next head.
  ParseState feed(std::string_view input, ResponseHead& head, size_t& taken);
  void reset() { *this = ResponseHeadParser(limits_); }

  // Of a complete head. `method`: what was asked; the answers to HEAD have no body whatever their fields say.
  BodyFraming framing(int status, std::string_view method) const;
  bool is_too_large() const { return too_large_; }  // why it was refused
  std::string_view refusal() const { return refusal_; }
  ParseState refuse(std::string_view reason);  // for whoever sees more than one head

 private:
  ParseState take_line(std::string_view line, ResponseHead& head);
  ParseState status_line(std::string_view line, ResponseHead& head);
  ParseState field(std::string_view line, ResponseHead& head);
  ParseState end(const ResponseHead& head);

  ResponseLimits limits_;
  HeadLines lines_;
  Framing framing_;
  int http_minor_ = 1;
  bool too_large_ = false;
  std::string_view refusal_;
};

}  // namespace outcrop::net
