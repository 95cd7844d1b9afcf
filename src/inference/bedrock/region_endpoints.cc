#include "inference/bedrock/region_endpoints.h"

namespace outcrop::inference {

RegionEndpoints::RegionEndpoints(const std::vector<net::Url>& urls) {
  check(!urls.empty() && urls.size() <= limits::model_endpoints_max, "an upstream has no Region, or too many");
  for (const net::Url& url : urls) regions_.push_back(std::make_unique<Region>(url));
}

std::optional<RegionEndpoints::Lease> RegionEndpoints::next(SteadyTime now, Tried& tried) {
  std::optional<size_t> best;
  auto waits_until = [&](size_t index) { return std::max(now, regions_[index]->passed_over_until.load()); };
  for (size_t index = 0; index < regions_.size(); ++index) {
    if (!tried[index] && (!best || waits_until(index) < waits_until(*best))) best = index;
  }
  if (!best) return std::nullopt;
  tried.set(*best);
  Tried none;
  return Lease(*regions_[*best], *best, *regions_[*best]->endpoint.next(now, none));
}

bool RegionEndpoints::Lease::succeeded() {
  region_->passed_over_until = SteadyTime::min();
  return lease_.succeeded();
}

Milliseconds RegionEndpoints::Lease::failed(SteadyTime now) {
  const Milliseconds pause = lease_.failed(now);
  region_->passed_over_until = now + pause;
  return pause;
}

}  // namespace outcrop::inference
