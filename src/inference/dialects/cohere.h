// Cohere's Command R (Bedrock user guide, "Cohere Command R and Command R+ models"): a message after a history, with documents
// that the answer cites, and tools.
#pragma once
#include <memory>
#include <string>

#include "inference/dialects/dialect.h"
#include "inference/dialects/field.h"

namespace outcrop::inference::cohere {

// Each describes its parameters by name and type ("str", "List[int]"), which becomes a JSON Schema.
void read_tools(const Field& tools, Conversation& out);

std::string write_answer(const CollectedAnswer& answer, const AnswerFacts& facts);
std::unique_ptr<DialectStream> stream_answer(const AnswerFacts& facts);

}  // namespace outcrop::inference::cohere
