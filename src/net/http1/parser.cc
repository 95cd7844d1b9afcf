#include "net/http1/parser.h"

#include <algorithm>

#include "base/encoding.h"

namespace outcrop::net {

namespace {

constexpr size_t ignored_lines_max = 2;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ParseState HeadParser::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  return ParseState::refused;
}

ParseState HeadParser::feed(std::string_view input, RequestHead& head, size_t& taken) {
  taken = 0;
  for (;;) {
    std::string_view line;
    ParseState cut = lines_.next(input.substr(taken), line);
    if (cut == ParseState::needs_more) return cut;
    if (cut == ParseState::refused) return refuse(lines_.refusal());
    ParseState state = take_line(line, head);
    taken += line.size() + 2;
    if (state != ParseState::needs_more) return state;
  }
}

ParseState HeadParser::take_line(std::string_view line, RequestHead& head) {
  if (!lines_.has_first_line()) {
    if (!line.empty()) return request_line(line, head);
    // RFC 9112 section 2.2: an empty line before a request is ignored; old clients sent one behind a body.
    return lines_.bytes() <= 2 * ignored_lines_max ? ParseState::needs_more : refuse(400, "There is no request line.");
  }
  if (line.empty()) return end(head);
  return field(line, head);
}

ParseState HeadParser::request_line(std::string_view line, RequestHead& head) {
  size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse(400, "The request line is malformed.");
  std::string_view method = line.substr(0, first), version = line.substr(last + 1);
  if (!is_token(method) || method.size() > limits::method_bytes_max) return refuse(400, "The method is malformed.");
  if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.' || version[5] < '0' || version[5] > '9' ||
      version[7] < '0' || version[7] > '9') {
    return refuse(400, "The protocol version is malformed.");
  }
  if (version[5] != '1') return refuse(505, "The protocol version is not supported.");

  lines_.first_line_done();
  head.method.assign(method);
  head.http_major = 1;
  head.http_minor = version[7] == '0' ? 0 : 1;  // a later minor is understood as 1.1 (RFC 9110 section 2.5)
  head.host.clear();
  head.headers.clear();
  head.headers.reserve(usual_fields);
  return target(line.substr(first + 1, last - first - 1), head);
}

// Origin form, absolute form (section 3.2.2: its authority replaces the Host field), or the asterisk of OPTIONS.
ParseState HeadParser::target(std::string_view target, RequestHead& head) {
  if (target.empty() || !all_are(target, target_byte)) return refuse(400, "The request target is malformed.");
  if (head.method == "CONNECT") return refuse(501, "CONNECT is not implemented.");
  if (target == "*" && head.method == "OPTIONS") {
    head.path = "*";
    head.query.clear();
    return ParseState::needs_more;
  }
  if (target.front() != '/') {
    size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return refuse(400, "The request target is malformed.");
    std::string_view name = target.substr(0, scheme);
    if (!ascii_equal_ignoring_case(name, "http") && !ascii_equal_ignoring_case(name, "https")) {
      return refuse(400, "The scheme of the request target is not supported.");
    }
    target.remove_prefix(scheme + 3);
    std::string_view authority = target.substr(0, target.find_first_of("/?"));
    if (authority.empty() || !all_are(authority, host_byte)) return refuse(400, "The authority of the request target is malformed.");
    head.host.assign(authority);
    has_authority_ = true;
    target.remove_prefix(authority.size());
  }
  size_t mark = target.find('?');
  head.path.assign(target.substr(0, mark));
  if (head.path.empty()) head.path = "/";
  head.query.assign(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
  return ParseState::needs_more;
}

ParseState HeadParser::field(std::string_view line, RequestHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return refuse(400, "A header field is folded over lines.");
  FieldLine parts = split_field(line);
  if (parts.name.empty()) return refuse(400, "A header field is malformed.");
  if (head.headers.size() == limits_.fields_max) return refuse(431, "There are too many header fields.");
  head.headers.add(std::string(parts.name), std::string(parts.value));
  return known_field(parts.name, parts.value, head);
}

// The fields that decide where the message ends and what becomes of the connection.
ParseState HeadParser::known_field(std::string_view name, std::string_view value, RequestHead& head) {
  switch (name.size()) {
    case 4:
      if (!ascii_equal_ignoring_case(name, "host")) break;
      if (has_host_) return refuse(400, "There is more than one Host field.");
      if (!all_are(value, host_byte)) return refuse(400, "The Host field is malformed.");
      has_host_ = true;
      if (!has_authority_) head.host.assign(value);
      break;
    case 6:
      if (!ascii_equal_ignoring_case(name, "expect") || head.http_minor == 0) break;
      if (!ascii_equal_ignoring_case(value, "100-continue")) return refuse(417, "The expectation is not supported.");
      framing_.expects_continue = true;
      break;
    default:
      break;
  }
  Refusal refusal = framing_.take(name, value);
  return refusal.status ? refuse(refusal) : ParseState::needs_more;
}

ParseState HeadParser::end(RequestHead& head) {
  if (Refusal refusal = framing_.settle(head.http_minor); refusal.status) return refuse(refusal);
  if (!has_host_ && head.http_minor > 0) return refuse(400, "There is no Host field.");
  if (!framing_.chunked && framing_.content_length.value_or(0) == 0) framing_.expects_continue = false;
  return ParseState::complete;
}

ParseState ChunkedDecoder::refuse(std::string_view reason) {
  refusal_ = {400, reason};
  return ParseState::refused;
}

ParseState ChunkedDecoder::feed(std::string_view input, std::string& out, size_t data_bytes_max, size_t& taken) {
  taken = 0;
  while (taken < input.size()) {
    if (part_ == Part::data) {
      size_t bytes = size_t(std::min<uint64_t>({left_, input.size() - taken, data_bytes_max}));
      if (bytes == 0) return ParseState::needs_more;
      out.append(input.substr(taken, bytes));
      taken += bytes;
      data_bytes_max -= bytes;
      left_ -= bytes;
      if (left_ == 0) part_ = Part::data_cr;
      continue;
    }
    ParseState state = framing_byte(input[taken++]);
    if (state != ParseState::needs_more) return state;
  }
  return ParseState::needs_more;
}

ParseState ChunkedDecoder::framing_byte(char c) {
  switch (part_) {
    case Part::size: {
      if (int digit = hex_digit(c); digit >= 0) {
        if (++digits_ > 15) return refuse("A chunk is too large.");
        left_ = left_ * 16 + uint64_t(digit);
        return ParseState::needs_more;
      }
      if (digits_ == 0 || (c != '\r' && c != ';')) return refuse("A chunk size is malformed.");
      part_ = c == '\r' ? Part::size_line_end : Part::extension;
      return ParseState::needs_more;
    }
    case Part::extension:
      if (++extension_bytes_ > limits::chunk_extension_bytes_max) return refuse("The chunk extensions are too long.");
      if (c == '\r') {
        part_ = Part::size_line_end;
      } else if (!(byte_classes[uint8_t(c)] & value_byte)) {
        return refuse("A chunk extension is malformed.");
      }
      return ParseState::needs_more;
    case Part::size_line_end:
      if (c != '\n') return refuse("A chunk size is malformed.");
      part_ = left_ == 0 ? Part::trailer : Part::data;
      digits_ = 0;
      return ParseState::needs_more;
    case Part::data_cr:
      if (c != '\r') return refuse("A chunk is longer than its size says.");
      part_ = Part::data_lf;
      return ParseState::needs_more;
    case Part::data_lf:
      if (c != '\n') return refuse("A chunk is longer than its size says.");
      part_ = Part::size;
      return ParseState::needs_more;
    case Part::data:
    case Part::trailer:
      break;
  }
  if (++trailer_bytes_ > limits::trailer_bytes_max) return refuse("The trailers are too large.");
  if (c != '\n') {
    line_.push_back(c);
    return ParseState::needs_more;
  }
  if (!line_.ends_with('\r')) return refuse("A line of the trailers does not end with CR LF.");
  ParseState state = trailer_line(std::string_view(line_).substr(0, line_.size() - 1));
  line_.clear();
  return state;
}

ParseState ChunkedDecoder::trailer_line(std::string_view line) {
  if (line.empty()) return ParseState::complete;
  FieldLine parts = split_field(line);
  if (parts.name.empty()) return refuse("A trailer is malformed.");
  if (trailers_.size() == limits::fields_max) return refuse("There are too many trailers.");
  trailers_.add(std::string(parts.name), std::string(parts.value));
  return ParseState::needs_more;
}

}  // namespace outcrop::net
