// InvokeWithResponseStream: the answer part by part, each as the function writes it.
#include "gen/lambda/invoke_with_response_stream.h"

#include "base/encoding.h"
#include "services/lambda/invoke/request.h"
#include "services/lambda/invoke/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

namespace {

// An answer as events. A source of its own, and no producer: an answer that nobody begins to read is closed, too.
class AnswerEvents final : public wire::StreamSource {
 public:
  AnswerEvents(std::unique_ptr<runner::Answer> answer, bool wants_log) : answer_(std::move(answer)), wants_log_(wants_log) {}

  Task<Result<void*>> pull() override {
    if (has_ended_) co_return nullptr;
    event_ = {};
    std::optional<std::string> part = co_await answer_->next();
    if (part) {
      event_.payload_chunk.emplace().payload = std::move(*part);
    } else {
      has_ended_ = true;
      event_.invoke_complete = completion();
    }
    co_return &event_;
  }

  Task<void> close() override {
    if (!std::exchange(has_ended_, true)) co_await answer_->close();
  }

 private:
  // An error before the first part has been told as the payload; its kind is what is left to say.
  InvokeWithResponseStreamCompleteEvent completion() const {
    const runner::Outcome& outcome = answer_->outcome();
    InvokeWithResponseStreamCompleteEvent complete;
    if (!outcome.function_error.empty()) complete.error_code = outcome.error_code.empty() ? outcome.function_error : outcome.error_code;
    if (!outcome.error_details.empty()) complete.error_details = outcome.error_details;
    if (wants_log_) complete.log_result = base64(outcome.log_tail);
    return complete;
  }

  const std::unique_ptr<runner::Answer> answer_;
  const bool wants_log_;
  bool has_ended_ = false;
  InvokeWithResponseStreamResponseEvent event_;
};

}  // namespace

Task<Result<InvokeWithResponseStreamOutput>> invoke_with_response_stream(Lambda& lambda, Call& call, InvokeWithResponseStreamInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  if (input.tenant_id) co_return fail(invocation_parameter_not_built("TenantId", "functions have no tenants here"));
  runner::Invocation invocation = co_await read_invocation(call, std::move(input.payload), input.client_context, input.log_type);
  InvokeWithResponseStreamOutput output;
  if (input.invocation_type == "DryRun") {
    co_await lambda.functions().check_exists(name);
    output.status_code = 204;
    co_return output;
  }
  invocation.is_streamed = true;
  const bool wants_log = invocation.wants_log_tail;
  Invoked invoked = co_await lambda.invoker().invoke(name, std::move(invocation));
  output.status_code = 200;
  output.executed_version = std::move(invoked.executed_version);
  output.response_stream_content_type = invoked.answer->content_type();
  output.event_stream.read_from(std::make_unique<AnswerEvents>(std::move(invoked.answer), wants_log));
  co_return output;
}

}  // namespace outcrop::lambda
