// The answer of an OpenAI-compatible server: a stream of events, or a whole completion where the server sent one.
#pragma once
#include <memory>
#include <vector>

#include "base/random.h"
#include "inference/endpoints/model_endpoints.h"
#include "inference/openai/chat_answer.h"
#include "inference/openai/server_sent_events.h"
#include "inference/provider.h"
#include "inference/response_fields.h"
#include "inference/token_estimate.h"
#include "net/client_exchange.h"

namespace outcrop::inference {

class OpenAiAnswer final : public Answer {
 public:
  // `caller`: stopped when nobody wants the answer any more. `input_tokens` counts where the server does not count itself.
  OpenAiAnswer(std::stop_token caller, int64_t input_tokens, const Clock& clock, Random& random, ResponseFields fields);

  // What the exchange is to be sent with.
  std::stop_token stop_token() const { return stop_.get_token(); }
  // Waits for the first event. Faults as in server_fault.h.
  Task<Result<void>> begin(std::unique_ptr<net::ClientExchange> exchange);
  // The endpoint is busy with it until it ends.
  void hold(ModelEndpoints::Lease lease) { lease_.emplace(std::move(lease)); }

  Task<Result<std::optional<AnswerEvent>>> next() override;
  Task<void> close() override;

 private:
  Task<Result<void>> receive();
  Task<Result<void>> receive_whole();
  Result<bool> take_event();
  Result<void> take(std::string_view text);
  Result<void> end();
  Task<void> end_exchange();
  Usage usage();
  Fault told(Fault fault);

  struct Forward {
    std::stop_source& to;
    void operator()() const noexcept { to.request_stop(); }
  };

  std::stop_source stop_;
  std::stop_callback<Forward> caller_gone_;
  std::unique_ptr<net::ClientExchange> exchange_;
  std::optional<ModelEndpoints::Lease> lease_;
  const int64_t input_tokens_;
  const Clock& clock_;

  ServerSentEvents stream_;
  ChatAnswer chat_;
  TokenEstimate said_;
  ResponseFields fields_;
  std::string part_;       // of the response, as it came
  std::string_view rest_;  // what is unread of it
  std::vector<AnswerEvent> events_;
  size_t at_ = 0;          // of the next event
  bool begun_ = false;     // an event was at hand
  bool is_whole_ = false;  // AnswerUsage is among the events
};

}  // namespace outcrop::inference
