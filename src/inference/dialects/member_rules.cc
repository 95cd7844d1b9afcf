#include "inference/dialects/member_rules.h"

namespace outcrop::inference {

namespace {

// Whether the field is what its rule says, so that it can be kept as it is.
bool is_keepable(const Field& field, const MemberRule& rule) {
  switch (rule.meaning) {
    case Meaning::kept_integer:
      return field.integer(rule.range).has_value();
    case Meaning::kept_number:
      return field.number(rule.range).has_value();
    case Meaning::kept_boolean:
      return field.boolean().has_value();
    case Meaning::kept_text:
      return field.text().has_value();
    default:
      return bool(field);
  }
}

void read_member(const Field& field, const MemberRule& rule, InferenceParameters& parameters, json::Object& kept) {
  switch (rule.meaning) {
    case Meaning::own:
      return;
    case Meaning::max_tokens:
      if (auto count = field.integer(rule.range)) parameters.max_tokens = count;
      return;
    case Meaning::temperature:
      parameters.temperature = field.number(rule.range);
      return;
    case Meaning::top_p:
      parameters.top_p = field.number(rule.range);
      return;
    case Meaning::stop_or_stops:
      if (field.is(json::Kind::string)) {
        parameters.stop_sequences = {std::string(field.value().as_string())};
        return;
      }
      [[fallthrough]];
    case Meaning::stops:
      parameters.stop_sequences = field.texts(rule.range);
      return;
    default:
      if (is_keepable(field, rule)) kept.set(rule.name, field.value());
  }
}

}  // namespace

bool read_members(const Field& object, std::span<const MemberRule> rules, InferenceParameters& parameters, json::Object& kept) {
  std::vector<std::string_view> required, optional;
  for (const MemberRule& rule : rules) (rule.required ? required : optional).push_back(rule.name);
  if (!object.object(required, optional)) return false;
  for (const MemberRule& rule : rules) read_member(object[rule.name], rule, parameters, kept);
  return true;
}

}  // namespace outcrop::inference
