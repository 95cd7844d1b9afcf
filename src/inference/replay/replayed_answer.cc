#include "inference/replay/replayed_answer.h"

#include "inference/endpoints/server_fault.h"

namespace outcrop::inference {

Fault fault_of_recording(const RecordedFault& recorded) {
  FaultDetails details;
  if (recorded.original_status != 0)
    details = FaultDetails(std::make_unique<ServerFault>(ServerFault::Next::give_up, recorded.original_status));
  return {recorded.code, recorded.status, recorded.message, std::move(details)};
}

RecordedFault recording_of_fault(const Fault& fault, Milliseconds at) {
  const ServerFault* server = server_fault_in(fault);
  return {at, fault.code, fault.status, fault.message, server ? server->status : 0};
}

Task<Result<void>> wait_until(SteadyTime due, std::stop_token stop) {
  Executor& home = *Executor::current();
  Completion<bool> reached(home);
  Timer timer = home.start_timer(due, [setter = reached.setter()] { setter.set(true); });
  std::stop_callback on_stop(stop, [setter = reached.setter()] { setter.set(false); });
  if (!co_await reached) co_return fail("ConnectionClosed", 499, "The caller has gone.");
  co_return {};
}

ReplayedAnswer::ReplayedAnswer(Cassette cassette, ReplayTiming timing, SteadyTime began, std::stop_token stop)
    : cassette_(std::move(cassette)), timing_(timing), began_(began), stop_(std::move(stop)) {
  latency = cassette_.latency;
  tier = cassette_.tier;
}

Task<Result<void>> ReplayedAnswer::wait(Milliseconds at) {
  if (timing_ == ReplayTiming::compressed || at.count() == 0) co_return {};
  co_return co_await keep(wait_until(began_ + at, stop_));
}

Task<Result<void>> ReplayedAnswer::begin() {
  if (!cassette_.events.empty()) co_return co_await keep(wait(cassette_.events.front().at));
  if (!cassette_.fault) co_return fail("ModelErrorException", 424, "The cassette holds neither an event nor a fault.");
  co_await wait(cassette_.fault->at);
  co_return fail(fault_of_recording(*cassette_.fault));
}

Task<Result<std::optional<AnswerEvent>>> ReplayedAnswer::next() {
  if (at_ < cassette_.events.size()) {
    RecordedEvent& recorded = cassette_.events[at_++];
    co_await wait(recorded.at);
    co_return std::move(recorded.event);
  }
  if (!cassette_.fault) co_return std::nullopt;
  co_await wait(cassette_.fault->at);
  co_return fail(fault_of_recording(*cassette_.fault));
}

}  // namespace outcrop::inference
