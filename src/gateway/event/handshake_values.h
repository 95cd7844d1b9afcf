// What a handshake's request said, as everything behind it sees it: the event of $connect, authorizers, and parameters that are mapped.
#pragma once
#include <string_view>

#include "gateway/connection/connection_context.h"
#include "gateway/event/named_values.h"

namespace outcrop::gateway {

// What names the hop and not the request is left out, and what a proxy adds is there: X-Forwarded-For, X-Forwarded-Port, X-Forwarded-Proto,
// X-Amzn-Trace-Id.
NamedValues header_values(const net::RequestHead& head, std::string_view trace_header);
// Decoded.
NamedValues query_values(const net::RequestHead& head);

}  // namespace outcrop::gateway
