// An answer that a server is making: what answers of every protocol have in common. Its events are handed on as they are read; the first
// fault ends it and its connection.
#pragma once
#include <memory>
#include <vector>

#include "inference/endpoints/model_endpoints.h"
#include "inference/provider.h"
#include "net/client_exchange.h"

namespace outcrop::inference {

class ServerAnswer : public Answer {
 public:
  // What the exchange is to be sent with.
  std::stop_token stop_token() const { return stop_.get_token(); }
  // Waits for the first event. Faults as in server_fault.h.
  Task<Result<void>> begin(std::unique_ptr<net::ClientExchange> exchange);
  // The server is busy with it until it ends.
  void hold(ModelEndpoints::Lease lease) { lease_.emplace(std::move(lease)); }

  Task<Result<std::optional<AnswerEvent>>> next() final;
  Task<void> close() final;

 protected:
  // `caller`: stopped when nobody wants the answer any more.
  ServerAnswer(std::stop_token caller, const Clock& clock) : caller_gone_(std::move(caller), Forward{stop_}), clock_(clock) {}

  net::ClientExchange& exchange() { return *exchange_; }

  std::vector<AnswerEvent> events_;  // that were read and not handed on yet

 private:
  // Whether the response is a stream of events, or else a whole answer.
  virtual bool is_stream(const net::ResponseHead& head) const = 0;
  // Until there is an event at least.
  virtual Task<Result<void>> receive() = 0;
  virtual Task<Result<void>> receive_whole() = 0;
  // Whether nothing follows the events that were read.
  virtual bool is_whole() const = 0;

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
  size_t at_ = 0;       // of the next event
  bool begun_ = false;  // an event was at hand
};

}  // namespace outcrop::inference
