// Parts: what belongs to an API, or to a domain name, and is known by an id of its own: routes, integrations, stages, … Created, read,
// changed, listed and erased in store transactions, each with its owner, whose going takes them along.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "services/apigatewayv2/api/keys.h"
#include "store/store.h"
#include "wire/record.h"

namespace outcrop::apigatewayv2 {

// Where the parts of one kind lie that have one owner.
struct PartPlace {
  std::string owner_key;  // must be there: the API's own key
  std::string prefix;     // of the parts' keys; the id follows
  Fault no_owner;         // NotFoundException 404: "Invalid API identifier specified 111111111111:abcdef1234"
  Fault no_part;          // NotFoundException 404: "Unable to find Route by key abc1234 within the provided scope"
};

template <class Record>
struct Part {
  std::string id;
  Record record;
};

// Part of a page: what comes behind `after`, at most `count`.
struct PageOf {
  std::string after;
  size_t count = 0;
};

template <class Record>
class Parts {
 public:
  Parts(World& world, PartPlace place) : world_(world), place_(std::move(place)) {}

  // Looks at what else is there, and may fault, before the part is written. Runs in the transaction, perhaps more than once.
  using Check = std::function<Task<Result<void>>(store::Transaction& transaction)>;
  using Change = std::function<Task<Result<void>>(store::Transaction& transaction, Record& record)>;

  // Fault: those of the place, and of `check`.
  Task<Result<void>> create(std::string_view id, const Record& record, const Check& check = nullptr) {
    co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
      co_await check_owner(transaction);
      if (check) co_await check(transaction);
      transaction.put(key(id), wire::encode_record(record));
      co_return {};
    }));
  }

  Task<Result<Record>> get(std::string_view id) {
    const std::optional<std::string> stored = co_await world_.store.get(key(id));
    if (!stored) co_return fail(co_await why_not());
    co_return wire::decode_record<Record>(*stored);
  }

  // Gives the record as it is now.
  Task<Result<Record>> change(std::string_view id, const Change& change) {
    co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<Record>> {
      co_await check_owner(transaction);
      const std::optional<std::string> stored = co_await transaction.get(key(id));
      if (!stored) co_return fail(place_.no_part);
      Record record = co_await wire::decode_record<Record>(*stored);
      co_await change(transaction, record);
      transaction.put(key(id), wire::encode_record(record));
      co_return record;
    }));
  }

  // `check` may erase what goes with it.
  Task<Result<void>> erase(std::string_view id, const Check& check = nullptr) {
    co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
      co_await check_owner(transaction);
      if (!co_await transaction.get(key(id))) co_return fail(place_.no_part);
      if (check) co_await check(transaction);
      transaction.erase(key(id));
      co_return {};
    }));
  }

  // By id. One more than a page tells whether another follows.
  Task<Result<std::vector<Part<Record>>>> list(const PageOf& page) {
    if (!co_await world_.store.get(place_.owner_key)) co_return fail(place_.no_owner);
    std::vector<Part<Record>> parts;
    store::Range left = store::Range::prefix(place_.prefix);
    if (!page.after.empty()) left.begin = store::key_after(key(page.after));
    while (!left.empty() && parts.size() < page.count) {
      const std::vector<store::Entry> entries = co_await world_.store.scan(left, {.entries_max = page.count - parts.size()});
      if (entries.empty()) break;
      for (const store::Entry& entry : entries)
        parts.push_back({entry.key.substr(place_.prefix.size()), co_await wire::decode_record<Record>(entry.value)});
      left.begin = store::key_after(entries.back().key);
    }
    co_return parts;
  }

  std::string key(std::string_view id) const { return place_.prefix + std::string(id); }

 private:
  Task<Result<void>> check_owner(store::Transaction& transaction) {
    if (!co_await transaction.get(place_.owner_key)) co_return fail(place_.no_owner);
    co_return {};
  }
  Task<Result<Fault>> why_not() {
    const std::optional<std::string> owner = co_await world_.store.get(place_.owner_key);
    co_return owner ? place_.no_part : place_.no_owner;
  }

  World& world_;
  const PartPlace place_;
};

}  // namespace outcrop::apigatewayv2
