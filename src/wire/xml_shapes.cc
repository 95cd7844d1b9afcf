// Writing structures as XML.
#include "wire/xml_shapes.h"

#include "base/check.h"
#include "wire/scalar_text.h"

namespace outcrop::wire {

namespace {

void write_xml_list(XmlWriter& writer, std::string_view element_name, const Shape& shape, const void* list) {
  for (size_t i = 0, size = shape.list->size(list); i < size; ++i) {
    const void* element = shape.list->at(list, i);
    if (shape.presence) element = shape.presence->get(element);
    writer.open(element_name);
    if (element) write_xml_content(writer, *shape.element, element);
    writer.close(element_name);
  }
}

void write_xml_map(XmlWriter& writer, std::string_view entry_name, const Shape& shape, const void* map) {
  for (size_t i = 0, size = shape.map->size(map); i < size; ++i) {
    MapAccess::Entry entry = shape.map->at(map, i);
    const void* value = shape.presence ? shape.presence->get(entry.value) : entry.value;
    writer.open(entry_name);
    writer.element(shape.key_name, *entry.key);
    writer.open(shape.element_name);
    if (value) write_xml_content(writer, *shape.element, value);
    writer.close(shape.element_name);
    writer.close(entry_name);
  }
}

}  // namespace

void write_xml_content(XmlWriter& writer, const Shape& shape, const void* value) {
  switch (shape.kind) {
    case Kind::structure:
    case Kind::union_:
      return write_xml_members(writer, shape, value);
    case Kind::list:
      return write_xml_list(writer, shape.element_name, shape, value);
    case Kind::map:
      return write_xml_map(writer, "entry", shape, value);
    case Kind::string:
      return writer.text(*static_cast<const std::string*>(value));
    default:
      return writer.plain(scalar_text(shape, value, TimestampFormat::date_time));
  }
}

void write_xml_members(XmlWriter& writer, const Shape& shape, const void* structure) {
  check(shape.is_structure(), "only structures have members");
  for (const Member& member : shape.members) {
    if (!member.is(Member::xml_attribute) || member.location != Location::body) continue;
    if (const void* value = member.get(structure))
      writer.attribute(member.wire_name, scalar_text(*member.shape, value, TimestampFormat::date_time));
  }
  for (const Member& member : shape.members) {
    const void* value = member.get(structure);
    if (!value || member.is(Member::xml_attribute) || member.location != Location::body) continue;
    if (member.is(Member::flattened) && member.shape->kind == Kind::list) {
      write_xml_list(writer, member.wire_name, *member.shape, value);
    } else if (member.is(Member::flattened) && member.shape->kind == Kind::map) {
      write_xml_map(writer, member.wire_name, *member.shape, value);
    } else {
      writer.open(member.wire_name);
      std::string_view xml_namespace = member.xml_namespace.empty() ? member.shape->xml_namespace : member.xml_namespace;
      if (!xml_namespace.empty()) writer.xml_namespace(xml_namespace);
      write_xml_content(writer, *member.shape, value);
      writer.close(member.wire_name);
    }
  }
}

void write_xml_element(XmlWriter& writer, std::string_view name, const Shape& shape, const void* value) {
  writer.open(name);
  if (!shape.xml_namespace.empty()) writer.xml_namespace(shape.xml_namespace);
  write_xml_content(writer, shape, value);
  writer.close(name);
}

}  // namespace outcrop::wire
