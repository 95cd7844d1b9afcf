// Finds the value of one field in a text by the field's name, type, format and enumeration. What it gives is a part of the text or
// a value that the schema names; where the text states nothing, it gives nothing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/embedded/facts.h"
#include "json/json.h"

namespace outcrop::embedded {

struct Field {
  std::vector<std::string> name;  // terms
  const json::Value* schema = nullptr;
  bool only_number = false;  // the one numeric field asked for, which a lone number must mean

  std::string_view text_of(std::string_view keyword) const;  // a string member of the schema, or nothing
};

class FieldFinder {
 public:
  explicit FieldFinder(const Facts& facts) : facts_(facts) {}

  std::optional<json::Value> string(const Field& field);
  std::optional<json::Value> number(const Field& field, bool whole);
  std::optional<json::Value> boolean(const Field& field) const;
  std::optional<json::Value> enumerated(const Field& field, const json::Array& choices);

  // All of them, for arrays.
  std::vector<json::Value> strings(const Field& field);
  std::vector<json::Value> numbers(const Field& field, bool whole);
  std::vector<json::Value> all_enumerated(const json::Array& choices) const;

 private:
  std::optional<json::Value> by_kind(const Field& field);
  std::optional<std::string_view> by_phrase(const Field& field) const;
  std::optional<json::Value> number_beside_name(const Field& field, bool whole);
  bool used(const Entity& entity) const;
  void use(const Entity& entity) { used_.push_back(entity); }

  const Facts& facts_;
  std::vector<Entity> used_;  // by another field already
};

}  // namespace outcrop::embedded
