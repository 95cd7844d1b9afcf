// HTTP/1.1 response heads as bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"

namespace outcrop::net {

struct ResponseFraming {
  enum class Body { none, length, chunked, until_close };
  Body body = Body::none;
  uint64_t length = 0;
  enum class Connection { unsaid, close, keep_alive, upgrade };
  Connection connection = Connection::unsaid;
};

// Appends status line, fields and the empty line. Of the handler's fields, those that are the connection's to
// write and those whose name is no token are left out; control characters in values become spaces, so that a
// value can never begin another field.
void append_response_head(std::string& out, const ResponseHead& head, const ResponseFraming& framing, std::string_view date);

// Appends "name: value\r\n" under the same rules.
void append_field(std::string& out, std::string_view name, std::string_view value);

void append_decimal(std::string& out, uint64_t number);

std::string_view reason_phrase(int status);  // "OK"; empty where RFC 9110 knows none

// 1xx, 204 and 304 never have a body (RFC 9110 section 6.4.1).
inline bool status_has_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace outcrop::net
