// ApiSource: which APIs are served, and where they are found. The control plane implements it; main hands it to the data plane.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "gateway/api/deployed_api.h"

namespace outcrop::gateway {

// A stage as it is served at this moment. Immutable; a change of the stage or of its deployment makes another.
struct ServedStage {
  std::shared_ptr<const DeployedApi> api;
  std::string name;
  StageRecord record;
};

// Where a custom domain name leads.
struct MappedStage {
  std::string api_id, stage;
  std::string rest;  // of the path, behind the mapping's key: "" or "/…"
};

class ApiSource {
 public:
  virtual ~ApiSource() = default;

  // Asked for every event of every connection: cheap, and what a change of the control plane acknowledged is seen by the next call. Null
  // when there is no such API or stage, or nothing is deployed to it.
  virtual Task<Result<std::shared_ptr<const ServedStage>>> find(std::string_view api_id, std::string_view stage) = 0;

  // By the host without its port, in lower case, and the path as it was sent. None when that is no domain name of ours.
  virtual Task<Result<std::optional<MappedStage>>> find_domain(std::string_view host, std::string_view path) = 0;
};

}  // namespace outcrop::gateway
