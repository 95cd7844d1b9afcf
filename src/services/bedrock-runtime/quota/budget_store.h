// BudgetStore: what tenants have used of a day's and a month's budgets, on disk. Answers do not wait for it: one write is under way at a
// time, and what is settled meanwhile goes with the next. So a killed process loses what was settled in its last milliseconds, and
// what requests under way had used.
//
// Keys: "global/bedrock-runtime/budgets/" account budget tenant unit period; values: BudgetUse.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "core/world.h"
#include "gen/records/bedrock-runtime.h"

namespace outcrop::bedrock_runtime {

class BudgetStore {
 public:
  explicit BudgetStore(World& world) : world_(world) {}

  // What is stored of windows that are not over; the rest is erased.
  Task<Result<std::vector<BudgetUse>>> load();

  // Replaces what is to be stored of these. Thread-safe, and quick: whoever knows the newest use puts it before anybody learns a newer one.
  void put(const std::vector<BudgetUse>& uses);
  // Sees to it that what was put is written. Thread-safe; on one of the world's executors.
  void begin_write();
  // Waits for every write. Nothing is put afterwards.
  Task<void> stop();

  // An account's, or all.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  Task<void> write();
  void keep_for_later(std::map<std::string, std::string> unwritten);

  World& world_;
  std::mutex mutex_;
  std::map<std::string, std::string> pending_;  // by key
  bool is_writing_ = false;
  TaskGroup tasks_;
};

}  // namespace outcrop::bedrock_runtime
