// Command R's description of tools as JSON Schemas.
#include <fmt/format.h>

#include "base/encoding.h"
#include "inference/dialects/cohere.h"

namespace outcrop::inference::cohere {

namespace {

struct TypeName {
  std::string_view cohere, schema;
};

// Types are named as in Python.
constexpr TypeName type_names[] = {
    {"str", "string"},   {"string", "string"},   {"int", "integer"}, {"integer", "integer"}, {"float", "number"}, {"number", "number"},
    {"bool", "boolean"}, {"boolean", "boolean"}, {"list", "array"},  {"array", "array"},     {"dict", "object"},  {"object", "object"},
};

std::string_view schema_type(std::string_view name) {
  for (const TypeName& type : type_names) {
    if (ascii_equal_ignoring_case(type.cohere, name)) return type.schema;
  }
  return {};
}

// Of "int", "List[int]", "Dict[str, int]". A type that has no name in JSON Schema allows everything.
json::Object schema_of(std::string_view type) {
  json::Object schema;
  const size_t bracket = type.find('[');
  const std::string_view name = schema_type(type.substr(0, bracket));
  if (!name.empty()) schema.set("type", name);
  if (name != "array" || bracket == std::string_view::npos || !type.ends_with(']')) return schema;
  const std::string_view items = schema_type(type.substr(bracket + 1, type.size() - bracket - 2));
  if (!items.empty()) schema.set("items", json::Object{{"type", items}});
  return schema;
}

json::Value read_parameters(const Field& definitions) {
  json::Object properties;
  json::Array required;
  if (definitions.open_object()) {
    for (const json::Member& member : definitions.value().as_object()) {
      const Field definition = definitions[member.name()];
      if (!definition.object({"type"}, {"description", "required"})) continue;
      json::Object schema = schema_of(definition["type"].string());
      if (auto description = definition["description"].text()) schema.set("description", *description);
      properties.set(member.name(), json::Value(std::move(schema)));
      if (definition["required"].boolean().value_or(false)) required.emplace_back(member.name());
    }
  }
  json::Object schema{{"type", "object"}, {"properties", json::Value(std::move(properties))}};
  if (!required.empty()) schema.set("required", json::Value(std::move(required)));
  return schema;
}

}  // namespace

void read_tools(const Field& tools, Conversation& out) {
  for (const Field& tool : tools.elements()) {
    if (!tool.object({"name", "description"}, {"parameter_definitions"})) continue;
    out.tools.emplace_back(
        ToolSpecification{tool["name"].string(), tool["description"].string(), read_parameters(tool["parameter_definitions"]), {}});
  }
}

}  // namespace outcrop::inference::cohere
