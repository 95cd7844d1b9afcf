// FunctionSurroundings: what the runner asks about the world of its functions, answered from the parts of the server that know it: the
// runtimes, STS for the credentials of roles, where the server listens, and Lambda for what is reserved.
#pragma once
#include <mutex>
#include <string>

#include "core/world.h"
#include "runner/surroundings.h"
#include "services/lambda/concurrency/unreserved_concurrency.h"
#include "services/sts/sts.h"

namespace outcrop::server {

class FunctionSurroundings final : public runner::Surroundings {
 public:
  // All must outlive it.
  FunctionSurroundings(World& world, const runner::Runtimes& runtimes, const sts::Sts& sts)
      : world_(world), runtimes_(runtimes), sts_(sts) {}

  // Before functions run.
  void set_unreserved(lambda::UnreservedConcurrency& unreserved) { unreserved_ = &unreserved; }

  // Once the server listens: where, and what must be trusted beside what the machine trusts; empty: nothing.
  void set_place(std::string endpoint, std::string certificates);

  Result<runner::Launch> launch(const runner::FunctionVersion& function) override { return runtimes_.launch(function); }
  Task<Result<runner::FunctionCredentials>> credentials(runner::FunctionVersionRef function) override;
  std::string endpoint() override;
  std::string certificates() override;
  uint32_t unreserved_concurrency(std::string_view account, std::string_view region) override { return unreserved_->of(account, region); }

 private:
  World& world_;
  const runner::Runtimes& runtimes_;
  const sts::Sts& sts_;
  lambda::UnreservedConcurrency* unreserved_ = nullptr;
  std::mutex mutex_;
  std::string endpoint_, certificates_;  // guarded by mutex_
};

}  // namespace outcrop::server
