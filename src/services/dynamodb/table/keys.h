// Where tables and items lie in the store:
//   global/dynamodb/ACCOUNT/REGION/t/NAME    TableRecord (models/records/dynamodb.json)
//   global/dynamodb/ACCOUNT/REGION/x/TOKEN   TokenRecord: a transaction that was carried out
//   global/dynamodb/ACCOUNT/REGION/y/TIME TOKEN  the same by its time, 8 bytes of milliseconds
//   dynamodb-items/PREFIX NUMBER HASH …      the items of a table (NUMBER 0) and the entries of its indexes (item/item_key.h); PREFIX is 8
//   bytes,
//                                            drawn for each table, NUMBER is 2
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"
#include "store/keys.h"
#include "store/store.h"

namespace outcrop::dynamodb {

// Who owns a table, and where.
struct Place {
  std::string account, region;
};

inline Place place_of(const Call& call) { return {call.account(), call.region}; }

class TableKeys {
 public:
  explicit TableKeys(const Place& place) : prefix_(of_account(place.account) + place.region + "/") {}

  std::string table(std::string_view name) const { return prefix_ + "t/" + std::string(name); }
  std::string token(std::string_view token) const { return prefix_ + "x/" + std::string(token); }

  std::string token_time(Instant at, std::string_view token) const {
    return store::KeyWriter(prefix_ + "y/").i64(ms_since_epoch(at)).raw(token).str();
  }
  store::Range tokens_before(Instant at) const { return {prefix_ + "y/", token_time(at, "")}; }
  std::string_view token_in(std::string_view time_key) const { return time_key.substr(prefix_.size() + 2 + sizeof(int64_t)); }

  // The tables, by name, behind `after`.
  store::Range tables_behind(std::string_view after) const {
    store::Range range = store::Range::prefix(table(""));
    if (!after.empty()) range.begin = store::key_after(table(after));
    return range;
  }
  // Of a table's key.
  std::string_view name_in(std::string_view key) const { return key.substr(prefix_.size() + 2); }

  // All that an account, or any, has in any Region, without its items.
  static store::Range all_of(const std::optional<std::string>& account) {
    return store::Range::prefix(account ? of_account(*account) : of_anyone());
  }
  struct Named {
    std::string account, region, name;
  };
  // Whose table's key it is; none: it is another one.
  static std::optional<Named> place_in(std::string_view key) {
    std::string_view rest = key.substr(of_anyone().size());
    auto next = [&rest] {
      const std::string_view part = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      return std::string(part);
    };
    Named named{.account = next(), .region = next(), .name = {}};
    if (next() != "t") return std::nullopt;
    named.name = rest;
    return named;
  }

 private:
  static std::string of_anyone() { return "global/dynamodb/"; }
  static std::string of_account(std::string_view account) { return of_anyone() + std::string(account) + "/"; }

  std::string prefix_;
};

// What the keys of all items of a table, or of the entries of one of its indexes, begin with.
inline std::string items_prefix(uint64_t prefix) { return store::KeyWriter("dynamodb-items/").u64(prefix).str(); }
inline std::string items_prefix(uint64_t prefix, uint16_t number) {
  return store::KeyWriter("dynamodb-items/").u64(prefix).u8(uint8_t(number >> 8)).u8(uint8_t(number)).str();
}

}  // namespace outcrop::dynamodb
