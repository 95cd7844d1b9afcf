// HTTP/1.1 request heads as bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "net/http_client.h"

namespace outcrop::net {

struct RequestFraming {
  // none: no field says anything about a body; length: also 0, which methods with a body say when they have none.
  enum class Body { none, length, chunked };
  Body body = Body::none;
  uint64_t length = 0;
  bool expect_continue = false;
};

// Of a request whose body is given whole: RFC 9110 section 8.6 wants a length where the method suggests a body.
RequestFraming framing_of_whole(const ClientRequest& request);

// What cannot be written as it is, in words; empty when all can. Nothing is repaired: a signature may cover it.
std::string_view find_unwritable(const ClientRequest& request);

// Appends request line, fields and the empty line. `proxy`: null, or who is asked in absolute form.
void append_request_head(std::string& out, const ClientRequest& request, const RequestFraming& framing, const Proxy* proxy);

// Appends the request that opens a tunnel through a proxy.
void append_connect(std::string& out, const Url& url, const Proxy& proxy);

}  // namespace outcrop::net
