// Faults as the OpenAI-compatible routes tell them: {"error": {"message", "type", "param", "code"}}. Words that are recorded of AWS are
// those of 400 and 404; the rest are OpenAI's.
#pragma once
#include <string>

#include "base/result.h"

namespace outcrop::bedrock_runtime {

// What the caller may call itself by was refused: 401, whatever a signature's own answer would be.
Fault unauthorized(Fault fault);
Fault no_such_model(std::string_view id);

// JSON of one object.
std::string openai_error(const Fault& fault);

}  // namespace outcrop::bedrock_runtime
