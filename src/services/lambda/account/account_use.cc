#include "services/lambda/account/account_use.h"

#include <set>

#include "gen/records/lambda.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

// Calls each(key, record) for all of a range.
template <class Record, class Each>
Task<Result<void>> for_all_records(store::Transaction& transaction, store::Range range, Each each) {
  for (;;) {
    const std::vector<store::Entry> entries = co_await transaction.scan(range);
    if (entries.empty()) co_return {};
    for (const store::Entry& entry : entries) each(entry.key, co_await wire::decode_record<Record>(entry.value));
    range.begin = store::key_after(entries.back().key);
  }
}

// "my-function" of ".../c/my-function/live".
std::string_view function_in_key(std::string_view key) {
  key = key.substr(0, key.rfind('/'));
  return FunctionKeys::last_part(key);
}

}  // namespace

Task<Result<AccountUse>> read_account_use(store::Transaction& transaction, const Place& place) {
  const FunctionKeys keys(place);
  AccountUse use;
  std::set<std::string, std::less<>> reserving;
  co_await for_all_records<FunctionRecord>(transaction, keys.functions(), [&](std::string_view key, const FunctionRecord& function) {
    ++use.functions;
    use.code_bytes += uint64_t(function.code_bytes);
    if (!function.reserved_concurrency) return;
    use.reserved_concurrency += uint64_t(*function.reserved_concurrency);
    reserving.emplace(FunctionKeys::last_part(key));
  });
  co_await for_all_records<ProvisionedRecord>(transaction, keys.of_any_function('c'),
                                              [&](std::string_view key, const ProvisionedRecord& provisioned) {
                                                if (!reserving.contains(function_in_key(key)))
                                                  use.provisioned_concurrency += uint64_t(provisioned.requested);
                                              });
  co_return use;
}

Task<Result<uint64_t>> provisioned_sum(store::Transaction& transaction, const Place& place, std::string_view function,
                                       std::string_view except) {
  uint64_t sum = 0;
  co_await for_all_records<ProvisionedRecord>(transaction, FunctionKeys(place).of_function('c', function),
                                              [&](std::string_view key, const ProvisionedRecord& provisioned) {
                                                if (FunctionKeys::last_part(key) != except) sum += uint64_t(provisioned.requested);
                                              });
  co_return sum;
}

}  // namespace outcrop::lambda
