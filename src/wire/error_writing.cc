// Faults as members of a body.
#include "wire/error_writing.h"

#include "wire/cbor_shapes.h"
#include "wire/error.h"
#include "wire/xml_shapes.h"

namespace outcrop::wire {

void write_error_members(const Fault& fault, std::string_view message_name, JsonNames names, json::Writer& out) {
  if (const ErrorDetails* details = details_of(fault)) return write_json_members(details->shape, details->structure(), names, out);
  if (fault.message.empty()) return;
  out.name(message_name);
  out.string(fault.message);
}

void write_error_members(const Fault& fault, std::string_view message_name, CborWriter& out) {
  if (const ErrorDetails* details = details_of(fault)) return write_cbor_members(details->shape, details->structure(), out);
  if (fault.message.empty()) return;
  out.text(message_name);
  out.text(fault.message);
}

void write_error_members(const Fault& fault, XmlWriter& out) {
  out.element("Message", fault.message);
  const ErrorDetails* details = details_of(fault);
  if (!details) return;
  Shape others = details->shape;
  others.members = details->members_beside_message();
  write_xml_members(out, others, details->structure());
}

}  // namespace outcrop::wire
