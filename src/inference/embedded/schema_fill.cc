#include "inference/embedded/schema_fill.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "inference/embedded/facts.h"
#include "inference/embedded/field.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/lines.h"
#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

std::string escaped_pointer(std::string_view name) {
  std::string escaped;
  for (char c : name) c == '~' ? escaped += "~0" : c == '/' ? escaped += "~1" : escaped += c;
  return escaped;
}

// The first of a schema's types that is not null.
std::string_view type_of(const json::Value& schema) {
  const json::Value* type = schema.find("type");
  if (type != nullptr && type->is_string()) return type->as_string();
  if (type != nullptr && type->is_array())
    for (const json::Value& each : type->as_array())
      if (each.is_string() && each.as_string() != "null") return each.as_string();
  if (schema.find("properties") != nullptr) return "object";
  return schema.find("items") != nullptr ? "array" : "string";
}

const json::Array* array_in(const json::Value& schema, std::string_view keyword) {
  const json::Value* found = schema.find(keyword);
  return found != nullptr && found->is_array() ? &found->as_array() : nullptr;
}

bool is_numeric(const json::Value& schema) {
  std::string_view type = type_of(schema);
  return type == "integer" || type == "number";
}

class Filler {
 public:
  explicit Filler(const json::Value& root) : root_(root) {}

  // What the text states of an object; the required members it does not state are added to `missing`.
  json::Value object(const json::Value& schema, const Facts& facts, const std::string& pointer, size_t depth,
                     std::vector<std::string>& missing) {
    json::Object filled;
    FieldFinder finder(facts);
    const json::Value* properties = schema.find("properties");
    if (properties == nullptr || !properties->is_object()) return filled;
    size_t numeric = 0;
    for (const json::Member& member : properties->as_object()) numeric += is_numeric(resolved(member.value));
    for (const json::Member& member : properties->as_object()) {
      if (++properties_filled_ > filled_properties_max) break;
      std::string name(member.name());
      const json::Value& property = resolved(member.value);
      Field field{.name = name_terms(name), .schema = &property, .only_number = numeric == 1};
      std::vector<std::string> missing_below;
      auto value = this->value(field, facts, finder, pointer + "/" + escaped_pointer(name), depth + 1, missing_below);
      bool needed = is_required(schema, name);
      if (!value && needed && property.find("default") != nullptr) value = *property.find("default");
      if (value && missing_below.empty())
        filled.set(name, std::move(*value));
      else if (needed)
        report(missing, std::move(missing_below), pointer + "/" + escaped_pointer(name));
    }
    return filled;
  }

  // Behind references and combinations, as far as they can be followed.
  const json::Value& resolved(const json::Value& schema, size_t depth = 0) const {
    if (depth > schema_depth_max) return schema;
    if (const json::Value* reference = schema.find("$ref"); reference != nullptr && reference->is_string())
      if (const json::Value* target = at_pointer(reference->as_string())) return resolved(*target, depth + 1);
    for (std::string_view keyword : {"anyOf", "oneOf", "allOf"}) {
      const json::Array* alternatives = array_in(schema, keyword);
      if (alternatives == nullptr || schema.find("properties") != nullptr) continue;
      for (const json::Value& each : *alternatives)
        if (!each.find("type") || !each.find("type")->is_string() || each.find("type")->as_string() != "null")
          return resolved(each, depth + 1);
    }
    return schema;
  }

 private:
  static void report(std::vector<std::string>& missing, std::vector<std::string> below, std::string own) {
    if (below.empty()) below.push_back(std::move(own));
    for (std::string& each : below)
      if (missing.size() < filled_properties_max) missing.push_back(std::move(each));
  }

  static bool is_required(const json::Value& schema, std::string_view name) {
    const json::Array* required = array_in(schema, "required");
    return required != nullptr &&
           std::ranges::any_of(*required, [&](const json::Value& each) { return each.is_string() && each.as_string() == name; });
  }

  // "#/$defs/address"
  const json::Value* at_pointer(std::string_view reference) const {
    if (!reference.starts_with('#')) return nullptr;
    const json::Value* at = &root_;
    std::string_view rest = reference.substr(1);
    while (at != nullptr && rest.starts_with('/')) {
      size_t end = std::min(rest.find('/', 1), rest.size());
      at = at->find(rest.substr(1, end - 1));
      rest.remove_prefix(end);
    }
    return rest.empty() ? at : nullptr;
  }

  std::optional<json::Value> value(const Field& field, const Facts& facts, FieldFinder& finder, const std::string& pointer, size_t depth,
                                   std::vector<std::string>& missing) {
    if (depth > schema_depth_max) return std::nullopt;
    if (const json::Value* constant = field.schema->find("const")) return *constant;
    if (const json::Array* choices = array_in(*field.schema, "enum")) return finder.enumerated(field, *choices);
    std::string_view type = type_of(*field.schema);
    if (type == "integer" || type == "number") return finder.number(field, type == "integer");
    if (type == "boolean") return finder.boolean(field);
    if (type == "array") return array(field, facts, finder, depth);
    if (type != "object") return type == "string" ? finder.string(field) : std::nullopt;
    json::Value nested = object(*field.schema, facts, pointer, depth, missing);
    return nested.as_object().empty() ? std::nullopt : std::optional(std::move(nested));
  }

  std::optional<json::Value> array(const Field& field, const Facts& facts, FieldFinder& finder, size_t depth) {
    const json::Value* items = field.schema->find("items");
    if (items == nullptr) return std::nullopt;
    const json::Value& element = resolved(*items);
    Field each{.name = field.name, .schema = &element};
    std::vector<json::Value> found;
    if (const json::Array* choices = array_in(element, "enum"))
      found = finder.all_enumerated(*choices);
    else if (is_numeric(element))
      found = finder.numbers(each, type_of(element) == "integer");
    else if (type_of(element) == "string")
      found = finder.strings(each);
    else if (type_of(element) == "object")
      found = objects(element, facts, depth);
    const json::Value* least = field.schema->find("minItems");
    const json::Value* most = field.schema->find("maxItems");
    size_t count_min = least != nullptr ? least->as_uint64().value_or(1) : 1;
    size_t count_max = most != nullptr ? most->as_uint64().value_or(SIZE_MAX) : SIZE_MAX;
    if (found.empty() || found.size() < count_min) return std::nullopt;
    if (found.size() > count_max) found.resize(count_max);
    return json::Value(json::Array(std::move(found)));
  }

  // An object from each line that states all that one requires.
  std::vector<json::Value> objects(const json::Value& element, const Facts& facts, size_t depth) {
    std::vector<json::Value> found;
    for (const Line& line : lines(facts.text())) {
      if (found.size() == filled_elements_max || properties_filled_ > filled_properties_max) break;
      if (line.blank()) continue;
      std::vector<std::string> missing;
      json::Value filled = object(element, Facts(line.in(facts.text())), {}, depth + 1, missing);
      if (missing.empty() && !filled.as_object().empty()) found.push_back(std::move(filled));
    }
    return found;
  }

  const json::Value& root_;
  size_t properties_filled_ = 0;
};

}  // namespace

Filled fill_schema(const json::Value& schema, std::string_view text) {
  Filled filled;
  Facts facts(text.substr(0, text_bytes_max));
  Filler filler(schema);
  filled.value = filler.object(filler.resolved(schema), facts, {}, 0, filled.missing);
  return filled;
}

}  // namespace outcrop::embedded
