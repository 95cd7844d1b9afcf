#include "inference/endpoints/model_endpoints.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace outcrop::inference {

namespace {

std::unexpected<Fault> throttled() { return fail("ThrottlingException", 429, "Too many requests, please wait before trying again."); }

// How much an endpoint is wanted for a prefix, the same on every server and after every restart (splitmix64's finaliser).
uint64_t rendezvous(uint64_t prefix, size_t index) {
  uint64_t x = prefix + (index + 1) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

Admission admission_of(Latency latency, ServiceTier tier) {
  switch (tier) {
    case ServiceTier::reserved:
      return Admission::reserved;
    case ServiceTier::priority:
      return Admission::priority;
    case ServiceTier::flex:
      return Admission::flex;
    case ServiceTier::standard:
      break;
  }
  return latency == Latency::optimized ? Admission::priority : Admission::standard;
}

ModelEndpoints::ModelEndpoints(std::vector<net::Url> urls, const Clock& clock, EndpointsOptions options)
    : clock_(clock), options_(options) {
  check(!urls.empty() && urls.size() <= limits::model_endpoints_max, "a model has no endpoint, or too many");
  const double first = std::min(limits::endpoint_window_first, double(options.window_max));
  for (net::Url& url : urls) states_.push_back({.url = std::move(url), .window = first});
}

// One that is well and free, or where none is well the one whose circuit closes first.
std::optional<size_t> ModelEndpoints::choose(const Wish& wish, const Tried& tried, SteadyTime now) {
  Tried candidates;
  bool any_well = false;
  std::optional<size_t> first_to_close;
  for (size_t i = 0; i < states_.size(); ++i) {
    const State& state = states_[i];
    if (tried[i]) continue;
    any_well |= state.is_well(now);
    if (!state.is_free(now)) continue;
    candidates[i] = state.is_well(now);
    if (!first_to_close || state.open_until < states_[*first_to_close].open_until) first_to_close = i;
  }
  return any_well ? best_of(wish, candidates) : first_to_close;
}

std::optional<size_t> ModelEndpoints::best_of(const Wish& wish, const Tried& candidates) {
  if (candidates.none()) return std::nullopt;
  if (options_.order == EndpointsOptions::Order::as_listed) {
    size_t listed_first = 0;
    while (!candidates[listed_first]) ++listed_first;
    return listed_first;
  }
  size_t under_way = 1;  // this one
  for (const State& state : states_) under_way += state.under_way;
  const auto bound = size_t(std::ceil(limits::prefix_load_factor * double(under_way) / double(states_.size())));
  const size_t first = turn_++;
  std::optional<size_t> least, wanted;
  for (size_t i = 0; i < states_.size(); ++i) {
    const size_t index = (first + i) % states_.size();
    if (!candidates[index]) continue;
    if (!least || states_[index].under_way < states_[*least].under_way) least = index;
    if (!wish.prefix || states_[index].under_way >= bound) continue;
    if (!wanted || rendezvous(*wish.prefix, index) > rendezvous(*wish.prefix, *wanted)) wanted = index;
  }
  return wanted ? wanted : least;
}

std::optional<ModelEndpoints::Place> ModelEndpoints::take(const Wish& wish, const Tried& tried, SteadyTime now) {
  const std::optional<size_t> index = choose(wish, tried, now);
  if (!index) return std::nullopt;
  State& state = states_[*index];
  ++state.under_way;
  const bool is_trial = state.failures > 0 && !state.on_trial;
  state.on_trial |= is_trial;
  return Place{*index, state.pushbacks, is_trial};
}

bool ModelEndpoints::somebody_is_before(Admission admission) const {
  if (waiting_count_ == 0) return false;
  auto is_waited_in = [](const Waiters& line) { return !line.empty(); };
  return std::any_of(waiting_.begin(), waiting_.begin() + ptrdiff_t(admission) + 1, is_waited_in);
}

ModelEndpoints::Lease ModelEndpoints::lease_of(const Place& place, Tried& tried) {
  tried.set(place.index);
  return Lease(*this, place.index, place.pushbacks, place.is_trial);
}

Task<Result<std::optional<ModelEndpoints::Lease>>> ModelEndpoints::next(Wish wish, Tried& tried) {
  std::optional<Place> place;
  {
    std::scoped_lock lock(mutex_);
    if (tried.count() == states_.size()) co_return std::nullopt;
    if (!somebody_is_before(wish.admission)) place = take(wish, tried, clock_.steady());
  }
  if (place) co_return lease_of(*place, tried);
  co_return co_await keep(wait(wish, tried));
}

Task<Result<std::optional<ModelEndpoints::Lease>>> ModelEndpoints::wait(const Wish& wish, Tried& tried) {
  const SteadyTime due = std::min(wish.deadline, clock_.steady() + options_.place_wait);
  Waiter waiter{wish, tried, {}};
  Waiters& line = waiting_[size_t(wish.admission)];
  Waiters::iterator position;
  {
    std::scoped_lock lock(mutex_);
    // Nobody waits for what will not come in time.
    if (waiting_count_ >= limits::waiting_for_place_max || left_alone_until(tried) > due) co_return throttled();
    position = line.insert(line.end(), &waiter);
    ++waiting_count_;
  }
  std::optional<Place> place;
  do {
    place = co_await next_word(waiter, due);
  } while (!place && clock_.steady() < due && !wish.stop.stop_requested());
  if (place) co_return lease_of(*place, tried);
  {
    std::scoped_lock lock(mutex_);
    line.erase(position);
    --waiting_count_;
  }
  if (wish.stop.stop_requested()) co_return fail("ConnectionClosed", 499, "The caller has gone.");
  co_return throttled();
}

// Until there is a place, time alone has changed something, or the caller goes. Who is given a place is out of the line.
Task<std::optional<ModelEndpoints::Place>> ModelEndpoints::next_word(Waiter& waiter, SteadyTime due) {
  Completion<std::optional<Place>> word(*Executor::current());
  SteadyTime wake;
  {
    std::scoped_lock lock(mutex_);
    waiter.setter = word.setter();
    const SteadyTime now = clock_.steady();
    serve_waiting(now);
    wake = std::min(due, next_change(waiter.tried, now));
  }
  Timer timer = Executor::current()->start_timer(wake, [setter = word.setter()] { setter.set(std::nullopt); });
  std::stop_callback on_stop(waiter.wish.stop, [setter = word.setter()] { setter.set(std::nullopt); });
  co_return co_await word;
}

SteadyTime ModelEndpoints::left_alone_until(const Tried& tried) const {
  SteadyTime soonest = SteadyTime::max();
  for (size_t i = 0; i < states_.size(); ++i) {
    if (!tried[i]) soonest = std::min(soonest, states_[i].alone_until);
  }
  return soonest;
}

// When time alone makes a difference to who may be asked.
SteadyTime ModelEndpoints::next_change(const Tried& tried, SteadyTime now) const {
  SteadyTime soonest = SteadyTime::max();
  for (size_t i = 0; i < states_.size(); ++i) {
    if (tried[i]) continue;
    for (SteadyTime change : {states_[i].alone_until, states_[i].open_until}) {
      if (change > now) soonest = std::min(soonest, change);
    }
  }
  return soonest;
}

void ModelEndpoints::serve_waiting(SteadyTime now) {
  if (waiting_count_ == 0) return;
  auto is_free = [now](const State& state) { return state.is_free(now); };
  for (Waiters& line : waiting_) {
    for (auto at = line.begin(); at != line.end();) {
      if (std::ranges::none_of(states_, is_free)) return;
      Waiter& waiter = **at;
      const std::optional<Place> place = waiter.setter ? take(waiter.wish, waiter.tried, now) : std::nullopt;
      if (!place) {
        ++at;
        continue;
      }
      if (waiter.setter->set(place)) {
        at = line.erase(at);
        --waiting_count_;
        continue;
      }
      // It was woken by time or by its caller, and looks again by itself.
      State& state = states_[place->index];
      --state.under_way;
      if (place->is_trial) state.on_trial = false;
      ++at;
    }
  }
}

// Who waits reckons with the times of then: they have changed.
void ModelEndpoints::wake_waiting() {
  for (Waiters& line : waiting_) {
    for (Waiter* waiter : line) {
      if (waiter->setter) waiter->setter->set(std::nullopt);
    }
  }
}

ModelEndpoints::Load ModelEndpoints::load(size_t index) const {
  std::scoped_lock lock(mutex_);
  const State& state = states_[index];
  const SteadyTime now = clock_.steady();
  return {.under_way = state.under_way, .window = size_t(state.window), .is_passed_over = !state.is_well(now) || state.alone_until > now};
}

size_t ModelEndpoints::waiting() const {
  std::scoped_lock lock(mutex_);
  return waiting_count_;
}

ModelEndpoints::Lease::~Lease() {
  if (!owner_) return;
  std::scoped_lock lock(owner_->mutex_);
  State& state = owner_->states_[index_];
  --state.under_way;
  if (is_trial_) state.on_trial = false;
  if (owner_->waiting_count_ > 0) owner_->serve_waiting(owner_->clock_.steady());
}

bool ModelEndpoints::Lease::succeeded() {
  std::scoped_lock lock(owner_->mutex_);
  State& state = owner_->states_[index_];
  if (is_trial_) state.on_trial = is_trial_ = false;
  const bool is_well_again = std::exchange(state.failures, 0) > 0;
  owner_->grow(state);
  if (is_well_again) owner_->serve_waiting(owner_->clock_.steady());
  return is_well_again;
}

// A window that nobody fills proves nothing by being larger.
void ModelEndpoints::grow(State& state) {
  if (double(state.under_way) < state.window / 2) return;
  state.window = std::min(double(options_.window_max), state.window + (state.pushbacks == 0 ? 1 : 1 / state.window));
  if (waiting_count_ > 0) serve_waiting(clock_.steady());
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
  owner_->wake_waiting();
  return pause;
}

// Half of what was under way, and not of what might have been (RFC 5681 section 3.1 on FlightSize).
void ModelEndpoints::Lease::pushed_back(SteadyTime now, Milliseconds retry_after) {
  std::scoped_lock lock(owner_->mutex_);
  State& state = owner_->states_[index_];
  state.alone_until = std::max(state.alone_until, now + std::min<Milliseconds>(retry_after, limits::retry_after_max));
  owner_->wake_waiting();
  if (pushbacks_ != state.pushbacks) return;
  pushbacks_ = ++state.pushbacks;
  state.window = std::max(1.0, std::min(state.window, double(state.under_way)) / 2);
}

}  // namespace outcrop::inference
