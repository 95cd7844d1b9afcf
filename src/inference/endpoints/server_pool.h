// The servers that answer for one model, as a provider asks them: one after the other, as model_endpoints.h chooses, until one answers.
// Each is asked once, and none after an answer has begun. What becomes of it is counted by server and logged.
#pragma once
#include "core/metrics.h"
#include "inference/endpoints/model_endpoints.h"
#include "inference/endpoints/server_fault.h"

namespace outcrop::inference {

class ServerPool {
 public:
  using Lease = ModelEndpoints::Lease;
  using Wish = ModelEndpoints::Wish;

  // `model` is their own name of it, for the metrics. The clock and the metrics must outlive it.
  ServerPool(std::vector<net::Url> urls, std::string_view model, const Clock& clock, Metrics& metrics, EndpointsOptions options);

  size_t size() const { return endpoints_.size(); }

  // Calls ask(lease), which gives a Task<Result<T>>, for one server after the other, as long as their faults say that another may do
  // better. Faults: the last server's, or of ModelEndpoints::next where none was asked.
  template <class T, class Ask>
  Task<Result<T>> ask(Wish wish, Ask ask);

  // To be called once an answer is at hand.
  void succeeded(Lease& lease);

 private:
  struct Counters {
    Counter& answered;
    Counter& failed;
    Counter& pushed_back;
  };

  void failed(Lease& lease, const Fault& fault);
  void add_gauges(Metrics& metrics, size_t index, std::string_view model, const std::string& server);

  const Clock& clock_;
  ModelEndpoints endpoints_;
  std::vector<Counters> counters_;  // by endpoint
};

template <class T, class Ask>
Task<Result<T>> ServerPool::ask(Wish wish, Ask ask) {
  ModelEndpoints::Tried tried;
  std::optional<Fault> last;
  for (;;) {
    auto lease = co_await keep(endpoints_.next(wish, tried));
    // Where another one was asked, its word is what the caller hears.
    if (!lease) co_return fail(last ? std::move(*last) : std::move(lease.error()));
    if (!*lease) co_return fail(std::move(*last));
    Result<T> answer = co_await keep(ask(**lease));
    if (answer) co_return answer;
    last = std::move(answer.error());
    const ServerFault* details = server_fault_in(*last);
    if (!details || details->next == ServerFault::Next::give_up) break;
    failed(**lease, *last);
    if (details->next != ServerFault::Next::try_another || clock_.steady() >= wish.deadline) break;
  }
  co_return fail(std::move(*last));
}

}  // namespace outcrop::inference
