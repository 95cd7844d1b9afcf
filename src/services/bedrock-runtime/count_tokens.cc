// CountTokens: what a request's input would be charged.
#include "gen/bedrock-runtime/count_tokens.h"

#include <limits>

#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/bedrock_runtime.h"
#include "services/bedrock-runtime/conversation/check_conversation.h"
#include "services/bedrock-runtime/conversation/read_conversation.h"

namespace outcrop::bedrock_runtime {

Task<Result<CountTokensOutput>> count_tokens(BedrockRuntime& bedrock, Call& call, CountTokensInput input) {
  const ModelTarget target = co_await model_target(bedrock.catalog(), call, input.model_id);
  inference::ModelRequest request{.model_id = target.model->id, .conversation = {}};
  if (!input.input.converse) co_return fail(validation_exception("The input to count is neither converse nor invokeModel."));
  request.conversation = co_await read_conversation(ConversationInput::of(*input.input.converse));
  co_await check_conversation(request.conversation);
  const int64_t tokens = co_await bedrock.provider().count_tokens(request);
  co_return CountTokensOutput{.input_tokens = int32_t(std::min<int64_t>(tokens, std::numeric_limits<int32_t>::max()))};
}

}  // namespace outcrop::bedrock_runtime
