// The payload formats over the codecs.
#include "wire/payload_format.h"

#include "wire/cbor_shapes.h"
#include "wire/json_codec.h"
#include "wire/xml_shapes.h"

namespace outcrop::wire {
namespace {

template <JsonNames names>
void write_json_payload(const Shape& shape, const void* structure, std::string& out) {
  json::Writer writer(out);
  write_json(shape, structure, names, writer);
}

template <JsonNames names>
Result<void> read_json_payload(const Shape& shape, std::string_view payload, void* structure, Missing& missing) {
  return read_json(shape, payload, names, structure, missing);
}

void write_xml_payload(const Shape& shape, const void* structure, std::string& out) {
  XmlWriter writer(out);
  write_xml_element(writer, shape.xml_name.empty() ? shape.name : shape.xml_name, shape, structure);
}

Result<void> read_xml_payload(const Shape& shape, std::string_view payload, void* structure, Missing& missing) {
  auto document = XmlDocument::parse(payload);
  if (!document) return fail("SerializationException", 400, document.error().message());
  auto read = read_xml_members(document->root(), shape, structure, missing);
  if (!read) return fail("SerializationException", 400, std::move(read.error()));
  return {};
}

Result<void> read_cbor_payload(const Shape& shape, std::string_view payload, void* structure, Missing& missing) {
  return read_cbor(shape, payload, structure, missing);
}

}  // namespace

constexpr PayloadFormat aws_json_payload = {"application/json", true, write_json_payload<JsonNames::model>,
                                            read_json_payload<JsonNames::model>};
constexpr PayloadFormat rest_json_payload = {"application/json", false, write_json_payload<JsonNames::wire>,
                                             read_json_payload<JsonNames::wire>};
constexpr PayloadFormat xml_payload = {"text/xml", false, write_xml_payload, read_xml_payload};
constexpr PayloadFormat cbor_payload = {"application/cbor", true, write_cbor, read_cbor_payload};

}  // namespace outcrop::wire
