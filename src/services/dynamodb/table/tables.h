// Tables: the tables of this server, in the store. Shared regime: store transactions alone.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "services/dynamodb/table/schema.h"
#include "store/store.h"

namespace outcrop::dynamodb {

// "Requested resource not found", which is what operations on items say; those on tables name the table.
Fault resource_not_found();
Fault table_not_found(std::string_view name);

// Thread-safe.
class Tables {
 public:
  explicit Tables(World& world) : world_(world) {}

  // ResourceNotFoundException 400.
  Task<Result<TableRef>> get(const Place& place, std::string_view name);
  // The same within a transaction, which then commits only if the table is as it was.
  Task<Result<TableRef>> get(store::Transaction& transaction, const Place& place, std::string_view name);

  // Faults: ResourceInUseException 400 when there is one of that name, LimitExceededException 400.
  Task<Result<TableRef>> create(const Place& place, std::string_view name, TableRecord record);

  // Changes the record; what `change` faults with is the answer. ResourceNotFoundException 400, naming the table.
  using Change = std::function<Result<void>(TableRecord&)>;
  Task<Result<TableRef>> change(const Place& place, std::string_view name, const Change& change);

  // The table is no longer there; its items go afterwards. `may` is asked first.
  using May = std::function<Result<void>(const Table&)>;
  Task<Result<TableRef>> erase(const Place& place, std::string_view name, const May& may);

  // At most `count` names in order, behind `after`; an empty one: from the first.
  Task<Result<std::vector<std::string>>> names(const Place& place, std::string_view after, size_t count);

  // The tables of all accounts.
  Task<Result<std::vector<TableRef>>> all();

  // A reset: all of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  Result<TableRef> known(const Place& place, std::string_view name, const std::optional<std::string>& stored);

  struct Known {
    std::string stored;
    TableRef table;
  };
  World& world_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by key; what is stored decides whether it is still true
};

}  // namespace outcrop::dynamodb
