#include "net/http1/response_parser.h"

#include <algorithm>

namespace outcrop::net {

namespace {

constexpr int switching_protocols = 101;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 9110 section 6.4.1: no body, and no transfer coding (RFC 9112 section 6.1).
bool never_has_body(int status) { return status < 200 || status == 204; }

}  // namespace

ParseState ResponseHeadParser::refuse(std::string_view reason) {
  refusal_ = reason;
  return ParseState::refused;
}

ParseState ResponseHeadParser::feed(std::string_view input, ResponseHead& head, size_t& taken) {
  taken = 0;
  for (;;) {
    std::string_view line;
    ParseState cut = lines_.next(input.substr(taken), line);
    if (cut == ParseState::needs_more) return cut;
    if (cut == ParseState::refused) {
      too_large_ = lines_.refusal().status != 400;
      return refuse(too_large_ ? "The head of the response is too large." : lines_.refusal().reason);
    }
    ParseState state = take_line(line, head);
    taken += line.size() + 2;
    if (state != ParseState::needs_more) return state;
  }
}

ParseState ResponseHeadParser::take_line(std::string_view line, ResponseHead& head) {
  if (!lines_.has_first_line()) return status_line(line, head);
  if (line.empty()) return end(head);
  return field(line, head);
}

// "HTTP/1.1 200 OK"; the phrase may be empty, and its blank too, which servers leave out.
ParseState ResponseHeadParser::status_line(std::string_view line, ResponseHead& head) {
  bool versioned = line.size() >= 12 && line.starts_with("HTTP/1.") && is_digit(line[7]) && line[8] == ' ';
  if (!versioned) return refuse("The status line is malformed.");
  std::string_view status = line.substr(9, 3);
  if (!std::ranges::all_of(status, is_digit) || status[0] < '1' || status[0] > '5') return refuse("The status is malformed.");
  std::string_view phrase = line.substr(12);
  if (!phrase.empty() && (phrase[0] != ' ' || !all_are(phrase, value_byte))) return refuse("The status line is malformed.");

  lines_.first_line_done();
  http_minor_ = line[7] == '0' ? 0 : 1;  // a later minor is understood as 1.1 (RFC 9110 section 2.5)
  head.status = (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
  head.headers.clear();
  head.headers.reserve(usual_fields);
  return ParseState::needs_more;
}

ParseState ResponseHeadParser::field(std::string_view line, ResponseHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return refuse("A header field is folded over lines.");
  FieldLine parts = split_field(line);
  if (parts.name.empty()) return refuse("A header field is malformed.");
  if (head.headers.size() == limits_.fields_max) {
    too_large_ = true;
    return refuse("The response has too many header fields.");
  }
  head.headers.add(std::string(parts.name), std::string(parts.value));
  Refusal refusal = framing_.take(parts.name, parts.value);
  return refusal.status ? refuse(refusal.reason) : ParseState::needs_more;
}

ParseState ResponseHeadParser::end(const ResponseHead& head) {
  if (head.status == switching_protocols) return refuse("The response leaves HTTP, which nobody asked for.");
  if (Refusal refusal = framing_.settle(http_minor_); refusal.status) return refuse(refusal.reason);
  bool framed = framing_.chunked || framing_.content_length.value_or(0) > 0;
  if (never_has_body(head.status) && framed) return refuse("A response that has no body says how long it is.");
  return ParseState::complete;
}

BodyFraming ResponseHeadParser::framing(int status, std::string_view method) const {
  using Kind = BodyFraming::Kind;
  if (method == "HEAD" || never_has_body(status) || status == 304) return {Kind::none, 0, framing_.keep_alive};
  if (framing_.chunked) return {Kind::chunked, 0, framing_.keep_alive};
  if (!framing_.content_length) return {Kind::until_close, 0, false};
  uint64_t length = *framing_.content_length;
  return {length > 0 ? Kind::length : Kind::none, length, framing_.keep_alive};
}

}  // namespace outcrop::net
