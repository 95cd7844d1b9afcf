// The answer of an upstream that is Bedrock: a stream of events, or a whole answer where that was asked for.
#pragma once
#include <memory>
#include <vector>

#include "inference/converse/converse_events.h"
#include "inference/endpoints/model_endpoints.h"
#include "net/client_exchange.h"
#include "wire/event_stream.h"

namespace outcrop::inference {

class BedrockAnswer final : public Answer {
 public:
  // Of a request that gives the stop, latency and tier it asked for.
  BedrockAnswer(const ModelRequest& request, const Clock& clock);

  // What the exchange is to be sent with.
  std::stop_token stop_token() const { return stop_.get_token(); }
  // Waits for the first event. Faults as in upstream_fault.h.
  Task<Result<void>> begin(std::unique_ptr<net::ClientExchange> exchange);
  // The Region is busy with it until it ends.
  void hold(ModelEndpoints::Lease lease) { lease_.emplace(std::move(lease)); }

  Task<Result<std::optional<AnswerEvent>>> next() override;
  Task<void> close() override;

 private:
  Task<Result<void>> receive();
  Task<Result<void>> receive_whole();
  Result<void> take(const wire::Message& message);
  void take_over();
  Task<void> end_exchange();
  Fault told(Fault fault);

  struct Forward {
    std::stop_source& to;
    void operator()() const noexcept { to.request_stop(); }
  };

  std::stop_source stop_;
  std::stop_callback<Forward> caller_gone_;
  std::unique_ptr<net::ClientExchange> exchange_;
  std::optional<ModelEndpoints::Lease> lease_;
  const Clock& clock_;
  std::string only_stop_sequence_;  // Converse does not say which was met: where there is one, it was that

  wire::MessageDecoder stream_;
  ConverseEvents converse_;
  std::vector<AnswerEvent> events_;
  size_t at_ = 0;       // of the next event
  bool begun_ = false;  // an event was at hand
};

}  // namespace outcrop::inference
