#include "services/lambda/concurrency/reserved_concurrency.h"

#include <fmt/format.h>

#include "gen/lambda/errors.h"
#include "gen/records/lambda.h"
#include "services/lambda/account/account_use.h"
#include "services/lambda/account/quotas.h"
#include "services/lambda/concurrency/limits.h"
#include "store/store.h"
#include "wire/blame.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

Task<Result<std::optional<FunctionRecord>>> read_function(store::Transaction& transaction, const std::string& key) {
  const std::optional<std::string> stored = co_await transaction.get(key);
  if (!stored) co_return std::nullopt;
  co_return co_await wire::decode_record<FunctionRecord>(*stored);
}

// AWS says of these what is wrong but not who is to blame, as recorded.
Fault concurrency_refused(std::string message) { return wire::without_blame(invalid_parameter_value_exception(std::move(message))); }

Result<void> check_unreserved(uint64_t max, uint64_t taken_by_others, uint64_t count) {
  if (taken_by_others + count + limits::unreserved_concurrency_min <= max) return {};
  return fail(concurrency_refused(
      fmt::format("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
                  "below its minimum value of [{}].",
                  limits::unreserved_concurrency_min)));
}

Result<void> check_covers_provisioned(uint64_t provisioned, uint64_t count) {
  if (provisioned <= count) return {};
  return fail(concurrency_refused(fmt::format(
      " ReservedConcurrentExecutions  {} should not be lower than function's total provisioned concurrency [{}].", count, provisioned)));
}

Fault function_not_found_by(const std::string& arn) { return resource_not_found_exception("Function not found: " + arn); }

}  // namespace

Result<void> check_unqualified(const FunctionName& name) {
  if (!name.qualifier) return {};
  return fail(invalid_parameter_value_exception(
      "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a "
      "function name or an unqualified function ARN."));
}

Task<Result<void>> ReservedConcurrency::put(const FunctionName& function, uint32_t count) {
  const std::string key = FunctionKeys(function.place).function(function.name);
  const uint64_t max = uint64_t(concurrent_executions(quotas_, function.place).value());
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    std::optional<FunctionRecord> record = co_await read_function(transaction, key);
    if (!record) co_return fail(function_not_found_by(function.arn() + ":$LATEST"));
    const AccountUse use = co_await read_account_use(transaction, function.place);
    const uint64_t provisioned = co_await provisioned_sum(transaction, function.place, function.name);
    const uint64_t own = record->reserved_concurrency ? uint64_t(*record->reserved_concurrency) : provisioned;
    co_await check_unreserved(max, use.set_apart() - own, count);
    co_await check_covers_provisioned(provisioned, count);
    record->reserved_concurrency = int32_t(count);
    transaction.put(key, wire::encode_record(*record));
    co_return {};
  }));
}

Task<Result<std::optional<int32_t>>> ReservedConcurrency::find(const FunctionName& function) {
  const std::optional<std::string> stored = co_await world_.store.get(FunctionKeys(function.place).function(function.name));
  if (!stored) co_return fail(function_not_found_by(function.arn()));
  const FunctionRecord record = co_await wire::decode_record<FunctionRecord>(*stored);
  co_return record.reserved_concurrency;
}

Task<Result<void>> ReservedConcurrency::erase(const FunctionName& function) {
  const std::string key = FunctionKeys(function.place).function(function.name);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    std::optional<FunctionRecord> record = co_await read_function(transaction, key);
    if (!record) co_return fail(function_not_found_by(function.arn()));
    if (!record->reserved_concurrency) co_return {};
    record->reserved_concurrency.reset();
    transaction.put(key, wire::encode_record(*record));
    co_return {};
  }));
}

}  // namespace outcrop::lambda
