// RuntimeApi: what one environment's runtime is served on its own port: the next event, and where it hands in its answers and errors, as
// AWS documents it ("Lambda runtime API", 2018-06-01). Whatever speaks to it is the function's code, and is not trusted: bodies have
// bounds, answers to other invocations and second answers are refused, and nothing it sends is parsed.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "core/signal.h"
#include "net/http.h"
#include "runner/execution.h"

namespace outcrop::runner {

// One event as a runtime gets it.
struct RuntimeEvent {
  std::shared_ptr<Execution> execution;
  int64_t deadline_ms = 0;  // since the epoch, by the machine's clock
  std::string trace_header;
};

// On one loop. It must not go before its server has been shut down.
class RuntimeApi final : public net::Handler {
 public:
  // Told of what the runtime does, within its requests.
  struct Owner {
    // It waits for an event: for the first time, or again after the one it had is over.
    virtual void polled() = 0;
    // Its answer, complete: of a stream `payload` is empty, as its parts have been given.
    virtual void answered(std::string payload, bool is_stream) = 0;
    virtual void failed(Failure failure) = 0;
    virtual void init_failed(Failure failure) = 0;

   protected:
    ~Owner() = default;
  };

  explicit RuntimeApi(Owner& owner) : owner_(owner) {}

  Task<void> serve(net::Exchange& exchange) override;

  // Whether it waits for an event.
  bool is_polling() const { return poll_ != nullptr && !poll_->is_over; }
  // To one that waits.
  void give(RuntimeEvent event);
  // Nothing is served any more.
  void close();

 private:
  struct Poll {
    bool is_over = false;
    Signal over;
  };
  struct PollGone;
  enum class Stage : uint8_t { none, given, delivered, answering, truncated, answered };

  Task<void> serve_next(net::Exchange& exchange);
  Task<void> deliver(net::Exchange& exchange);
  Task<void> serve_invocation(net::Exchange& exchange, std::string_view rest);
  Task<void> take_response(net::Exchange& exchange);
  Task<void> take_whole(net::Exchange& exchange);
  Task<void> take_stream(net::Exchange& exchange);
  Task<void> take_error(net::Exchange& exchange);
  Task<void> take_init_error(net::Exchange& exchange);
  bool may_poll();
  bool is_of(const Execution& execution) const { return event_.execution.get() == &execution && stage_ == Stage::answering; }
  void end_poll();

  Owner& owner_;
  bool is_closed_ = false;
  Poll* poll_ = nullptr;  // of the request that waits for an event
  RuntimeEvent event_;    // the one it has
  Stage stage_ = Stage::none;
};

}  // namespace outcrop::runner
