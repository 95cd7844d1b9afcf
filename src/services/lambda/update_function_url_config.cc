#include "gen/lambda/update_function_url_config.h"

#include "services/lambda/lambda.h"
#include "services/lambda/url/configuration.h"

namespace outcrop::lambda {

// Changes what is given; rules of CORS are replaced as a whole.
Task<Result<UpdateFunctionUrlConfigOutput>> update_function_url_config(Lambda& lambda, Call& call, UpdateFunctionUrlConfigInput input) {
  const FunctionName name = co_await read_url_owner(call, input.function_name, input.qualifier);
  const FunctionUrl url = co_await lambda.urls().update(name, [&](UrlRecord& record) {
    if (input.auth_type) record.auth_type = *input.auth_type;
    if (input.invoke_mode) record.invoke_mode = *input.invoke_mode;
    if (input.cors) record.cors = stored_cors(*input.cors);
  });
  FunctionUrlConfig shown = shown_config(call, url);
  co_return UpdateFunctionUrlConfigOutput{.function_url = std::move(shown.function_url),
                                          .function_arn = std::move(shown.function_arn),
                                          .auth_type = std::move(shown.auth_type),
                                          .cors = std::move(shown.cors),
                                          .creation_time = std::move(shown.creation_time),
                                          .last_modified_time = std::move(shown.last_modified_time),
                                          .invoke_mode = std::move(input.invoke_mode)};
}

}  // namespace outcrop::lambda
