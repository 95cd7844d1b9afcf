#include "inference/endpoints/server_answer.h"

#include "base/log.h"
#include "inference/endpoints/server_fault.h"

namespace outcrop::inference {

Task<Result<void>> ServerAnswer::begin(std::unique_ptr<net::ClientExchange> exchange) {
  exchange_ = std::move(exchange);
  Result<void> received = co_await keep(is_stream(exchange_->head()) ? receive() : receive_whole());
  if (!received) co_return fail(told(std::move(received.error())));
  begun_ = true;
  co_return {};
}

Task<Result<std::optional<AnswerEvent>>> ServerAnswer::next() {
  if (at_ == events_.size() && !is_whole()) {
    events_.clear();
    at_ = 0;
    if (Result<void> received = co_await keep(receive()); !received) co_return fail(told(std::move(received.error())));
  }
  if (at_ < events_.size()) co_return std::move(events_[at_++]);
  co_await end_exchange();
  co_return std::nullopt;
}

Task<void> ServerAnswer::close() {
  exchange_.reset();  // closes the connection: the server stops
  lease_.reset();
  co_return;
}

// The response's end makes the connection one that serves again; a server that does not come to it loses the connection.
Task<void> ServerAnswer::end_exchange() {
  if (!exchange_) co_return;
  Timer bound =
      Executor::current()->start_timer(clock_.steady() + limits::answer_end_timeout, [stop = stop_] mutable { stop.request_stop(); });
  (void)co_await keep(exchange_->read_some());
  exchange_.reset();
  lease_.reset();
}

// What the parts say of an answer without knowing whose it is. The connection goes with the first fault.
Fault ServerAnswer::told(Fault fault) {
  if (!server_fault_in(fault)) fault = fault_of_answer(std::move(fault.message));
  if (begun_) {
    fault = once_begun(std::move(fault));
    if (server_fault_in(fault)->next == ServerFault::Next::blame && lease_) {
      const Milliseconds pause = lease_->failed(clock_.steady());
      log::warning("a model server failed within an answer",
                   {{"server", lease_->url().authority()}, {"reason", fault.message}, {"passed_over_ms", pause.count()}});
    }
    lease_.reset();
  }
  exchange_.reset();
  return fault;
}

}  // namespace outcrop::inference
