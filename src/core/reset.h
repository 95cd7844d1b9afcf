// Reset: back to an empty server, or to an account that was never used, while the server runs. Tests of
// applications do it before each case, so it costs nothing where nothing is.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "core/shard.h"
#include "store/store.h"

namespace outcrop {

class Reset {
 public:
  // The account, or none for all.
  using Hook = std::function<Task<Result<void>>(const std::optional<std::string>& account)>;

  Reset(World& world, Shards& shards) : world_(world), shards_(shards) {}

  // Called after the shards are empty: for what a service keeps outside of shard memory and shard keys. Before the
  // server serves.
  void on_reset(Hook hook) { hooks_.push_back(std::move(hook)); }

  // Every shard is closed for a moment: its memory is dropped, keys are erased, durable timers among them, and calls
  // wait. An account's are the keys under Shard::account_prefix. One reset at a time; others wait.
  Task<Result<void>> run(std::optional<std::string> account);

 private:
  Task<Result<void>> erase_shard(Shard& shard, const std::optional<std::string>& account);
  Task<Result<void>> erase_entities_of(Shard& shard, std::string_view account);
  Task<Result<void>> erase_timers_of(Shard& shard, std::string_view account);
  Task<Result<void>> erase_range(store::Range range);
  Task<Result<void>> run_alone(std::optional<std::string> account);

  World& world_;
  Shards& shards_;
  std::vector<Hook> hooks_;
  bool running_ = false;  // on the first executor's thread, as all of run_alone
  Signal ended_;
};

}  // namespace outcrop
