#include "net/websocket/handshake.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "net/field_list.h"
#include "net/http1/parser.h"

namespace outcrop::net {

namespace {

constexpr std::string_view version_spoken = "13";
constexpr size_t key_bytes = 16;
constexpr size_t subprotocols_max = 32;  // more are not looked at

template <class F>
void for_each_value(const Headers& headers, std::string_view name, F visit) {
  for (const Header& header : headers) {
    if (ascii_equal_ignoring_case(header.name, name)) visit(std::string_view(header.value));
  }
}

bool has_element(const Headers& headers, std::string_view name, std::string_view wanted) {
  bool found = false;
  for_each_value(headers, name, [&](std::string_view value) {
    for_each_element(value, [&](std::string_view element) { found |= ascii_equal_ignoring_case(element, wanted); });
  });
  return found;
}

// The value of a field that must be there exactly once; empty otherwise.
std::string_view only_value(const Headers& headers, std::string_view name) {
  size_t count = 0;
  std::string_view only;
  for_each_value(headers, name, [&](std::string_view value) { ++count, only = value; });
  return count == 1 ? only : std::string_view();
}

bool is_key(std::string_view text) {
  std::optional<std::string> key = unbase64(text);
  return key && key->size() == key_bytes;
}

}  // namespace

bool asks_for_websocket(const RequestHead& head) { return has_element(head.headers, "upgrade", "websocket"); }

Result<void> check_websocket_handshake(const RequestHead& head) {
  if (head.method != "GET") return fail("MethodNotAllowed", 405, "A WebSocket begins with a GET.");
  if (head.http_major != 1 || head.http_minor < 1) return fail("BadRequest", 400, "A WebSocket begins with HTTP/1.1.");
  if (!asks_for_websocket(head) || !has_element(head.headers, "connection", "upgrade")) {
    return fail("BadRequest", 400, "The request does not ask for an upgrade to WebSocket.");
  }
  if (only_value(head.headers, "sec-websocket-version") != version_spoken) {
    return fail("UpgradeRequired", 426, "Only version 13 of WebSocket is spoken here.");
  }
  if (!is_key(only_value(head.headers, "sec-websocket-key"))) {
    return fail("BadRequest", 400, "Sec-WebSocket-Key is not 16 bytes in base64, once.");
  }
  return {};
}

std::vector<std::string_view> offered_subprotocols(const RequestHead& head) {
  std::vector<std::string_view> offered;
  for_each_value(head.headers, "sec-websocket-protocol", [&](std::string_view value) {
    for_each_element(value, [&](std::string_view element) {
      if (is_token(element) && offered.size() < subprotocols_max) offered.push_back(element);
    });
  });
  return offered;
}

std::string websocket_accept(std::string_view key) {
  constexpr std::string_view protocols_own = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // section 1.3
  return base64(sha1(std::string(key).append(protocols_own)));
}

}  // namespace outcrop::net
