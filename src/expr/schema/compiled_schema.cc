#include "expr/schema/compiled_schema.h"

#include <fmt/format.h>

#include <set>

#include "expr/json_schema.h"
#include "expr/limits.h"

namespace outcrop::expr {

namespace {

using Checked = std::expected<void, std::string>;

bool is_count(const json::Value& value) { return value.as_uint64().has_value(); }
bool is_list(const json::Value& value) { return value.is_array(); }
bool is_filled_list(const json::Value& value) { return value.is_array() && !value.as_array().empty(); }
bool is_map(const json::Value& value) { return value.is_object(); }
bool is_text(const json::Value& value) { return value.is_string(); }
bool is_truth(const json::Value& value) { return value.is_bool(); }
bool is_any_number(const json::Value& value) { return value.is_number(); }
bool is_positive(const json::Value& value) { return value.as_double().value_or(0) > 0; }
bool is_type(const json::Value& value) { return value.is_string() || is_filled_list(value); }
bool is_truth_or_schema(const json::Value& value) { return value.is_bool() || value.is_object(); }
bool is_schema_or_list(const json::Value& value) { return value.is_object() || value.is_array(); }

struct Keyword {
  std::string_view name;
  bool (*is_well_formed)(const json::Value& value);
};

constexpr Keyword keywords[] = {{"type", is_type},
                                {"enum", is_filled_list},
                                {"multipleOf", is_positive},
                                {"maximum", is_any_number},
                                {"minimum", is_any_number},
                                {"exclusiveMaximum", is_truth},
                                {"exclusiveMinimum", is_truth},
                                {"maxLength", is_count},
                                {"minLength", is_count},
                                {"pattern", is_text},
                                {"items", is_schema_or_list},
                                {"additionalItems", is_truth_or_schema},
                                {"maxItems", is_count},
                                {"minItems", is_count},
                                {"uniqueItems", is_truth},
                                {"maxProperties", is_count},
                                {"minProperties", is_count},
                                {"required", is_list},
                                {"properties", is_map},
                                {"patternProperties", is_map},
                                {"additionalProperties", is_truth_or_schema},
                                {"dependencies", is_map},
                                {"definitions", is_map},
                                {"allOf", is_filled_list},
                                {"anyOf", is_filled_list},
                                {"oneOf", is_filled_list},
                                {"not", is_map}};

class Compiler {
 public:
  explicit Compiler(CompiledSchema& schema) : schema_(schema) {}

  Checked look_at(const json::Value& schema, size_t depth) {
    if (!schema.is_object()) return std::unexpected("a schema is an object");
    if (depth > limits::schema_depth_max) return std::unexpected("it nests too deep");
    if (!seen_.insert(&schema).second) return {};
    if (const json::Value* reference = schema.find("$ref"); reference && reference->is_string())
      return refer(std::string(reference->as_string()), depth);
    for (const Keyword& keyword : keywords) {
      const json::Value* value = schema.find(keyword.name);
      if (value && !keyword.is_well_formed(*value))
        return std::unexpected(fmt::format("\"{}\" cannot be {}", keyword.name, json::write(*value)));
    }
    if (const json::Value* pattern = schema.find("pattern")) {
      if (Checked added = add_pattern(std::string(pattern->as_string())); !added) return added;
    }
    return look_at_parts(schema, depth + 1);
  }

 private:
  // Whatever holds schemas: one, a list of them, or a map of them.
  Checked look_at_parts(const json::Value& schema, size_t depth) {
    for (std::string_view name : {"items", "additionalItems", "additionalProperties", "not", "allOf", "anyOf", "oneOf"}) {
      const json::Value* value = schema.find(name);
      if (!value || value->is_bool()) continue;
      if (value->is_object()) {
        if (Checked seen = look_at(*value, depth); !seen) return seen;
        continue;
      }
      for (const json::Value& part : value->as_array()) {
        if (Checked seen = look_at(part, depth); !seen) return seen;
      }
    }
    for (std::string_view name : {"properties", "patternProperties", "definitions", "dependencies"}) {
      const json::Value* value = schema.find(name);
      if (!value) continue;
      for (const json::Member& member : value->as_object()) {
        if (name == "patternProperties") {
          if (Checked added = add_pattern(std::string(member.name())); !added) return added;
        }
        if (name == "dependencies" && member.value.is_array()) continue;
        if (Checked seen = look_at(member.value, depth); !seen) return seen;
      }
    }
    return {};
  }

  Checked add_pattern(std::string text) {
    if (schema_.patterns.contains(text)) return {};
    auto pattern = RegularExpression::compile(text);
    if (!pattern) return std::unexpected(fmt::format("the pattern \"{}\" is none: {}", text, pattern.error()));
    schema_.patterns.emplace(std::move(text), std::move(*pattern));
    return {};
  }

  Checked refer(std::string reference, size_t depth) {
    if (schema_.references.contains(reference)) return {};
    const json::Value* target = find_reference(schema_.root, reference);
    if (!target) return std::unexpected(fmt::format("\"{}\" refers to no place of the schema", reference));
    schema_.references.emplace(std::move(reference), target);
    return look_at(*target, depth + 1);
  }

  CompiledSchema& schema_;
  std::set<const json::Value*> seen_;
};

}  // namespace

std::expected<void, std::string> compile_schema(CompiledSchema& schema) { return Compiler(schema).look_at(schema.root, 0); }

}  // namespace outcrop::expr
