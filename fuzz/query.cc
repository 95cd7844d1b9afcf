// Forms of the query protocol, decoded by tables of every kind of shape. What is kept must stay in proportion to
// what was sent, and what was decoded must be encodable.
#include "base/check.h"
#include "wire/json_codec.h"
#include "wire/protocol.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"  // as in the tables that modelgen writes

namespace {

using namespace outcrop;
using namespace outcrop::wire;

struct Input {
  std::optional<std::string> text;
  std::optional<int32_t> number;
  std::optional<double> real;
  std::optional<std::string> blob;
  std::optional<Instant> when;
  std::optional<std::vector<std::string>> list;
  std::vector<Input> entries;
  std::optional<Map<std::string>> map;
  std::optional<Map<Input>> attributes;
  Box<Input> nested;

  static const Shape shape;
};

constexpr Shape texts = {.kind = Kind::list, .element = &shapes::string, .element_name = "member", .list = &list_of<std::string>};
constexpr Shape inputs = {.kind = Kind::list, .element = &Input::shape, .element_name = "member", .list = &list_of<Input>};
constexpr Shape text_map = {.kind = Kind::map,
                            .element = &shapes::string,
                            .key = &shapes::string,
                            .element_name = "value",
                            .key_name = "key",
                            .map = &map_of<std::string>};
constexpr Shape attribute_map = {.kind = Kind::map,
                                 .element = &Input::shape,
                                 .key = &shapes::string,
                                 .element_name = "Value",
                                 .key_name = "Name",
                                 .map = &map_of<Input>};

template <class T>
constexpr Member optional_member(std::string_view name, const Shape& shape, size_t offset, uint8_t flags = 0) {
  return {.name = name, .wire_name = name, .shape = &shape, .presence = &optional_of<T>, .offset = uint32_t(offset), .flags = flags};
}

constexpr Member members[] = {
    optional_member<std::string>("Text", shapes::string, offsetof(Input, text)),
    optional_member<int32_t>("Number", shapes::integer, offsetof(Input, number)),
    optional_member<double>("Real", shapes::double_, offsetof(Input, real)),
    optional_member<std::string>("Blob", shapes::blob, offsetof(Input, blob)),
    optional_member<Instant>("When", shapes::timestamp, offsetof(Input, when)),
    optional_member<std::vector<std::string>>("List", texts, offsetof(Input, list)),
    {.name = "Entries",
     .wire_name = "Entry",
     .shape = &inputs,
     .offset = offsetof(Input, entries),
     .flags = Member::required | Member::flattened},
    optional_member<Map<std::string>>("Map", text_map, offsetof(Input, map)),
    optional_member<Map<Input>>("Attribute", attribute_map, offsetof(Input, attributes), Member::flattened),
    {.name = "Nested", .wire_name = "Nested", .shape = &Input::shape, .presence = &box_of<Input>, .offset = offsetof(Input, nested)},
};
constexpr Shape Input::shape = {.kind = Kind::structure, .name = "Input", .members = members};

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
  static const Operation operation{.name = "Fuzz", .input = &Input::shape, .output = &Input::shape};
  static const ServiceModel service{.name = "fuzz", .xml_namespace = "http://fuzz/"};
  static const net::RequestHead head{.method = "POST", .path = "/"};

  std::string_view body(reinterpret_cast<const char*>(data), size);
  Input input;
  Missing missing;
  if (!aws_query().decode(service, operation, {.head = head, .body = body}, &input, missing)) return 0;
  Result<json::Value> shown = to_json(Input::shape, &input, JsonNames::model);
  // Every structure shows its required list, empty or not: twice the parts of the names at most.
  check(shown && count_values(*shown) <= 2 + 2 * size, "more was decoded than was sent");
  Response response = aws_query().encode(service, operation, &input, "id");
  bool only_xml_characters = std::ranges::none_of(response.body, [](char c) { return uint8_t(c) < 0x20 && c != '\n' && c != '\t'; });
  check(only_xml_characters, "a raw control character in an answer");
  return 0;
}
