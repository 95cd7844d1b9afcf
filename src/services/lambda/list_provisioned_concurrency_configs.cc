#include "gen/lambda/list_provisioned_concurrency_configs.h"

#include "services/lambda/account/page.h"
#include "services/lambda/concurrency/describe_provisioned.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// What is provisioned of a function, by version and alias.
Task<Result<ListProvisionedConcurrencyConfigsOutput>> list_provisioned_concurrency_configs(Lambda& lambda, Call& call,
                                                                                           ListProvisionedConcurrencyConfigsInput input) {
  const FunctionName function = co_await read_function_name(call, input.function_name);
  const std::string after = co_await read_marker(input.marker);
  const size_t most = page_size(input.max_items);
  auto provisioned = co_await lambda.provisioned_concurrency().list(function, after, most + 1);
  ListProvisionedConcurrencyConfigsOutput output;
  output.next_marker = cut_to_page(provisioned, most, &ProvisionedConcurrency::Provisioned::qualifier);
  output.provisioned_concurrency_configs.emplace();
  for (const ProvisionedConcurrency::Provisioned& each : provisioned) {
    ProvisionedConcurrencyConfigListItem& item = output.provisioned_concurrency_configs->emplace_back();
    describe_provisioned(each, item);
    item.function_arn = FunctionName{function.place, function.name, each.qualifier}.qualified_arn();
  }
  co_return output;
}

}  // namespace outcrop::lambda
