// JSON Schema, draft 4 (draft-zyp-json-schema-04, draft-fge-json-schema-validation-00): what API Gateway's models say of a body.
//
// References are to places of the same schema ("#/definitions/order"); what "format" names is not looked at, as the draft leaves open.
#pragma once
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"

namespace outcrop::expr {

struct CompiledSchema;

// The part of a schema that a "$ref" of it names, "#/definitions/order"; null where there is nothing, and for references elsewhere.
const json::Value* find_reference(const json::Value& schema, std::string_view reference);

// Immutable, so that threads may share it; copies share what they are made of.
class JsonSchema {
 public:
  // The error says what is wrong with the schema.
  static std::expected<JsonSchema, std::string> parse(json::Value schema);

  // What is wrong with `value`, the first there is: "/order/id: is no integer". None: it is valid. A value that costs too much to look at
  // is not.
  std::optional<std::string> violation(const json::Value& value) const;

 private:
  explicit JsonSchema(std::shared_ptr<const CompiledSchema> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const CompiledSchema> compiled_;
};

}  // namespace outcrop::expr
