#include "gen/lambda/get_function_url_config.h"

#include "services/lambda/lambda.h"
#include "services/lambda/url/configuration.h"

namespace outcrop::lambda {

Task<Result<GetFunctionUrlConfigOutput>> get_function_url_config(Lambda& lambda, Call& call, GetFunctionUrlConfigInput input) {
  const FunctionUrl url = co_await lambda.urls().get(co_await read_url_owner(call, input.function_name, input.qualifier));
  FunctionUrlConfig shown = shown_config(call, url);
  co_return GetFunctionUrlConfigOutput{.function_url = std::move(shown.function_url),
                                       .function_arn = std::move(shown.function_arn),
                                       .auth_type = std::move(shown.auth_type),
                                       .cors = std::move(shown.cors),
                                       .creation_time = std::move(shown.creation_time),
                                       .last_modified_time = std::move(shown.last_modified_time),
                                       .invoke_mode = std::move(shown.invoke_mode)};
}

}  // namespace outcrop::lambda
