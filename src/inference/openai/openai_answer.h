// The answer of an OpenAI-compatible server: a stream of events, or a whole completion where the server sent one.
#pragma once
#include <string>
#include <string_view>

#include "base/random.h"
#include "inference/endpoints/server_answer.h"
#include "inference/openai/chat_answer.h"
#include "inference/openai/server_sent_events.h"
#include "inference/response_fields.h"
#include "inference/token_estimate.h"

namespace outcrop::inference {

class OpenAiAnswer final : public ServerAnswer {
 public:
  // `caller`: stopped when nobody wants the answer any more. `input_tokens` counts where the server does not count itself.
  OpenAiAnswer(std::stop_token caller, int64_t input_tokens, const Clock& clock, Random& random, ResponseFields fields);

 private:
  bool is_stream(const net::ResponseHead& head) const override;
  Task<Result<void>> receive() override;
  Task<Result<void>> receive_whole() override;
  bool is_whole() const override { return is_whole_; }

  Result<bool> take_event();
  Result<void> take(std::string_view text);
  Result<void> end();
  Usage usage();

  const int64_t input_tokens_;
  ServerSentEvents stream_;
  ChatAnswer chat_;
  TokenEstimate said_;
  ResponseFields fields_;
  std::string part_;       // of the response, as it came
  std::string_view rest_;  // what is unread of it
  bool is_whole_ = false;  // AnswerUsage is among the events
};

}  // namespace outcrop::inference
