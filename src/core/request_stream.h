// RequestStream: the body of a request whose operation reads it while it comes: as it is, taken out of aws-chunked, or as an
// event stream, and held against what the client signed.
#pragma once
#include <optional>

#include "auth/authenticator.h"
#include "net/http.h"
#include "wire/event_stream_reader.h"
#include "wire/stream.h"

namespace outcrop {

// The hash that a streamed body was signed with, before any of it came: the header x-amz-content-sha256. Empty when the client
// names none: then the signature covers a hash that only the whole body gives.
std::string_view signed_payload_hash(const net::RequestHead& head);

// The body as its parts come. What it turns out to be other than signed is a fault at its end: XAmzContentSHA256Mismatch 400; those
// of aws-chunked (auth/aws_chunked.h) and of the exchange, which must outlive it.
Result<wire::BodySource> stream_body(net::Exchange& exchange, const auth::Caller& caller);

// The messages of an event stream; signatures are checked when the caller's are.
wire::MessageReader stream_messages(net::Exchange& exchange, const auth::Caller& caller);

}  // namespace outcrop
