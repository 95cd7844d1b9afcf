// A runner that answers as a test says, and remembers what it was asked.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/signal.h"
#include "runner/runner.h"

namespace outcrop::lambda {

// An answer of these parts, or of a fault at their end.
class ScriptedAnswer final : public runner::Answer {
 public:
  ScriptedAnswer(std::vector<std::string> parts, runner::Outcome outcome = {}) : parts_(std::move(parts)), outcome_(std::move(outcome)) {}

  const std::string& content_type() const override { return content_type_; }
  Task<Result<std::optional<std::string>>> next() override {
    if (given_ == parts_.size()) co_return std::nullopt;
    co_return parts_[given_++];
  }
  const runner::Outcome& outcome() const override { return outcome_; }
  Task<void> close() override {
    if (on_close) on_close();
    co_return;
  }

  std::function<void()> on_close;

 private:
  const std::vector<std::string> parts_;
  const runner::Outcome outcome_;
  const std::string content_type_ = "application/json";
  size_t given_ = 0;
};

class ScriptedRunner final : public runner::FunctionRunner {
 public:
  using Made = Result<std::unique_ptr<runner::Answer>>;
  using Script = std::function<Made(const runner::FunctionVersion&, const runner::Invocation&)>;

  // What every invocation does from now on.
  void script(Script script) { script_ = std::move(script); }
  void answer(std::string payload, std::string function_error = "") {
    script([=](const auto&, const auto&) -> Made { return answer_of(payload, function_error); });
  }
  void refuse(std::string_view reason) {
    script([=](const auto&, const auto&) -> Made { return fail(std::string(reason), 429, "Rate exceeded"); });
  }
  static std::unique_ptr<runner::Answer> answer_of(std::string payload, std::string function_error = "") {
    return std::make_unique<ScriptedAnswer>(std::vector{std::move(payload)}, runner::Outcome{.function_error = std::move(function_error)});
  }

  // Functions run until they are released.
  void hold() { is_held_ = true; }
  void release() {
    is_held_ = false;
    released_.notify_all();
  }

  Task<Made> invoke(runner::FunctionVersionRef function, runner::Invocation invocation) override {
    invocations.push_back(invocation);
    while (is_held_) co_await released_.wait();
    co_return script_(*function, invocation);
  }
  Task<void> provision(runner::FunctionVersionRef, uint32_t) override { co_return; }
  Task<runner::ProvisionedState> provisioned_state(runner::FunctionVersionRef) override { co_return runner::ProvisionedState{}; }
  Task<void> forget(std::string) override { co_return; }
  Task<void> forget_account(std::optional<std::string>) override { co_return; }

  std::vector<runner::Invocation> invocations;

 private:
  Script script_ = [](const auto&, const auto&) -> Made { return answer_of("null"); };
  bool is_held_ = false;
  Signal released_;
};

}  // namespace outcrop::lambda
