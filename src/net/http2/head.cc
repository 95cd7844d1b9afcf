#include "net/http2/head.h"

#include "base/encoding.h"

namespace outcrop::net {

void Http2HeadReader::refuse(int status, std::string_view reason) {
  if (refusal_.status == 0) refusal_ = {status, reason};
}

void Http2HeadReader::field(std::string_view name, std::string_view value, RequestHead& head) {
  bytes_ += name.size() + value.size() + limits::field_overhead_bytes;
  if (bytes_ > list_bytes_max(limits_)) refuse(431, "The header fields are too large.");
  if (refusal_.status != 0) return;
  if (name.starts_with(':')) return pseudo_field(name, value, head);
  if (head.headers.size() == limits_.fields_max) return refuse(431, "There are too many header fields.");
  if (name == "cookie") {  // may come in crumbs (section 8.2.3)
    if (!cookies_.empty()) cookies_ += "; ";
    cookies_ += value;
    return;
  }
  known_field(name, value);
  if (head.headers.size() == 0) head.headers.reserve(usual_fields);
  head.headers.add(std::string(name), std::string(value));
}

void Http2HeadReader::pseudo_field(std::string_view name, std::string_view value, RequestHead& head) {
  if (name == ":method") {
    if (value.size() > limits::method_bytes_max) return refuse(400, "The method is malformed.");
    if (value == "CONNECT") return refuse(501, "CONNECT is not implemented.");
    head.method.assign(value);
  } else if (name == ":path") {
    target(value, head);
  } else if (name == ":authority") {
    if (value.empty() || !all_are(value, host_byte)) return refuse(400, "The authority is malformed.");
    head.host.assign(value);
  } else if (name == ":scheme" && value != "http" && value != "https") {
    refuse(400, "The scheme of the request target is not supported.");
  }
}

void Http2HeadReader::target(std::string_view target, RequestHead& head) {
  if (target.size() > limits_.request_line_bytes_max) return refuse(414, "The request target is too long.");
  is_asterisk_ = target == "*";
  if (!is_asterisk_ && (!target.starts_with('/') || !all_are(target, target_byte))) return refuse(400, "The request target is malformed.");
  size_t mark = target.find('?');
  head.path.assign(target.substr(0, mark));
  if (mark != std::string_view::npos) head.query.assign(target.substr(mark + 1));
}

void Http2HeadReader::known_field(std::string_view name, std::string_view value) {
  if (name == "host") {
    if (value.empty() || !all_are(value, host_byte)) return refuse(400, "The Host field is malformed.");
    host_field_.assign(value);
  } else if (name == "expect") {
    if (!ascii_equal_ignoring_case(value, "100-continue")) return refuse(417, "The expectation is not supported.");
    expects_continue_ = true;
  } else if (name == "content-length") {
    content_length(value);
  }
}

// nghttp2 has refused what is no number or comes twice.
void Http2HeadReader::content_length(std::string_view value) {
  if (value.size() > content_length_digits_max) return refuse(413, "The body is too large.");
  uint64_t length = 0;
  for (char c : value) length = length * 10 + uint64_t(c - '0');
  content_length_ = length;
}

void Http2HeadReader::end(RequestHead& head) {
  if (!cookies_.empty()) head.headers.add("cookie", std::move(cookies_));
  if (is_asterisk_ && head.method != "OPTIONS") refuse(400, "The request target is malformed.");
  if (head.host.empty()) {
    head.host = host_field_;
  } else if (!host_field_.empty() && !ascii_equal_ignoring_case(head.host, host_field_)) {
    refuse(400, "The Host field and the authority differ.");
  }
  if (head.host.empty()) refuse(400, "There is no authority.");
}

}  // namespace outcrop::net
