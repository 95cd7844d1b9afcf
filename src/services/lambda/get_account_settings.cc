#include "gen/lambda/get_account_settings.h"

#include "services/lambda/account/account_use.h"
#include "services/lambda/account/quotas.h"
#include "services/lambda/code/limits.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// What an account may have in this Region, and what it has.
Task<Result<GetAccountSettingsOutput>> get_account_settings(Lambda& lambda, Call& call, GetAccountSettingsInput input) {
  const Place place = place_of(call);
  const AccountUse use =
      co_await call.world.store.run([&](store::Transaction& transaction) { return read_account_use(transaction, place); });
  const uint64_t concurrency = uint64_t(concurrent_executions(lambda.quotas(), place).value());
  GetAccountSettingsOutput output;
  output.account_limit = AccountLimit{.total_code_size = int64_t(code_storage_bytes_max(lambda.quotas(), place)),
                                      .code_size_unzipped = int64_t(limits::unzipped_bytes_max),
                                      .code_size_zipped = int64_t(limits::zipped_bytes_max),
                                      .concurrent_executions = int32_t(concurrency),
                                      .unreserved_concurrent_executions = int32_t(concurrency - std::min(concurrency, use.set_apart()))};
  output.account_usage = AccountUsage{.total_code_size = int64_t(use.code_bytes), .function_count = int64_t(use.functions)};
  co_return output;
}

}  // namespace outcrop::lambda
