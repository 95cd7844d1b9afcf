// Citations in Converse's JSON. What is malformed in them is left out: they are about an answer, not it.
#pragma once
#include "inference/conversation.h"
#include "json/json.h"

namespace outcrop::inference {

Citation read_citation(const json::Value& value);
json::Value citation_value(const Citation& citation);

}  // namespace outcrop::inference
