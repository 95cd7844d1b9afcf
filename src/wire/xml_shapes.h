// Structures as XML elements, by their tables: the answers of awsQuery, and both ways in restXml.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "wire/shape.h"
#include "wire/xml_reader.h"
#include "wire/xml_writer.h"

namespace outcrop::wire {

// The members of `structure` whose location is the body, inside the element that is open: attributes first, then
// elements. Absent members are left out; an empty list or map that is not flattened is an empty element.
void write_xml_members(XmlWriter& writer, const Shape& shape, const void* structure);

// A value as one element `name`.
void write_xml_element(XmlWriter& writer, std::string_view name, const Shape& shape, const void* value);

// What stands between the tags of a value's element.
void write_xml_content(XmlWriter& writer, const Shape& shape, const void* value);

// What is wrong with an element, for people: "MaxKeys is not an integer".
using XmlProblem = std::string;

// Fills `structure`, a fresh struct of `shape` at `path`, from the attributes and children of `element`; what the shape
// does not know is passed over. Members that came from elsewhere are told in `seen` (Missing::bit).
std::expected<void, XmlProblem> read_xml_members(const XmlElement& element, const Shape& shape, void* structure, Missing& missing,
                                                 const Path& path = {}, uint64_t seen = 0);

// Fills `value`, fresh and of any shape.
std::expected<void, XmlProblem> read_xml_value(const XmlElement& element, const Shape& shape, void* value, Missing& missing,
                                               const Path& path);

}  // namespace outcrop::wire
