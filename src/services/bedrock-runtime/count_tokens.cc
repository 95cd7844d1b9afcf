// CountTokens: what a request's input would be charged.
#include "gen/bedrock-runtime/count_tokens.h"

#include <limits>

#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/conversation/check_conversation.h"
#include "services/bedrock-runtime/conversation/read_conversation.h"
#include "services/bedrock-runtime/native/native_answer.h"

namespace outcrop::bedrock_runtime {

namespace {

Result<inference::Conversation> conversation_of(CountTokensInput& input, const inference::CatalogModel& model) {
  if (auto& native = input.input.invoke_model) {
    Result<const inference::Dialect*> dialect = dialect_of(model);
    if (!dialect) return fail(std::move(dialect.error()));
    return (*dialect)->read(native->body);
  }
  if (!input.input.converse) return fail(validation_exception("The input to count is neither converse nor invokeModel."));
  Result<inference::Conversation> conversation = read_conversation(ConversationInput::of(*input.input.converse));
  if (!conversation) return conversation;
  Result<void> checked = check_conversation(*conversation);
  if (!checked) return fail(std::move(checked.error()));
  return conversation;
}

}  // namespace

Task<Result<CountTokensOutput>> count_tokens(BedrockRuntime& bedrock, Call& call, CountTokensInput input) {
  const ModelTarget target = co_await target_of(bedrock, call, input.model_id);
  inference::ModelRequest request = request_for(call, target);
  request.conversation = co_await conversation_of(input, *target.model);
  const int64_t tokens = co_await bedrock.provider().count_tokens(request);
  co_return CountTokensOutput{.input_tokens = int32_t(std::min<int64_t>(tokens, std::numeric_limits<int32_t>::max()))};
}

}  // namespace outcrop::bedrock_runtime
