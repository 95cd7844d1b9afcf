// Structs as JSON text and back, by the tables: the body of awsJson and restJson, and how services that
// orchestrate others (Step Functions, EventBridge targets) pass inputs and outputs.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"
#include "json/writer.h"
#include "wire/shape.h"

namespace outcrop::wire {

enum class JsonNames : uint8_t {
  model,  // awsJson: members are called as the model has them
  wire,   // restJson: Member::wire_name
};

// Fills `structure`, a fresh struct of `shape`; empty text counts as {}. Members that are null or unknown are passed
// over; members bound to other places than the body are unknown here. Fault: SerializationException 400, with AWS's
// text for a value of a wrong type and without one for text that is no JSON.
Result<void> read_json(const Shape& shape, std::string_view text, JsonNames names, void* structure, Missing& missing);
// The same from a value.
Result<void> from_json(const Shape& shape, const json::Value& value, JsonNames names, void* structure, Missing& missing);

// The members that belong in a body; absent ones are left out.
void write_json(const Shape& shape, const void* structure, JsonNames names, json::Writer& out);
// InternalFailure 500 when a document in it makes it deeper than JSON text may be.
Result<json::Value> to_json(const Shape& shape, const void* structure, JsonNames names);

}  // namespace outcrop::wire
