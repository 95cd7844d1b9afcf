// What a fault tells, as each format writes it inside the object or element that is open: the message, and the members
// that its error has beside it.
#pragma once
#include <string_view>

#include "base/result.h"
#include "wire/cbor_writer.h"
#include "wire/json_codec.h"
#include "wire/xml_writer.h"

namespace outcrop::wire {

// `message_name` is what the message is called where the fault has no table that says so; an empty one is left out.
void write_error_members(const Fault& fault, std::string_view message_name, JsonNames names, json::Writer& out);
void write_error_members(const Fault& fault, std::string_view message_name, CborWriter& out);
// In XML the message is always Message, and there.
void write_error_members(const Fault& fault, XmlWriter& out);

}  // namespace outcrop::wire
