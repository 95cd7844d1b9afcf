// Upkeep: what the service does to tables by itself: fills indexes that were added, deletes items whose time is over,
// counts items, forgets the tokens of old transactions.
#pragma once
#include <string>

#include "base/task_group.h"
#include "services/dynamodb/table/tables.h"

namespace outcrop::dynamodb {

class Upkeep {
 public:
  Upkeep(World& world, Tables& tables) : world_(world), tables_(tables) {}

  // Goes on with what was under way when the server ended, and begins to look for expired items.
  Task<Result<void>> start();
  Task<void> stop();

  // Fills the entries of every item of the table, and then its indexes are no longer backfilling. In the background.
  void fill(TableRef table);

 private:
  Task<void> fill_all(TableRef table);
  Task<Result<void>> fill_items(const Table& table);
  Task<void> look_after_tables();
  Task<Result<void>> look_after_once();
  Task<Result<void>> expire_items(TableRef table);
  Task<Result<void>> count_items(TableRef table);
  struct Count {
    int64_t items = 0, bytes = 0;
  };
  Task<Result<Count>> count(const Table& table, const Index* index);  // null: of its items

  World& world_;
  Tables& tables_;
  TaskGroup tasks_;
};

}  // namespace outcrop::dynamodb
