#include "gen/lambda/create_function_url_config.h"

#include "services/lambda/lambda.h"
#include "services/lambda/url/configuration.h"

namespace outcrop::lambda {

// Gives a function, or an alias of it, an address of its own.
Task<Result<CreateFunctionUrlConfigOutput>> create_function_url_config(Lambda& lambda, Call& call, CreateFunctionUrlConfigInput input) {
  const FunctionName name = co_await read_url_owner(call, input.function_name, input.qualifier);
  UrlRecord record{.auth_type = input.auth_type, .invoke_mode = input.invoke_mode.value_or(std::string(buffered))};
  if (input.cors) record.cors = stored_cors(std::move(*input.cors));
  const FunctionUrl url = co_await lambda.urls().create(name, std::move(record));
  FunctionUrlConfig shown = shown_config(call, url);
  co_return CreateFunctionUrlConfigOutput{.function_url = std::move(shown.function_url),
                                          .function_arn = std::move(shown.function_arn),
                                          .auth_type = std::move(shown.auth_type),
                                          .cors = std::move(shown.cors),
                                          .creation_time = std::move(shown.creation_time),
                                          .invoke_mode = std::move(input.invoke_mode)};
}

}  // namespace outcrop::lambda
