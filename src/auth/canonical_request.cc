#include "auth/canonical_request.h"

#include <algorithm>

#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr char upper_hex[] = "0123456789ABCDEF";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_encoded(std::string& out, char c) {
  if (is_unreserved(c)) {
    out += c;
    return;
  }
  out += '%';
  out += upper_hex[uint8_t(c) >> 4];
  out += upper_hex[uint8_t(c) & 15];
}

// Encodes what is on the wire once more: "%3A" becomes "%253A".
void append_encoded_again(std::string& out, std::string_view wire) {
  for (char c : wire) append_encoded(out, c);
}

// The one spelling of what the wire encodes: escapes in upper case, and exactly where they are needed. Equal to the wire's
// own text for clients that encode as the specification says.
void append_encoded_once(std::string& out, std::string_view wire, bool keep_slash) {
  for (size_t i = 0; i < wire.size(); ++i) {
    char c = wire[i];
    if (c == '%' && i + 2 < wire.size()) {
      int high = hex_digit(wire[i + 1]), low = hex_digit(wire[i + 2]);
      if (high >= 0 && low >= 0) {
        append_encoded(out, char(high << 4 | low));
        i += 2;
        continue;
      }
    }
    if (c == '/' && keep_slash)
      out += c;
    else
      append_encoded(out, c);
  }
}

// Dot segments and empty segments go (RFC 3986 section 5.2.4); a slash at the end stays.
void append_normalized_path(std::string& out, std::string_view wire) {
  std::vector<std::string_view> segments;
  bool ends_with_slash = false;
  for (size_t at = 0; at < wire.size();) {
    size_t end = std::min(wire.find('/', at), wire.size());
    std::string_view segment = wire.substr(at, end - at);
    bool is_dots = segment == "." || segment == "..";
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!segment.empty() && !is_dots) segments.push_back(segment);
    ends_with_slash = end < wire.size();
    at = end + 1;
  }
  out += '/';
  for (size_t i = 0; i < segments.size(); ++i) {
    if (i > 0) out += '/';
    append_encoded_again(out, segments[i]);
  }
  if (ends_with_slash && !segments.empty()) out += '/';
}

void append_path(std::string& out, std::string_view wire, SigningRules rules) {
  if (wire.empty() || wire == "/")
    out += '/';
  else if (rules.is_s3)
    append_encoded_once(out, wire, true);
  else
    append_normalized_path(out, wire);
}

void append_query(std::string& out, std::string_view wire, std::string_view left_out) {
  if (wire.empty()) return;
  struct Parameter {
    std::string name, value;
    auto operator<=>(const Parameter&) const = default;
  };
  std::vector<Parameter> parameters;
  for (size_t at = 0; at < wire.size();) {
    size_t end = std::min(wire.find('&', at), wire.size());
    std::string_view text = wire.substr(at, end - at);
    at = end + 1;
    if (text.empty()) continue;
    size_t equals = std::min(text.find('='), text.size());
    Parameter& parameter = parameters.emplace_back();
    append_encoded_once(parameter.name, text.substr(0, equals), false);
    if (!left_out.empty() && parameter.name == left_out) {
      parameters.pop_back();
      continue;
    }
    if (equals < text.size()) append_encoded_once(parameter.value, text.substr(equals + 1), false);
  }
  std::ranges::sort(parameters);
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) out += '&';
    out += parameters[i].name;
    out += '=';
    out += parameters[i].value;
  }
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Trimmed, and each run of blanks as one space.
void append_header_value(std::string& out, std::string_view value) {
  while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
  for (size_t i = 0; i < value.size(); ++i) {
    if (!is_blank(value[i]))
      out += value[i];
    else if (!is_blank(value[i - 1]))
      out += ' ';
  }
}

bool is_host(std::string_view name) { return ascii_equal_ignoring_case(name, "host") || name == ":authority"; }

void append_header(std::string& out, const net::RequestHead& head, std::string_view name) {
  out += name;
  out += ':';
  if (is_host(name)) {
    append_header_value(out, head.host);
  } else {
    bool first = true;
    for (const net::Header& header : head.headers) {
      if (!ascii_equal_ignoring_case(header.name, name)) continue;
      if (!first) out += ',';
      first = false;
      append_header_value(out, header.value);
    }
  }
  out += '\n';
}

}  // namespace

std::string canonical_path(std::string_view wire_path, SigningRules rules) {
  std::string out;
  append_path(out, wire_path, rules);
  return out;
}

std::string canonical_query(std::string_view wire_query, std::string_view left_out) {
  std::string out;
  append_query(out, wire_query, left_out);
  return out;
}

std::string canonical_request(const CanonicalInput& input) {
  std::string out;
  out.reserve(1024);
  out += input.head.method;
  out += '\n';
  append_path(out, input.head.path, input.rules);
  out += '\n';
  append_query(out, input.head.query, input.left_out_of_query);
  out += '\n';
  for (std::string_view name : input.signed_headers) append_header(out, input.head, name);
  out += '\n';
  for (size_t i = 0; i < input.signed_headers.size(); ++i) {
    if (i > 0) out += ';';
    out += input.signed_headers[i];
  }
  out += '\n';
  out += input.payload_hash;
  return out;
}

}  // namespace outcrop::auth
