// A schema that was looked through: its references lead somewhere, and its patterns are compiled.
#pragma once
#include <expected>
#include <map>
#include <string>

#include "expr/regular_expression.h"
#include "json/json.h"

namespace outcrop::expr {

struct CompiledSchema {
  json::Value root;
  std::map<std::string, const json::Value*, std::less<>> references;  // into root
  std::map<std::string, RegularExpression, std::less<>> patterns;
};

// Looks through `schema.root`. The error says what is wrong.
std::expected<void, std::string> compile_schema(CompiledSchema& schema);

}  // namespace outcrop::expr
