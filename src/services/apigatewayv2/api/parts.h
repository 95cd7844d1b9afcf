// Parts: what belongs to an API, or to a domain name, and is known by an id of its own: routes, integrations, stages, … Created, read,
// changed, listed and erased in store transactions, each with its owners, whose going takes them along.
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
  struct Owner {
    std::string key;
    Fault absent;  // NotFoundException 404: "Invalid API identifier specified 111111111111:abcdef1234"
  };
  std::vector<Owner> owners;                         // all must be there, the outermost first: an API, and perhaps a route of it
  std::string prefix;                                // of the parts' keys; the id follows
  std::function<Fault(std::string_view id)> absent;  // NotFoundException 404: "Invalid Route identifier specified abc1234"
  Fault taken;                                       // ConflictException 409
  size_t count_max = 0;                              // a quota, and
  Fault too_many;                                    // TooManyRequestsException 429: what one more is answered with
  // What must happen with each change: in its transaction, behind it, and once it is committed.
  std::function<Task<Result<void>>(store::Transaction& transaction)> follow = nullptr;
  std::function<void()> committed = nullptr;
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

// Fault: BadRequestException 400.
Result<void> check_record_size(size_t bytes);

// All entries of a range, as the transaction has them.
Task<Result<std::vector<store::Entry>>> scan_all(store::Transaction& transaction, store::Range range);

template <class Record>
class Parts {
 public:
  Parts(World& world, PartPlace place) : world_(world), place_(std::move(place)) {}

  // Changes a record, or faults; perhaps more than once.
  using Change = std::function<Result<void>(Record& record)>;
  // The same of a record that is still to be written, with a look at what else is there in the transaction.
  using ChangeIn = std::function<Task<Result<void>>(store::Transaction& transaction, Record& record)>;
  // Looks at a record that is to go, or faults; may erase what goes with it.
  using Check = std::function<Task<Result<void>>(store::Transaction& transaction, const Record& record)>;

  // Gives the record as it was written. Faults: those of the place and of `change`.
  Task<Result<Record>> create(std::string_view id, const Record& record, const ChangeIn& change = nullptr) {
    Record created = co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<Record>> {
      Record made = record;
      co_await check_owners(transaction);
      if (co_await transaction.get(key(id))) co_return fail(place_.taken);
      if (change) co_await change(transaction, made);
      co_await put(transaction, id, made);
      co_await check_count(transaction);
      if (place_.follow) co_await place_.follow(transaction);
      co_return made;
    });
    if (place_.committed) place_.committed();
    co_return created;
  }

  Task<Result<Record>> get(std::string_view id) {
    const std::optional<std::string> stored = co_await world_.store.get(key(id));
    if (!stored) co_return fail(co_await why_not(id));
    co_return wire::decode_record<Record>(*stored);
  }

  // Gives the record as it is now.
  Task<Result<Record>> change(std::string_view id, const ChangeIn& change) {
    Record changed = co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<Record>> {
      Record record = co_await get_in(transaction, id);
      co_await change(transaction, record);
      co_await put(transaction, id, record);
      if (place_.follow) co_await place_.follow(transaction);
      co_return record;
    });
    if (place_.committed) place_.committed();
    co_return changed;
  }

  Task<Result<Record>> change(std::string_view id, const Change& change) {
    const ChangeIn in_transaction = [&](store::Transaction&, Record& record) { return done(change(record)); };
    co_return co_await keep(this->change(id, in_transaction));
  }

  Task<Result<void>> erase(std::string_view id, const Check& check = nullptr) {
    co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
      const Record record = co_await get_in(transaction, id);
      if (check) co_await check(transaction, record);
      transaction.erase(key(id));
      if (place_.follow) co_await place_.follow(transaction);
      co_return {};
    });
    if (place_.committed) place_.committed();
    co_return {};
  }

  // By id.
  Task<Result<std::vector<Part<Record>>>> list(const PageOf& page) {
    for (const PartPlace::Owner& owner : place_.owners) {
      if (!co_await world_.store.get(owner.key)) co_return fail(owner.absent);
    }
    std::vector<Part<Record>> parts;
    store::Range left = all();
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

  // As get(), for a look at it in a transaction.
  Task<Result<Record>> get_in(store::Transaction& transaction, std::string_view id) const {
    co_await check_owners(transaction);
    const std::optional<std::string> stored = co_await transaction.get(key(id));
    if (!stored) co_return fail(place_.absent(id));
    co_return wire::decode_record<Record>(*stored);
  }
  // All there are, for a look at them in a transaction.
  Task<Result<std::vector<Part<Record>>>> list_in(store::Transaction& transaction) const {
    std::vector<Part<Record>> parts;
    for (const store::Entry& entry : co_await scan_all(transaction, all()))
      parts.push_back({entry.key.substr(place_.prefix.size()), co_await wire::decode_record<Record>(entry.value)});
    co_return parts;
  }

  store::Range all() const { return store::Range::prefix(place_.prefix); }
  std::string key(std::string_view id) const { return place_.prefix + std::string(id); }

 private:
  static Task<Result<void>> done(Result<void> result) { co_return result; }
  // BadRequestException 400 for what is larger than the store keeps under one key.
  Result<void> put(store::Transaction& transaction, std::string_view id, const Record& record) const {
    const std::string bytes = wire::encode_record(record);
    if (Result<void> fits = check_record_size(bytes.size()); !fits) return fits;
    transaction.put(key(id), bytes);
    return {};
  }
  Task<Result<void>> check_owners(store::Transaction& transaction) const {
    for (const PartPlace::Owner& owner : place_.owners) {
      if (!co_await transaction.get(owner.key)) co_return fail(owner.absent);
    }
    co_return {};
  }
  Task<Result<void>> check_count(store::Transaction& transaction) {
    const std::vector<store::Entry> entries = co_await scan_all(transaction, all());
    if (entries.size() > place_.count_max) co_return fail(place_.too_many);
    co_return {};
  }
  Task<Result<Fault>> why_not(std::string_view id) {
    for (const PartPlace::Owner& owner : place_.owners) {
      if (!co_await world_.store.get(owner.key)) co_return owner.absent;
    }
    co_return place_.absent(id);
  }

  World& world_;
  const PartPlace place_;
};

}  // namespace outcrop::apigatewayv2
