#include "gen/lambda/list_function_url_configs.h"

#include "base/encoding.h"
#include "gen/lambda/errors.h"
#include "services/lambda/lambda.h"
#include "services/lambda/url/configuration.h"
#include "services/lambda/url/limits.h"

namespace outcrop::lambda {

// The function's own URL first, then those of its aliases by name.
Task<Result<ListFunctionUrlConfigsOutput>> list_function_url_configs(Lambda& lambda, Call& call, ListFunctionUrlConfigsInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name);
  const std::optional<std::string> after = unbase64url(input.marker.value_or(""));
  if (!after) co_return fail(invalid_parameter_value_exception("The Marker is invalid."));
  const size_t most = size_t(std::clamp<int64_t>(input.max_items.value_or(limits::urls_listed_default), 1, limits::urls_listed_default));
  const std::vector<FunctionUrl> urls = co_await lambda.urls().list(name, *after, most + 1);
  ListFunctionUrlConfigsOutput output;
  for (const FunctionUrl& url : urls) {
    if (output.function_url_configs.size() == most) {
      output.next_marker = base64url(urls[most - 1].function.qualifier_or_latest());
      break;
    }
    output.function_url_configs.push_back(shown_config(call, url));
  }
  co_return output;
}

}  // namespace outcrop::lambda
