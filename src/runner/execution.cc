#include "runner/execution.h"

#include "base/executor.h"

namespace outcrop::runner {

void Execution::begin(std::string content_type) {
  if (is_over_) return;
  if (is_collected()) return;
  content_type_ = std::move(content_type);
  has_begun_ = true;
  changed_.notify_all();
}

Task<void> Execution::give(std::string part) {
  if (is_over_ || is_closed_ || part.empty()) co_return;
  has_given_ = true;
  if (is_collected()) {
    collected_ += part;
    co_return;
  }
  part_ = std::move(part);
  changed_.notify_all();
  while (part_ && !is_closed_ && !is_over_) co_await changed_.wait();
}

void Execution::end() {
  if (is_over_) return;
  if (is_collected()) return answer(std::move(collected_));
  finish();
}

void Execution::answer(std::string payload) {
  if (is_over_) return;
  if (!is_closed_ && !payload.empty()) part_ = std::move(payload);
  finish();
}

void Execution::fail_with(Failure failure) {
  if (is_over_) return;
  outcome_.function_error = "Unhandled";
  outcome_.error_code = std::move(failure.error_type);
  outcome_.error_details = failure.payload;
  const bool has_answered = !is_collected() && has_given_;
  if (!has_answered && !is_closed_) part_ = std::move(failure.payload);
  finish();
}

void Execution::refuse(Fault fault) {
  if (is_over_) return;
  refused_ = std::move(fault);
  finish();
}

void Execution::finish() {
  has_begun_ = is_over_ = true;
  slot_.release();
  changed_.notify_all();
}

Task<Result<void>> Execution::begun() {
  while (!has_begun_) co_await changed_.wait();
  if (refused_) co_return fail(std::move(*refused_));
  co_return {};
}

std::optional<std::string> Execution::take_now() {
  std::optional<std::string> part = std::exchange(part_, std::nullopt);
  changed_.notify_all();
  return part;
}

Task<std::optional<std::string>> Execution::take() {
  while (!part_ && !is_over_) co_await changed_.wait();
  co_return take_now();
}

void Execution::close() {
  is_closed_ = true;
  part_.reset();
  changed_.notify_all();
}

namespace {

// On its caller's executor; only what is left of a stream is asked for on the execution's.
class ExecutionAnswer final : public Answer {
 public:
  explicit ExecutionAnswer(std::shared_ptr<Execution> execution)
      : execution_(std::move(execution)), home_(*Executor::current()), content_type_(execution_->content_type()) {
    if (!execution_->is_over()) return;
    rest_ = execution_->take_now();
    note_end();
  }
  ~ExecutionAnswer() override {
    if (execution_) home_.post([execution = std::move(execution_)] { execution->close(); });
  }

  const std::string& content_type() const override { return content_type_; }
  const Outcome& outcome() const override { return outcome_; }

  Task<Result<std::optional<std::string>>> next() override {
    if (rest_) co_return std::exchange(rest_, std::nullopt);
    if (!execution_) co_return std::nullopt;
    Executor& caller = *Executor::current();
    co_await home_.enter();
    std::optional<std::string> part = co_await execution_->take();
    if (!part) note_end();
    co_await caller.enter();
    co_return part;
  }

  Task<void> close() override {
    rest_.reset();
    if (!execution_) co_return;
    Executor& caller = *Executor::current();
    co_await home_.enter();
    execution_->close();
    execution_.reset();
    co_await caller.enter();
  }

 private:
  void note_end() {
    outcome_ = execution_->outcome();
    execution_.reset();
  }

  std::shared_ptr<Execution> execution_;  // null once its end is known
  Executor& home_;
  const std::string content_type_;
  std::optional<std::string> rest_;
  Outcome outcome_;
};

}  // namespace

std::unique_ptr<Answer> answer_of(std::shared_ptr<Execution> execution) { return std::make_unique<ExecutionAnswer>(std::move(execution)); }

}  // namespace outcrop::runner
