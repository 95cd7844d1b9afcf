// Execution: one invocation on its way between the environment that runs it and whoever reads its answer. Both are on the loop of the
// function, so nothing here takes a lock.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/signal.h"
#include "runner/concurrency.h"
#include "runner/failure.h"
#include "runner/invocation.h"

namespace outcrop::runner {

class Execution {
 public:
  Execution(Invocation invocation, ConcurrencySlot slot) : invocation_(std::move(invocation)), slot_(std::move(slot)) {}

  const Invocation& invocation() const { return invocation_; }

  // The environment's side.

  // A stream begins. Its parts are collected where the caller wants a whole answer.
  void begin(std::string content_type);
  // Returns when the reader has taken what was given before, so that a function is held back by who reads it.
  Task<void> give(std::string part);
  // The stream is at its end.
  void end();
  // The whole answer.
  void answer(std::string payload);
  void fail_with(Failure failure);
  // It never came to run.
  void refuse(Fault fault);
  bool is_over() const { return is_over_; }
  void set_log_tail(std::string tail) { outcome_.log_tail = std::move(tail); }

  // The reader's side.

  // Returns when an answer begins, or is there.
  Task<Result<void>> begun();
  Task<std::optional<std::string>> take();  // none at the end
  std::optional<std::string> take_now();    // what is there
  void close();                             // nobody reads any more: what is given is dropped
  const std::string& content_type() const { return content_type_; }
  const Outcome& outcome() const { return outcome_; }

 private:
  void finish();
  bool is_collected() const { return !invocation_.is_streamed; }

  const Invocation invocation_;
  ConcurrencySlot slot_;  // until it is over
  std::string content_type_ = "application/json";
  std::string collected_;
  std::optional<std::string> part_;  // given and not taken
  Outcome outcome_;
  std::optional<Fault> refused_;
  bool has_begun_ = false, has_given_ = false, is_over_ = false, is_closed_ = false;
  Signal changed_;
};

// The answer as its caller has it, on the caller's executor. To be made on the loop of the execution, which has begun.
std::unique_ptr<Answer> answer_of(std::shared_ptr<Execution> execution);

}  // namespace outcrop::runner
