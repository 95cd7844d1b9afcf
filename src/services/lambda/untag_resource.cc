#include "gen/lambda/untag_resource.h"

#include "services/lambda/account/resource_tags.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Takes tags off a function or an event source mapping. Keys that it does not have are no mistake.
Task<Result<UntagResourceOutput>> untag_resource(Lambda& lambda, Call& call, UntagResourceInput input) {
  co_await lambda.tags().change(call, input.resource, [&](wire::Map<std::string>& tags) -> Result<void> {
    remove_tags(tags, input.tag_keys);
    return {};
  });
  co_return UntagResourceOutput();
}

}  // namespace outcrop::lambda
