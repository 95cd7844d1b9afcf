#include "gen/lambda/delete_function_url_config.h"

#include "services/lambda/lambda.h"
#include "services/lambda/url/configuration.h"

namespace outcrop::lambda {

Task<Result<DeleteFunctionUrlConfigOutput>> delete_function_url_config(Lambda& lambda, Call& call, DeleteFunctionUrlConfigInput input) {
  co_await lambda.urls().erase(co_await read_url_owner(call, input.function_name, input.qualifier));
  co_return DeleteFunctionUrlConfigOutput();
}

}  // namespace outcrop::lambda
