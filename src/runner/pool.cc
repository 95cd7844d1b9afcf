#include "runner/pool.h"

#include <algorithm>

#include "base/check.h"

namespace outcrop::runner {

std::shared_ptr<Execution> Pool::begin(Invocation invocation, ConcurrencySlot slot) {
  auto execution = std::make_shared<Execution>(std::move(invocation), std::move(slot));
  if (Environment* environment = take_free()) {
    environment->run(execution);
  } else {
    waiting_.push_back(execution);
    ensure_starts();
  }
  return execution;
}

// The one used last, whose caches are warm and which leaves the others to be let go.
Environment* Pool::take_free() {
  while (!free_.empty()) {
    Environment* environment = free_.back();
    free_.pop_back();
    if (!environment->is_free()) continue;  // it has lost its connection, and will say when it is back, or be let go
    host_.must_keep(*environment);
    if (!environment->is_stale()) return environment;
    environment->retire();
  }
  return nullptr;
}

std::shared_ptr<Execution> Pool::take_waiting() {
  if (waiting_.empty()) return nullptr;
  std::shared_ptr<Execution> execution = std::move(waiting_.front());
  waiting_.pop_front();
  if (waiting_.empty()) answered_wait_.reset();
  return execution;
}

// One that starts, or has answered and is free soon, serves who waits.
size_t Pool::starts_missing() const {
  const size_t coming = answered_ + starting_;
  return waiting_.size() - std::min(waiting_.size(), coming) + provisioned_missing();
}

uint32_t Pool::provisioned_missing() const {
  if (provisioned_ == 0 || provision_retry_) return 0;
  const auto kept = std::ranges::count_if(members_, [](const auto& entry) { return entry.second.environment->is_provisioned(); });
  return provisioned_ > uint32_t(kept) ? provisioned_ - uint32_t(kept) : 0;
}

void Pool::ensure_starts() {
  while (starts_wanted_ < starts_missing()) {
    ++starts_wanted_;
    host_.wants_start(*this);
  }
  if (!waiting_.empty() && answered_ > 0) wait_for_answered();
}

// Not for long: what it does after its answer is its own affair.
void Pool::wait_for_answered() {
  if (answered_wait_) return;
  answered_wait_ = host_.parts().loop.start_timer(now() + limits::poll_wait, [this] {
    answered_wait_.reset();
    for (auto& [environment, member] : members_) not_answered(member);
    ensure_starts();
  });
}

void Pool::start(StartGrant grant) {
  if (starts_wanted_ > 0) --starts_wanted_;
  if (starts_missing() == 0) return;  // another one served who waited
  const bool is_provisioned = provisioned_missing() > 0;
  if (!is_provisioned && !concurrency_->take_environment(now())) {
    if (std::shared_ptr<Execution> execution = take_waiting()) {
      execution->refuse({std::string(invocation_rate_exceeded), 429, "Rate Exceeded."});
    }
    return;
  }
  auto environment =
      std::make_shared<Environment>(host_.parts(), static_cast<Environment::Keeper&>(*this), function_, is_provisioned, std::move(grant));
  members_.emplace(environment.get(), Member{environment});
  ++starting_;
  host_.run(live(shared_from_this(), environment));
}

void Pool::refuse_start(Fault fault) {
  if (starts_wanted_ > 0) --starts_wanted_;
  if (starts_missing() == 0) return;
  if (std::shared_ptr<Execution> execution = take_waiting()) return execution->refuse(std::move(fault));
  provisioned_failed();
}

Task<void> Pool::live(std::shared_ptr<Pool> self, std::shared_ptr<Environment> environment) {
  co_await environment->live();
  members_.erase(environment.get());
  ensure_starts();
  host_.environment_ended();
}

void Pool::not_starting(Member& member) {
  if (std::exchange(member.is_starting, false)) --starting_;
}

void Pool::not_answered(Member& member) {
  if (std::exchange(member.has_answered, false) && --answered_ == 0) answered_wait_.reset();
}

void Pool::is_initialised(Environment& environment) {
  not_starting(members_.at(&environment));
  if (environment.is_provisioned()) provision_pause_ = Milliseconds(0);
}

void Pool::is_free(Environment& environment) {
  not_answered(members_.at(&environment));
  std::erase(free_, &environment);  // it asks again after it lost its connection
  host_.must_keep(environment);
  if (std::shared_ptr<Execution> execution = take_waiting()) return environment.run(std::move(execution));
  if (is_retired_ || environment.is_stale()) return environment.retire();
  free_.push_back(&environment);
  if (!environment.is_provisioned()) host_.may_let_go(environment);
}

void Pool::has_answered(Environment& environment) {
  Member& member = members_.at(&environment);
  if (!std::exchange(member.has_answered, true)) ++answered_;
}

void Pool::is_leaving(Environment& environment) {
  Member& member = members_.at(&environment);
  const bool has_failed = member.is_starting && environment.is_provisioned() && environment.init_failure();
  not_starting(member);
  not_answered(member);
  std::erase(free_, &environment);
  host_.must_keep(environment);
  environment.be_on_demand();
  if (has_failed) provisioned_failed();
  ensure_starts();
}

std::shared_ptr<Execution> Pool::take_for_retry(Environment& environment) {
  std::shared_ptr<Execution> execution = take_waiting();
  if (execution) not_starting(members_.at(&environment));  // it serves this one alone
  return execution;
}

void Pool::provision(uint32_t count) {
  provisioned_ = count;
  provision_pause_ = Milliseconds(0);
  provision_retry_.reset();
  uint32_t kept = 0;
  for (auto& [pointer, member] : members_) {
    Environment& environment = *member.environment;
    if (!environment.is_provisioned() || ++kept <= count) continue;
    environment.be_on_demand();
    if (std::ranges::find(free_, &environment) != free_.end()) host_.may_let_go(environment);
  }
  ensure_starts();
}

void Pool::provisioned_failed() {
  if (provisioned_ == 0 || provision_retry_) return;
  provision_pause_ = std::clamp(provision_pause_ * 2, limits::provision_retry_first, limits::provision_retry_max);
  provision_retry_ = host_.parts().loop.start_timer(now() + provision_pause_, [this] {
    provision_retry_.reset();
    ensure_starts();
  });
}

ProvisionedState Pool::provisioned_state() const {
  ProvisionedState state{.requested = provisioned_};
  for (const auto& [pointer, member] : members_) {
    const Environment& environment = *member.environment;
    if (!environment.is_provisioned() || !environment.is_initialised()) continue;
    ++state.allocated;
    if (environment.is_free()) ++state.available;
  }
  using Status = ProvisionedState::Status;
  if (state.allocated >= state.requested) return state;
  state.status = provision_pause_ > Milliseconds(0) ? Status::failed : Status::in_progress;
  if (state.status == Status::failed) state.reason = "FUNCTION_ERROR_INIT_FAILURE";
  return state;
}

// What is done to them may take them out of members_.
template <class F>
void Pool::for_each_environment(F act) {
  std::vector<std::shared_ptr<Environment>> all;
  for (const auto& [pointer, member] : members_) all.push_back(member.environment);
  for (const auto& environment : all) act(*environment);
}

void Pool::renew() {
  for_each_environment([](Environment& environment) { environment.retire(); });
}

void Pool::retire() {
  is_retired_ = true;
  provisioned_ = 0;
  provision_retry_.reset();
  // Those that start serve who waits.
  const bool has_waiting = !waiting_.empty();
  for_each_environment([has_waiting](Environment& environment) {
    if (environment.is_initialised() || !has_waiting) environment.retire();
  });
}

void Pool::kill() {
  retire();
  while (std::shared_ptr<Execution> execution = take_waiting()) {
    execution->refuse({"ServiceException", 500, "The function is not run any more."});
  }
  for_each_environment([](Environment& environment) { environment.kill(); });
}

}  // namespace outcrop::runner
