#include "services/bedrock-runtime/quota/waiting_room.h"

#include <algorithm>

#include "base/check.h"
#include "services/bedrock-runtime/limits.h"

namespace outcrop::bedrock_runtime {

namespace {

double share_of(const Shares& shares, const Meter& meter) {
  double amount = 0;
  for (const Share& share : shares) amount += share.meter == &meter ? share.amount : 0;
  return amount;
}

}  // namespace

size_t WaitingRoom::rank_of(inference::ServiceTier tier) {
  if (tier == inference::ServiceTier::flex) return 2;
  return tier == inference::ServiceTier::standard ? 1 : 0;
}

bool WaitingRoom::has_room_for(uint64_t bytes) const {
  return size_ < limits::waiting_requests_max && bytes_ + bytes <= limits::waiting_bytes_max;
}

void WaitingRoom::enter(Waiter& waiter) {
  auto& lines = lines_[waiter.rank];
  auto line = std::ranges::find(lines, waiter.line, &Line::name);
  if (line == lines.end()) line = lines.insert(lines.end(), Line{waiter.line, {}});
  line->waiters.push_back(&waiter);
  ++size_;
  bytes_ += waiter.bytes;
}

void WaitingRoom::leave(Waiter& waiter) {
  auto& lines = lines_[waiter.rank];
  auto line = std::ranges::find(lines, waiter.line, &Line::name);
  check(line != lines.end() && std::erase(line->waiters, &waiter) == 1, "somebody leaves who did not wait");
  if (line->waiters.empty()) lines.erase(line);
  left(waiter);
}

void WaitingRoom::left(const Waiter& waiter) {
  --size_;
  bytes_ -= waiter.bytes;
}

void WaitingRoom::admit(Instant now, const std::function<void(Waiter&)>& admitted) {
  spoken_for_.clear();
  for (size_t rank = 0; rank < ranks; ++rank) admit_rank(rank, now, admitted);
}

// Whoever went has its next turn after everybody else's.
void WaitingRoom::admit_rank(size_t rank, Instant now, const std::function<void(Waiter&)>& admitted) {
  auto& lines = lines_[rank];
  for (auto line = lines.begin(); line != lines.end();) {
    auto here = line++;
    Waiter& first = *here->waiters.front();
    if (!takes(first, now)) continue;
    here->waiters.pop_front();
    if (here->waiters.empty()) {
      lines.erase(here);
    } else {
      lines.splice(lines.end(), lines, here);
      if (line == lines.end()) line = here;
    }
    left(first);
    admitted(first);
  }
}

bool WaitingRoom::takes(const Waiter& waiter, Instant now) {
  if (spoken_for(waiter.shares, waiter.rank)) return false;
  Meter* lacking = take(waiter.shares, now);
  if (lacking) spoken_for_.push_back({lacking, waiter.rank});
  return !lacking;
}

Meter* WaitingRoom::spoken_for(const Shares& shares, size_t rank) const {
  for (const SpokenFor& spoken : spoken_for_) {
    if (spoken.rank <= rank && std::ranges::find(shares, spoken.meter, &Share::meter) != shares.end()) return spoken.meter;
  }
  return nullptr;
}

double WaitingRoom::ahead_of(const Waiter& waiter, const Meter& meter) const {
  double amount = 0;
  for (size_t rank = 0; rank < waiter.rank; ++rank) {
    for (const Line& line : lines_[rank]) {
      for (const Waiter* other : line.waiters) amount += share_of(other->shares, meter);
    }
  }
  const auto& lines = lines_[waiter.rank];
  const auto own = std::ranges::find(lines, waiter.line, &Line::name);
  const size_t place = own == lines.end() ? 0 : size_t(std::ranges::find(own->waiters, &waiter) - own->waiters.begin());
  size_t turns = place + 1;  // of a line whose turn comes before ours; those behind us have one less
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    if (line == own) turns = place;
    for (size_t i = 0; i < std::min(turns, line->waiters.size()); ++i) amount += share_of(line->waiters[i]->shares, meter);
  }
  return amount;
}

}  // namespace outcrop::bedrock_runtime
