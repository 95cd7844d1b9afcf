// An object of a body read by a table of its members.
#pragma once
#include <span>
#include <string_view>

#include "inference/dialects/field.h"

namespace outcrop::inference {

// What a member of a body is to the conversation. `kept` ones are checked and go to the additional fields; `own` ones are the
// family's to read.
enum class Meaning { max_tokens, temperature, top_p, stops, stop_or_stops, kept_integer, kept_number, kept_boolean, kept_text, kept, own };

struct MemberRule {
  std::string_view name;
  Meaning meaning = Meaning::own;
  bool required = false;
  Range range = {};  // of the number, or of the count
};

// Reads an object by its rules; what is kept goes to `kept`. False when it is no object.
bool read_members(const Field& object, std::span<const MemberRule> rules, InferenceParameters& parameters, json::Object& kept);

}  // namespace outcrop::inference
