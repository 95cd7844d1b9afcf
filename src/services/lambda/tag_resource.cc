#include "gen/lambda/tag_resource.h"

#include "gen/lambda/errors.h"
#include "services/lambda/account/resource_tags.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Tags a function or an event source mapping. Tags of the same keys get new values. One of them may say where a function's code is.
Task<Result<TagResourceOutput>> tag_resource(Lambda& lambda, Call& call, TagResourceInput input) {
  if (input.tags.empty()) co_return fail(invalid_parameter_value_exception("An error occurred and the request cannot be processed."));
  co_await code_directory_in(input.tags, lambda.functions().in_place());
  co_await lambda.tags().change(call, input.resource, [&](wire::Map<std::string>& tags) { return add_tags(tags, input.tags); });
  co_return TagResourceOutput();
}

}  // namespace outcrop::lambda
