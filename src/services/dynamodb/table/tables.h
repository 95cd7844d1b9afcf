// Tables: the tables of this server, in the store. Shared regime: store transactions alone.
#pragma once
#include <cstdint>
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

  // ResourceNotFoundException 400. A table that did not change is not read again.
  Task<Result<TableRef>> get(const Place& place, std::string_view name);
  // The same within a transaction, which reads its snapshot and then commits only if the table is as it was.
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
  // What was read of the store while no table changed is true until one does: that time is an era. A transaction reads a snapshot, which
  // may be of an earlier one, so what it read is kept without an era.
  using Era = uint64_t;
  static constexpr Era no_era = 0;

  // From before a change is committed until after it: no era.
  class Changing {
   public:
    explicit Changing(Tables& tables);
    ~Changing();
    Changing(const Changing&) = delete;

   private:
    Tables& tables_;
  };

  struct Latest {
    TableRef table;  // null: it is to be read
    Era era;
  };
  Latest latest(std::string_view key);
  Result<TableRef> known(const Place& place, std::string_view name, const std::optional<std::string>& stored, Era read_in = no_era);

  struct Known {
    std::string stored;
    TableRef table;  // as the stored bytes say
    Era read_in;
  };
  World& world_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by key
  Era era_ = no_era + 1;
  size_t changing_ = 0;
};

// The tables of one transaction, each read once. The names must outlive it.
class TransactionTables {
 public:
  TransactionTables(Tables& tables, store::Transaction& transaction, const Place& place)
      : tables_(tables), transaction_(transaction), place_(place) {}

  // ResourceNotFoundException 400.
  Task<Result<TableRef>> get(std::string_view name);

 private:
  Tables& tables_;
  store::Transaction& transaction_;
  const Place& place_;
  std::map<std::string_view, TableRef> read_;
};

}  // namespace outcrop::dynamodb
