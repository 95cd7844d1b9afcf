// HTTP/1.x requests from bytes (RFC 9112), fed in any pieces. Strict wherever two parsers could disagree about
// where a request ends: what is doubtful is refused, never repaired.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/http1/syntax.h"
#include "net/limits.h"
#include "net/syntax.h"

namespace outcrop::net {

// One request head. Complete lines are taken as they come; an incomplete one stays with the caller, who feeds it
// again with what follows it.
class HeadParser {
 public:
  explicit HeadParser(const HeadLimits& limits) : limits_(limits), lines_(limits.request_line_bytes_max, limits.head_bytes_max) {}

  // Parses into `head` (whose peer and tls are left alone), from the front of `input`; `taken` becomes the bytes
  // that are done with. Call until complete or refused; reset() before the next head.
  ParseState feed(std::string_view input, RequestHead& head, size_t& taken);
  void reset() { *this = HeadParser(limits_); }

  const Framing& framing() const { return framing_; }
  const Refusal& refusal() const { return refusal_; }
  void refuse_late() { refusal_ = {408, "The request did not arrive in time."}; }

 private:
  ParseState refuse(const Refusal& refusal);
  ParseState refuse(int status, std::string_view reason) { return refuse({status, reason}); }
  ParseState take_line(std::string_view line, RequestHead& head);
  ParseState request_line(std::string_view line, RequestHead& head);
  ParseState target(std::string_view target, RequestHead& head);
  ParseState field(std::string_view line, RequestHead& head);
  ParseState known_field(std::string_view name, std::string_view value, RequestHead& head);
  ParseState end(RequestHead& head);

  HeadLimits limits_;
  HeadLines lines_;
  Framing framing_;
  Refusal refusal_;
  bool has_host_ = false, has_authority_ = false;
};

// A chunked body: takes the framing off, and keeps the trailers.
class ChunkedDecoder {
 public:
  // Appends data to `out`, at most `data_bytes_max`, from the front of `input`; `taken` becomes the bytes that
  // are done with. When it needs more with `out` full, it wants to be called again with the same input.
  ParseState feed(std::string_view input, std::string& out, size_t data_bytes_max, size_t& taken);

  const Headers& trailers() const { return trailers_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class Part { size, extension, size_line_end, data, data_cr, data_lf, trailer };
  ParseState refuse(std::string_view reason);
  ParseState framing_byte(char c);
  ParseState trailer_line(std::string_view line);

  Part part_ = Part::size;
  uint64_t left_ = 0;  // of the chunk
  int digits_ = 0;
  size_t extension_bytes_ = 0, trailer_bytes_ = 0;
  std::string line_;  // an incomplete trailer
  Headers trailers_;
  Refusal refusal_;
};

}  // namespace outcrop::net
