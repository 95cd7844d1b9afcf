// ServedStages: what the data plane finds of the control plane's APIs: a stage with the parts that its deployment froze. Kept once it was
// put together, until its API changes.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/world.h"
#include "gateway/api/api_source.h"
#include "services/apigatewayv2/api/keys.h"

namespace outcrop::apigatewayv2 {

// Thread-safe.
class ServedStages final : public gateway::ApiSource {
 public:
  explicit ServedStages(World& world) : world_(world) {}

  Task<Result<std::shared_ptr<const gateway::ServedStage>>> find(std::string_view api_id, std::string_view stage) override;
  Task<Result<std::optional<gateway::MappedStage>>> find_domain(std::string_view host, std::string_view path) override;

  // A change of that API is committed: what is kept of it is no longer so.
  void drop(std::string_view api_id);

 private:
  using Served = std::shared_ptr<const gateway::ServedStage>;
  using StagesOfApi = std::map<std::string, Served, std::less<>>;  // by name

  Task<Result<Served>> load(std::string_view api_id, std::string_view stage);
  Served known(std::string_view api_id, std::string_view stage, uint64_t& drops);
  void keep_served(std::string_view api_id, std::string_view stage, const Served& served, uint64_t drops);

  World& world_;
  std::mutex mutex_;
  std::map<std::string, StagesOfApi, std::less<>> known_;  // by API
  size_t kept_ = 0;
  uint64_t drops_ = 0;  // tells who was loading meanwhile that what it has may be old
};

}  // namespace outcrop::apigatewayv2
