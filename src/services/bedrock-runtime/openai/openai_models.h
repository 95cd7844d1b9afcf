// The models that the OpenAI-compatible routes name: every foundation model that holds conversations, and every inference profile of
// one, by the identifiers that Converse takes. AWS serves fewer of them here (models/catalog.json, `apis` and `mantle`).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "services/bedrock-runtime/bedrock_runtime.h"
#include "services/bedrock-runtime/model/model_target.h"

namespace outcrop::bedrock_runtime {

// Faults: those of target_of, but 404 for what stands for nothing, and ValidationException 400 for models that hold no conversation.
// The endpoint bedrock-mantle leaves out the version that an id ends in; so may a caller: "openai.gpt-oss-20b".
Task<Result<ModelTarget>> conversation_target(BedrockRuntime& bedrock, const Call& call, std::string_view id);

// JSON of what GET …/models answers: those that the call's Region can be asked for.
std::string list_conversation_models(const inference::Catalog& catalog, const Call& call);
// JSON of one of them, under the name it was asked by. Faults: those of conversation_target.
Task<Result<std::string>> describe_conversation_model(BedrockRuntime& bedrock, const Call& call, std::string_view id);

}  // namespace outcrop::bedrock_runtime
