// How a request comes to its share: at once, in its turn, or not at all.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/timers.h"
#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/limits.h"
#include "services/bedrock-runtime/quota/remaining.h"
#include "services/bedrock-runtime/quota/taken.h"

namespace outcrop::bedrock_runtime {

namespace {

constexpr std::string_view max_wait_header = "x-outcrop-max-wait-ms";

// How long a request may wait: what it says; else of the flex tier a while, of the others not at all.
Result<Milliseconds> patience_of(const Call& call, inference::ServiceTier tier) {
  const std::string* text = call.extra_headers.find(max_wait_header);
  if (!text) return tier == inference::ServiceTier::flex ? limits::flex_wait : Milliseconds(0);
  int64_t ms = -1;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
  if (error != std::errc() || end != text->data() + text->size() || ms < 0 || ms > limits::wait_max.count()) {
    return fail(validation_exception(
        fmt::format("The header {} must be a whole number of milliseconds from 0 to {}.", max_wait_header, limits::wait_max.count())));
  }
  return Milliseconds(ms);
}

// Whose turns are taken: the tenant of the first budget, or else whoever signed.
std::string line_of(const Call& call, const ModelTarget& target, const std::vector<std::shared_ptr<Budgets::Tenant>>& tenants) {
  const std::string& who = tenants.empty() ? call.identity.access_key_id : tenants.front()->name;
  return fmt::format("{}/{}/{}/{}", call.account(), target.model->id, int(target.route), who);
}

}  // namespace

Task<Result<Quotas::Reservation>> Quotas::reserve(Call& call, const ModelTarget& target, Demand demand) {
  const Milliseconds patience = co_await patience_of(call, demand.tier);
  const size_t rank = WaitingRoom::rank_of(demand.tier);
  const Instant now = clock_.wall();
  std::optional<Seat> seat;
  {
    std::lock_guard lock(mutex_);
    Result<Taken> taken = demanded(call, target, demand);
    if (!taken) co_return fail(std::move(taken.error()));
    const Meter* lacking = take_at_once(*taken, rank, now);
    if (!lacking) co_return under_way(std::move(*taken), now);
    std::string line = line_of(call, target, taken->tenants);
    seat.emplace(std::move(*taken), std::move(line), rank, call.request_bytes);
    seat->lacking = lacking;
    const bool is_in_time = patience > Milliseconds(0) && turn_of(*seat, now) <= now + patience;
    if (!is_in_time || !room_.has_room_for(call.request_bytes)) co_return refuse(call, *seat, now);
    room_.enter(*seat);
  }
  co_return co_await keep(wait(call, *seat, now + patience));
}

// Null when it was taken; else what is lacking, or is spoken for by those who wait.
const Meter* Quotas::take_at_once(const Taken& taken, size_t rank, Instant now) {
  if (!room_.empty()) {
    admit_waiting(now);
    if (const Meter* spoken_for = room_.spoken_for(taken.shares, rank)) return spoken_for;
  }
  return take(taken.shares, now);
}

std::unexpected<Fault> Quotas::refuse(Call& call, const Seat& seat, Instant now) {
  tell_remaining(seat.shares, now, call.answer_headers);
  const Instant turn = turn_of(seat, now);
  if (turn - now <= limits::retry_after_max) {
    call.answer_headers.set("retry-after", fmt::format_int(std::max<int64_t>(1, seconds_until(turn, now))).str());
  }
  return fail(throttling_exception(seat.lacking->refusal));
}

// When what is needed, and what those before will take, will be there.
Instant Quotas::turn_of(const Waiter& waiter, Instant now) {
  Instant turn = now;
  for (const Share& share : waiter.shares) {
    if (share.amount > share.meter->limit()) return Instant::max();
    turn = std::max(turn, available_at(*share.meter, share.amount + room_.ahead_of(waiter, *share.meter), now));
  }
  return turn;
}

// By what comes back by itself, and what requests under way are expected to give back when they end. Those that take longer than most
// are expected a little later.
Instant Quotas::available_at(Meter& meter, double amount, Instant now) {
  std::vector<std::pair<Instant, double>> returns;
  for (const Taken& taken : taken_) {
    if (!taken.course->is_known() || meter.counts == Meter::Counts::requests) continue;
    auto share = std::ranges::find(taken.shares, &meter, &Share::meter);
    if (share == taken.shares.end()) continue;
    const Milliseconds took = taken.course->took();
    returns.emplace_back(std::max(taken.at + took, now + took / 4), share->amount * taken.course->returned());
  }
  std::ranges::sort(returns);
  Instant latest = now;
  for (const auto& [at, returned] : returns) {
    if (meter.available_at(now, amount) <= at) break;
    amount -= returned;
    latest = at;
  }
  return std::max(latest, meter.available_at(now, amount));
}

void Quotas::admit_waiting(Instant now) {
  if (room_.empty()) return;
  room_.admit(now, [&](Waiter& waiter) {
    auto& seat = static_cast<Seat&>(waiter);
    seat.taken.at = now;
    taken_.push_back(std::move(seat.taken));
    seat.place = std::prev(taken_.end());
    if (seat.wake) seat.wake->set(Wake::admitted);
  });
}

namespace {

template <class Wake>
struct WakeUp {
  typename Completion<Wake>::Setter setter;
  Wake wake;
  void operator()() const { setter.set(wake); }
};

}  // namespace

Task<Result<Quotas::Reservation>> Quotas::wait(Call& call, Seat& seat, Instant give_up_at) {
  const SteadyTime began = call.world.clock.steady();
  Executor& executor = *Executor::current();
  Wake wake = Wake::look;
  Milliseconds soonest(0);
  for (;;) {
    Completion<Wake> woken(executor);
    Instant look_at;
    {
      std::lock_guard lock(mutex_);
      if (std::optional<Result<Reservation>> outcome = look(call, seat, wake, give_up_at)) {
        if (*outcome) waited_.observe(call.world.clock.steady() - began);
        co_return std::move(*outcome);
      }
      seat.wake = woken.setter();
      const Instant now = clock_.wall();
      const Instant turn = std::max(turn_of(seat, now), now + soonest);
      look_at = std::max(std::min(turn, give_up_at), now + Milliseconds(1));
    }
    const WakeUp<Wake> look_again{woken.setter(), Wake::look}, ended{woken.setter(), Wake::ended};
    Timer turn = call.world.timers.at(look_at, look_again);
    Timer deadline = call.deadline == SteadyTime::max() ? nullptr : executor.start_timer(call.deadline, ended);
    std::stop_callback gone(call.stop, ended), draining(call.world.draining, ended);
    wake = co_await woken;
    soonest = limits::look_interval_min;
  }
}

// Whether the waiting is over, and how. The seat is not in the room any more then.
std::optional<Result<Quotas::Reservation>> Quotas::look(Call& call, Seat& seat, Wake wake, Instant give_up_at) {
  const Instant now = clock_.wall();
  if (!seat.place) admit_waiting(now);
  if (seat.place) {
    admitted_.add();
    return Reservation(*this, *seat.place);
  }
  if (wake == Wake::look && now < give_up_at) return std::nullopt;
  room_.leave(seat);
  admit_waiting(now);
  if (wake == Wake::look) {
    expired_.add();
    return refuse(call, seat, now);
  }
  gone_.add();
  return fail(service_unavailable_exception("The service is unavailable."));
}

}  // namespace outcrop::bedrock_runtime
