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

// Whether a member stands in the JSON of its structure. awsJson knows no HTTP bindings, so neither do inputs passed by
// the model's names.
inline bool belongs_in_json(const Member& member, JsonNames names) {
  if (names == JsonNames::wire) return member.location == Location::body;
  return member.location != Location::event_header && member.location != Location::event_payload && member.location != Location::stream;
}

inline bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Fills `structure`, a fresh struct of `shape`; blank text counts as {}. Members that are null or unknown are passed
// over; those that came from elsewhere are told in `seen` (Missing::bit). Fault: SerializationException 400, with AWS's
// text for a value of a wrong type and without one for text that is no JSON.
Result<void> read_json(const Shape& shape, std::string_view text, JsonNames names, void* structure, Missing& missing, uint64_t seen = 0);
// A value of any shape that is the whole text, at `path` of its structure.
Result<void> read_json_value(const Shape& shape, std::string_view text, JsonNames names, void* value, Missing& missing, const Path& path);
// The same from a value.
Result<void> from_json(const Shape& shape, const json::Value& value, JsonNames names, void* structure, Missing& missing);

// The members that belong in a body; absent ones are left out.
void write_json(const Shape& shape, const void* structure, JsonNames names, json::Writer& out);
// The same inside the object that is open.
void write_json_members(const Shape& shape, const void* structure, JsonNames names, json::Writer& out);
void write_json_value(const Shape& shape, const void* value, JsonNames names, json::Writer& out);
// InternalFailure 500 when a document in it makes it deeper than JSON text may be.
Result<json::Value> to_json(const Shape& shape, const void* structure, JsonNames names);

}  // namespace outcrop::wire
