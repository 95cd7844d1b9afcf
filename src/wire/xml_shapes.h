// Structures as XML elements, by their tables: the answers of awsQuery and restXml.
#pragma once
#include <string_view>

#include "wire/shape.h"
#include "wire/xml_writer.h"

namespace outcrop::wire {

// The members of `structure` whose location is the body, inside the element that is open: attributes first, then
// elements. Absent members are left out; an empty list or map that is not flattened is an empty element.
void write_xml_members(XmlWriter& writer, const Shape& shape, const void* structure);

// A value as one element `name`.
void write_xml_element(XmlWriter& writer, std::string_view name, const Shape& shape, const void* value);

}  // namespace outcrop::wire
