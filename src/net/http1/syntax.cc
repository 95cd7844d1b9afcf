#include "net/http1/syntax.h"

#include <algorithm>
#include <cstring>

#include "base/encoding.h"
#include "net/field_list.h"

namespace outcrop::net {

namespace {

Refusal take_content_length(std::string_view value, std::optional<uint64_t>& content_length) {
  bool digits = !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return {400, "The Content-Length field is malformed."};
  if (content_length) return {400, "There is more than one Content-Length field."};
  if (value.size() > content_length_digits_max) return {413, "The body is too large."};
  uint64_t length = 0;
  for (char c : value) length = length * 10 + uint64_t(c - '0');
  content_length = length;
  return {};
}

}  // namespace

bool is_framing_field(std::string_view name) {
  switch (name.size()) {
    case 10:
      return ascii_equal_ignoring_case(name, "connection");
    case 14:
      return ascii_equal_ignoring_case(name, "content-length");
    case 17:
      return ascii_equal_ignoring_case(name, "transfer-encoding");
    default:
      return false;
  }
}

FieldLine split_field(std::string_view line) {
  size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return {};
  std::string_view value = trim(line.substr(colon + 1));
  if (!all_are(value, value_byte)) return {};
  return {line.substr(0, colon), value};
}

ParseState HeadLines::refuse(int status, std::string_view reason) {
  refusal_ = {status, reason};
  return ParseState::refused;
}

ParseState HeadLines::next(std::string_view input, std::string_view& line) {
  const void* found = input.size() > scanned_ ? std::memchr(input.data() + scanned_, '\n', input.size() - scanned_) : nullptr;
  size_t line_bytes = found ? size_t(static_cast<const char*>(found) - input.data()) + 1 : input.size();
  if (!has_first_line_ && line_bytes > first_line_bytes_max_) return refuse(414, "The request line is too long.");
  if (bytes_ + line_bytes > head_bytes_max_) return refuse(431, "The header fields are too large.");
  if (!found) {
    scanned_ = input.size();
    return ParseState::needs_more;
  }
  if (line_bytes < 2 || input[line_bytes - 2] != '\r') return refuse(400, "A line does not end with CR LF.");
  line = input.substr(0, line_bytes - 2);
  bytes_ += line_bytes;
  scanned_ = 0;
  return ParseState::complete;
}

Refusal Framing::take(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 10:
      if (!ascii_equal_ignoring_case(name, "connection")) break;
      for_each_element(value, [this](std::string_view option) {
        says_close_ |= ascii_equal_ignoring_case(option, "close");
        says_keep_alive_ |= ascii_equal_ignoring_case(option, "keep-alive");
        wants_upgrade |= ascii_equal_ignoring_case(option, "upgrade");
      });
      break;
    case 14:
      if (ascii_equal_ignoring_case(name, "content-length")) return take_content_length(value, content_length);
      break;
    case 17:
      if (!ascii_equal_ignoring_case(name, "transfer-encoding")) break;
      if (chunked) return {400, "There is more than one Transfer-Encoding field."};
      if (!ascii_equal_ignoring_case(value, "chunked")) return {501, "The transfer coding is not supported."};
      chunked = true;
      break;
    default:
      break;
  }
  return {};
}

Refusal Framing::settle(int http_minor) {
  if (chunked && content_length) return {400, "There are both Content-Length and Transfer-Encoding."};
  if (chunked && http_minor == 0) return {400, "HTTP/1.0 has no transfer codings."};
  keep_alive = http_minor > 0 ? !says_close_ : says_keep_alive_ && !says_close_;
  return {};
}

}  // namespace outcrop::net
