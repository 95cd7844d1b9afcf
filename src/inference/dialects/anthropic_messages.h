// The Messages API of Anthropic's models as Bedrock takes it (Bedrock user guide, "Anthropic Claude Messages API"; the API's
// own reference): its request, its answer, and its answer streamed.
#pragma once
#include <memory>
#include <string>

#include "inference/dialects/dialect.h"
#include "inference/dialects/field.h"

namespace outcrop::inference::anthropic {

void read_request(const Field& body, Conversation& out);
// What holds between messages: they alternate as they should, and every use of a tool has its result.
void check_messages(const Field& messages, const Conversation& conversation);

// "anthropic.claude-sonnet-4-20250514-v1:0" is called "claude-sonnet-4-20250514" by its maker.
std::string_view own_name(std::string_view model_id);

std::string write_answer(const CollectedAnswer& answer, const AnswerFacts& facts);
std::unique_ptr<DialectStream> stream_answer(const AnswerFacts& facts);

}  // namespace outcrop::inference::anthropic
