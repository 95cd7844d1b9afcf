#include "net/http1/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "net/http1/parser.h"

namespace outcrop::net {

namespace {

// RFC 9110 section 15; 424 is WebDAV's, 429 and 431 RFC 6585's.
constexpr std::pair<int, std::string_view> known_phrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {424, "Failed Dependency"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

bool is_connections_own(std::string_view name) { return is_framing_field(name) || ascii_equal_ignoring_case(name, "date"); }

}  // namespace

std::string_view reason_phrase(int status) {
  static constexpr auto phrases = [] {
    std::array<std::string_view, 600> by_status;
    for (auto [known, phrase] : known_phrases) by_status[size_t(known)] = phrase;
    return by_status;
  }();
  return status >= 0 && size_t(status) < phrases.size() ? phrases[size_t(status)] : std::string_view();
}

void append_decimal(std::string& out, uint64_t number) {
  fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (!is_token(name)) return;
  out.append(name).append(": ");
  size_t start = out.size();
  out.append(value);
  std::replace_if(out.begin() + ptrdiff_t(start), out.end(), is_control, ' ');
  out.append("\r\n");
}

void append_response_head(std::string& out, const ResponseHead& head, const ResponseFraming& framing, std::string_view date) {
  out.append("HTTP/1.1 ");
  append_decimal(out, uint64_t(head.status));
  out.append(" ").append(reason_phrase(head.status)).append("\r\ndate: ").append(date).append("\r\n");
  for (const Header& header : head.headers) {
    if (!is_connections_own(header.name)) append_field(out, header.name, header.value);
  }
  if (framing.body == ResponseFraming::Body::length) {
    out.append("content-length: ");
    append_decimal(out, framing.length);
    out.append("\r\n");
  } else if (framing.body == ResponseFraming::Body::chunked) {
    out.append("transfer-encoding: chunked\r\n");
  }
  if (framing.connection == ResponseFraming::Connection::close) {
    out.append("connection: close\r\n");
  } else if (framing.connection == ResponseFraming::Connection::keep_alive) {
    out.append("connection: keep-alive\r\n");
  } else if (framing.connection == ResponseFraming::Connection::upgrade) {
    out.append("connection: upgrade\r\n");
  }
  out.append("\r\n");
}

}  // namespace outcrop::net
