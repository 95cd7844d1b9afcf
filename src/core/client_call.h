// The call that a request over a socket makes, by whichever door it came.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "auth/authenticator.h"
#include "core/call.h"
#include "net/http.h"

namespace outcrop {

// What a door is configured with.
struct ClientCallOptions {
  std::string_view host_fallback;              // in URLs of answers when the client sent no Host
  std::span<const std::string> extra_headers;  // that services read beside x-outcrop-…
};

// The deadline and what only a door knows are the door's to set.
Call client_call(World& world, const net::Exchange& exchange, auth::Caller caller, std::string_view service, std::string_view operation,
                 std::string request_id, const ClientCallOptions& options);

}  // namespace outcrop
