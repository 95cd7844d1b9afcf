// The Regions of an upstream by preference: the first that is well is asked, so that its prompt cache and its place stay the same. One that
// failed is passed over as an endpoint of a model server is (openai/model_endpoints.h); where all are, the one whose time ends first is
// asked all the same. Thread-safe.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "inference/openai/model_endpoints.h"

namespace outcrop::inference {

class RegionEndpoints {
  struct Region;

 public:
  // Which of them a request was sent to already.
  using Tried = ModelEndpoints::Tried;

  // One request under way in a Region, until it goes.
  class Lease {
   public:
    size_t index() const { return index_; }
    const net::Url& url() const { return lease_.url(); }
    // It answers: whatever was held against it is forgotten. Says whether there was something.
    bool succeeded();
    // For how long it will be passed over.
    Milliseconds failed(SteadyTime now);

   private:
    friend RegionEndpoints;
    Lease(Region& region, size_t index, ModelEndpoints::Lease lease) : region_(&region), index_(index), lease_(std::move(lease)) {}

    Region* region_;
    size_t index_;
    ModelEndpoints::Lease lease_;
  };

  // 1 to limits::model_endpoints_max.
  explicit RegionEndpoints(const std::vector<net::Url>& urls);

  // None when all were tried. Enters the Region in `tried`.
  std::optional<Lease> next(SteadyTime now, Tried& tried);

 private:
  struct Region {
    explicit Region(const net::Url& url) : endpoint({url}) {}
    ModelEndpoints endpoint;
    std::atomic<SteadyTime> passed_over_until = SteadyTime::min();
  };

  std::vector<std::unique_ptr<Region>> regions_;
};

}  // namespace outcrop::inference
