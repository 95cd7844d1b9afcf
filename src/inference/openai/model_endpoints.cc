#include "inference/openai/model_endpoints.h"

#include <algorithm>

#include "base/check.h"

namespace outcrop::inference {

ModelEndpoints::ModelEndpoints(std::vector<net::Url> urls) {
  check(!urls.empty() && urls.size() <= limits::model_endpoints_max, "a model has no endpoint, or too many");
  for (net::Url& url : urls) states_.push_back({.url = std::move(url)});
}

bool ModelEndpoints::may_be_asked(const State& state, SteadyTime now) {
  return state.failures == 0 || (state.open_until <= now && !state.on_trial);
}

std::optional<ModelEndpoints::Lease> ModelEndpoints::next(SteadyTime now, Tried& tried) {
  std::scoped_lock lock(mutex_);
  const size_t first = turn_++;
  std::optional<size_t> best;
  auto is_better = [&](const State& a, const State& b) {
    const bool a_well = may_be_asked(a, now), b_well = may_be_asked(b, now);
    if (a_well != b_well) return a_well;
    return a_well ? a.under_way < b.under_way : a.open_until < b.open_until;
  };
  for (size_t i = 0; i < states_.size(); ++i) {
    const size_t index = (first + i) % states_.size();
    if (!tried[index] && (!best || is_better(states_[index], states_[*best]))) best = index;
  }
  if (!best) return std::nullopt;
  tried.set(*best);
  State& state = states_[*best];
  ++state.under_way;
  const bool is_trial = state.failures > 0 && !state.on_trial;
  state.on_trial |= is_trial;
  return Lease(*this, *best, is_trial);
}

ModelEndpoints::Lease::~Lease() {
  if (!owner_) return;
  std::scoped_lock lock(owner_->mutex_);
  State& state = owner_->states_[index_];
  --state.under_way;
  if (is_trial_) state.on_trial = false;
}

bool ModelEndpoints::Lease::succeeded() {
  std::scoped_lock lock(owner_->mutex_);
  State& state = owner_->states_[index_];
  if (is_trial_) state.on_trial = is_trial_ = false;
  return std::exchange(state.failures, 0) > 0;
}

// Requests that were under way together fail together: what they say is one failure.
Milliseconds ModelEndpoints::Lease::failed(SteadyTime now) {
  std::scoped_lock lock(owner_->mutex_);
  State& state = owner_->states_[index_];
  const bool is_known = state.failures > 0 && state.open_until > now && !is_trial_;
  if (is_known) return std::chrono::ceil<Milliseconds>(state.open_until - now);
  const Milliseconds pause = std::min(limits::passed_over_max, limits::passed_over_first * (1 << std::min(state.failures, 10)));
  ++state.failures;
  state.open_until = now + pause;
  if (is_trial_) state.on_trial = is_trial_ = false;
  return pause;
}

}  // namespace outcrop::inference
