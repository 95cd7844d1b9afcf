// Forms of the query protocol, decoded by tables of every kind of shape. What is kept must stay in proportion to
// what was sent, and what was decoded must be encodable.
#include "base/check.h"
#include "wire/form.h"
#include "wire/protocol.h"
#include "wire/test_shapes.h"
#include "wire/xml_reader.h"

namespace {

using namespace outcrop;
using namespace outcrop::wire;

constexpr std::string_view shapes_text = R"({
  "Input":{"type":"structure","members":{
    "Action":{"shape":"Text"},"Number":{"shape":"Number"},"Real":{"shape":"Real"},"Blob":{"shape":"Blob"},"When":{"shape":"When"},
    "List":{"shape":"Texts"},"Entries":{"shape":"Inputs","flattened":true,"locationName":"SendMessageBatchRequestEntry"},
    "Map":{"shape":"TextMap"},"Attributes":{"shape":"AttributeMap","flattened":true,"locationName":"MessageAttribute"},
    "Empty":{"shape":"Texts"},"Nested":{"shape":"Input"}}},
  "Texts":{"type":"list","member":{"shape":"Text"}},
  "Inputs":{"type":"list","member":{"shape":"Input"}},
  "TextMap":{"type":"map","key":{"shape":"Text"},"value":{"shape":"Text"}},
  "AttributeMap":{"type":"map","key":{"shape":"Text","locationName":"Name"},"value":{"shape":"Input","locationName":"Value"}},
  "Text":{"type":"string"},"Number":{"type":"integer"},"Real":{"type":"double"},"Blob":{"type":"blob"},"When":{"type":"timestamp"}})";

size_t count_values(const json::Value& value) {
  size_t count = 1;
  if (value.is_array())
    for (const json::Value& element : value.as_array()) count += count_values(element);
  if (value.is_object())
    for (const json::Member& member : value.as_object()) count += count_values(member.value);
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static wire::testing::TestShapes shapes(*json::parse(shapes_text));
  static const Operation operation{.name = "Fuzz", .input = &shapes.shape("Input"), .output = &shapes.shape("Input")};
  static const ServiceModel service{.name = "fuzz", .xml_namespace = "http://fuzz/"};
  static const net::RequestHead head{.method = "POST", .path = "/"};
  if (size > 4096) return 0;  // a structure of test shapes is 14 KB

  std::string_view body(reinterpret_cast<const char*>(data), size);
  wire::testing::TestStructure input;
  Missing missing;
  if (!aws_query().decode(service, operation, {.head = head, .body = body}, &input, missing)) return 0;
  json::Value shown = wire::testing::shown(*operation.input, &input);
  check(count_values(shown) <= 1 + size, "more was decoded than was sent");
  Response response = aws_query().encode(service, operation, &input, "id");
  bool only_xml_characters = std::ranges::none_of(response.body, [](char c) { return uint8_t(c) < 0x20 && c != '\n' && c != '\t'; });
  check(only_xml_characters, "a raw control character in an answer");
  return 0;
}
