#include "expr/json_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/encoding.h"
#include "expr/limits.h"
#include "expr/schema/compiled_schema.h"
#include "json/pointer.h"

namespace outcrop::expr {

namespace {

size_t characters_in(std::string_view text) {
  return size_t(std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

bool is_of_type(const json::Value& value, std::string_view type) {
  switch (value.kind()) {
    case json::Kind::null:
      return type == "null";
    case json::Kind::boolean:
      return type == "boolean";
    case json::Kind::number:
      return type == "number" || (type == "integer" && value.number_text().find_first_of(".eE") == std::string_view::npos);
    case json::Kind::string:
      return type == "string";
    case json::Kind::array:
      return type == "array";
    case json::Kind::object:
      return type == "object";
  }
  return false;
}

bool is_multiple(const json::Value& value, const json::Value& of) {
  const auto whole = value.as_int64(), whole_of = of.as_int64();
  if (whole && whole_of) return *whole % *whole_of == 0;
  const double ratio = value.as_double().value_or(0) / of.as_double().value_or(1);
  return std::isfinite(ratio) && std::abs(ratio - std::round(ratio)) < 1e-9 * std::max(1.0, std::abs(ratio));
}

// One value under one schema; what it finds wrong first is the problem.
class Validation {
 public:
  explicit Validation(const CompiledSchema& schema) : schema_(schema) {}

  bool is_valid(const json::Value& schema, const json::Value& value) {
    if (steps_left_ == 0 || depth_ > limits::schema_depth_max) return wrong("costs too much to look at");
    --steps_left_;
    ++depth_;
    const bool valid = check_all(schema, value);
    --depth_;
    return valid;
  }
  // What is wrong, after is_valid(); also when that could not be found out.
  std::optional<std::string> problem() const {
    if (problem_ || steps_left_ > 0) return problem_;
    return "/: costs too much to look at";
  }

 private:
  // Within a part of the value, whose name the problem tells.
  bool is_valid_at(std::string_view name, const json::Value& schema, const json::Value& value) {
    const size_t before = path_.size();
    path_ += '/';
    path_ += name;
    const bool valid = is_valid(schema, value);
    path_.resize(before);
    return valid;
  }
  bool is_valid_at(size_t index, const json::Value& schema, const json::Value& value) {
    return is_valid_at(std::to_string(index), schema, value);
  }
  // Whether it fits, where it need not.
  bool fits(const json::Value& schema, const json::Value& value) {
    std::optional<std::string> before = problem_;
    const bool valid = is_valid(schema, value);
    problem_ = std::move(before);
    return valid;
  }
  bool wrong(std::string_view what) {
    if (!problem_) problem_ = fmt::format("{}: {}", path_.empty() ? "/" : path_, what);
    return false;
  }

  bool check_all(const json::Value& schema, const json::Value& value) {
    if (const json::Value* reference = schema.find("$ref"); reference && reference->is_string())
      return is_valid(*schema_.references.find(reference->as_string())->second, value);
    if (!check_kind(schema, value) || !check_combinations(schema, value)) return false;
    if (value.is_number()) return check_number(schema, value);
    if (value.is_string()) return check_text(schema, value.as_string());
    if (value.is_array()) return check_array(schema, value.as_array());
    return !value.is_object() || check_object(schema, value);
  }

  bool check_kind(const json::Value& schema, const json::Value& value) {
    if (const json::Value* type = schema.find("type")) {
      if (type->is_string() && !is_of_type(value, type->as_string())) return wrong(fmt::format("is not of type {}", type->as_string()));
      if (type->is_array() && std::ranges::none_of(type->as_array(), [&](const json::Value& one) {
            return one.is_string() && is_of_type(value, one.as_string());
          }))
        return wrong("is of none of the types");
    }
    if (const json::Value* allowed = schema.find("enum")) {
      if (std::ranges::find(allowed->as_array(), value) == allowed->as_array().end()) return wrong("is none of the allowed values");
    }
    return true;
  }

  bool check_combinations(const json::Value& schema, const json::Value& value) {
    if (const json::Value* all = schema.find("allOf")) {
      if (!std::ranges::all_of(all->as_array(), [&](const json::Value& one) { return is_valid(one, value); })) return false;
    }
    if (const json::Value* any = schema.find("anyOf")) {
      if (std::ranges::none_of(any->as_array(), [&](const json::Value& one) { return fits(one, value); }))
        return wrong("fits none of the schemas");
    }
    if (const json::Value* one_of = schema.find("oneOf")) {
      if (std::ranges::count_if(one_of->as_array(), [&](const json::Value& one) { return fits(one, value); }) != 1)
        return wrong("does not fit exactly one of the schemas");
    }
    const json::Value* excluded = schema.find("not");
    return !excluded || !fits(*excluded, value) || wrong("fits what it must not");
  }

  bool check_number(const json::Value& schema, const json::Value& value) {
    const double number = value.as_double().value_or(0);
    auto is_exclusive = [&](std::string_view name) {
      const json::Value* given = schema.find(name);
      return given && given->as_bool();
    };
    if (const json::Value* limit = schema.find("maximum")) {
      const double maximum = limit->as_double().value_or(0);
      if (number > maximum || (number == maximum && is_exclusive("exclusiveMaximum"))) return wrong("is too large");
    }
    if (const json::Value* limit = schema.find("minimum")) {
      const double minimum = limit->as_double().value_or(0);
      if (number < minimum || (number == minimum && is_exclusive("exclusiveMinimum"))) return wrong("is too small");
    }
    const json::Value* of = schema.find("multipleOf");
    return !of || is_multiple(value, *of) || wrong("is no multiple");
  }

  // Whether a count is within the limits of these names, where there are any.
  bool check_count(const json::Value& schema, size_t count, std::string_view at_least, std::string_view at_most) {
    const json::Value* least = schema.find(at_least);
    if (least && count < *least->as_uint64()) return wrong(fmt::format("is below {}", at_least));
    const json::Value* most = schema.find(at_most);
    return !most || count <= *most->as_uint64() || wrong(fmt::format("is above {}", at_most));
  }

  bool matches(std::string_view pattern, std::string_view text) {
    const auto found = schema_.patterns.find(pattern)->second.find(text, 0, expression_steps_left_);
    if (!found) steps_left_ = 0;
    return found && found->has_value();
  }

  bool check_text(const json::Value& schema, std::string_view text) {
    if (!check_count(schema, characters_in(text), "minLength", "maxLength")) return false;
    const json::Value* pattern = schema.find("pattern");
    return !pattern || matches(pattern->as_string(), text) || wrong("does not match the pattern");
  }

  bool check_array(const json::Value& schema, const json::Array& array) {
    if (!check_count(schema, array.size(), "minItems", "maxItems")) return false;
    if (const json::Value* unique = schema.find("uniqueItems"); unique && unique->as_bool() && !are_unique(array))
      return wrong("has an element twice");
    const json::Value* items = schema.find("items");
    const json::Value* more = schema.find("additionalItems");
    const size_t listed = items && items->is_array() ? items->as_array().size() : 0;
    for (size_t index = 0; index < array.size(); ++index) {
      const json::Value* given = items && items->is_object() ? items : nullptr;
      if (items && items->is_array()) given = index < listed ? &items->as_array()[index] : more;
      if (!given) continue;
      if (given->is_bool()) {
        if (!given->as_bool()) return wrong("has too many elements");
      } else if (!is_valid_at(index, *given, array[index])) {
        return false;
      }
    }
    return true;
  }

  // Each is compared with all before it, which costs steps.
  bool are_unique(const json::Array& array) {
    for (size_t index = 1; index < array.size(); ++index) {
      if (steps_left_ < index) return false;
      steps_left_ -= index;
      if (std::ranges::find(array.begin(), array.begin() + ptrdiff_t(index), array[index]) != array.begin() + ptrdiff_t(index))
        return false;
    }
    return true;
  }

  bool check_object(const json::Value& schema, const json::Value& value) {
    const json::Object& object = value.as_object();
    if (!check_count(schema, object.size(), "minProperties", "maxProperties")) return false;
    if (const json::Value* required = schema.find("required")) {
      for (const json::Value& name : required->as_array()) {
        if (name.is_string() && !object.contains(name.as_string())) return wrong(fmt::format("has no {}", name.as_string()));
      }
    }
    if (!check_dependencies(schema, value)) return false;
    return std::ranges::all_of(object, [&](const json::Member& member) { return check_member(schema, member); });
  }

  bool check_member(const json::Value& schema, const json::Member& member) {
    bool is_known = false;
    if (const json::Value* properties = schema.find("properties")) {
      if (const json::Value* property = properties->find(member.name())) {
        is_known = true;
        if (!is_valid_at(member.name(), *property, member.value)) return false;
      }
    }
    if (const json::Value* patterns = schema.find("patternProperties")) {
      for (const json::Member& pattern : patterns->as_object()) {
        if (!matches(pattern.name(), member.name())) continue;
        is_known = true;
        if (!is_valid_at(member.name(), pattern.value, member.value)) return false;
      }
    }
    const json::Value* more = schema.find("additionalProperties");
    if (is_known || !more) return true;
    if (more->is_object()) return is_valid_at(member.name(), *more, member.value);
    return more->as_bool() || wrong(fmt::format("may not have {}", member.name()));
  }

  bool check_dependencies(const json::Value& schema, const json::Value& value) {
    const json::Value* dependencies = schema.find("dependencies");
    if (!dependencies) return true;
    for (const json::Member& dependency : dependencies->as_object()) {
      if (!value.find(dependency.name())) continue;
      if (dependency.value.is_object()) {
        if (!is_valid(dependency.value, value)) return false;
        continue;
      }
      for (const json::Value& name : dependency.value.as_array()) {
        if (name.is_string() && !value.find(name.as_string())) return wrong(fmt::format("has no {}", name.as_string()));
      }
    }
    return true;
  }

  const CompiledSchema& schema_;
  size_t steps_left_ = limits::schema_steps_max;
  size_t expression_steps_left_ = limits::expression_steps_max;  // of all patterns together
  size_t depth_ = 0;
  std::string path_;
  std::optional<std::string> problem_;
};

}  // namespace

const json::Value* find_reference(const json::Value& schema, std::string_view reference) {
  if (!reference.starts_with('#')) return nullptr;
  const std::optional<std::string> path = percent_decode(reference.substr(1));
  const std::optional<json::Pointer> pointer = path ? json::Pointer::parse(*path) : std::nullopt;
  return pointer ? pointer->find(schema) : nullptr;
}

std::expected<JsonSchema, std::string> JsonSchema::parse(json::Value schema) {
  auto compiled = std::make_shared<CompiledSchema>();
  compiled->root = std::move(schema);
  if (auto seen = compile_schema(*compiled); !seen) return std::unexpected(std::move(seen.error()));
  return JsonSchema(std::move(compiled));
}

std::optional<std::string> JsonSchema::violation(const json::Value& value) const {
  Validation validation(*compiled_);
  validation.is_valid(compiled_->root, value);
  return validation.problem();
}

}  // namespace outcrop::expr
