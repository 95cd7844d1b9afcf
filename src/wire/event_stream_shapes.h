// Events of a union as messages of an event stream and back, by the tables: what stands in headers, what is the payload,
// and how a fault ends a stream.
#pragma once
#include "wire/event_stream.h"
#include "wire/payload_format.h"
#include "wire/shape.h"

namespace outcrop::wire {

// `event` is a struct of the union `events` with one member set (checked).
Message write_event(const Shape& events, const void* event, const PayloadFormat& format);

// The last message of a stream that failed: an exception when the union names the error, else an error.
Message write_stream_fault(const Shape& events, const Fault& fault, const PayloadFormat& format);

// The message before all events, "initial-request" or "initial-response": the members beside the stream.
inline constexpr std::string_view initial_request = "initial-request", initial_response = "initial-response";
Message write_initial(std::string_view name, const Shape& shape, const void* structure, const PayloadFormat& format);

// Fills `event`, a fresh struct of the union; false for an event it does not know, which is to be passed over. Faults: the
// exception or error that the message is; SerializationException 400 when it is none of these; ValidationException 400
// when the event violates the model.
Result<bool> read_event(const Shape& events, const Message& message, const PayloadFormat& format, void* event);

}  // namespace outcrop::wire
