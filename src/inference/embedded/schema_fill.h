// Fills a JSON Schema of an object from what a text states. Nothing is invented: a value is a part of the text, a choice that the
// schema names, or the schema's own default; a required member that the text does not state is reported.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace outcrop::embedded {

struct Filled {
  json::Value value = json::Value::object();
  std::vector<std::string> missing;  // JSON pointers of required members

  bool complete() const { return missing.empty(); }
};

// Understands type, properties, required, items, enum, const, default, format, minimum, maximum, minLength, maxLength, minItems,
// maxItems, local $ref, anyOf, oneOf and allOf. Values are not checked against what else a schema says, such as pattern.
Filled fill_schema(const json::Value& schema, std::string_view text);

}  // namespace outcrop::embedded
