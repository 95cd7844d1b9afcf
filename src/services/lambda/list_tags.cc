#include "gen/lambda/list_tags.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// The tags of a function or of an event source mapping.
Task<Result<ListTagsOutput>> list_tags(Lambda& lambda, Call& call, ListTagsInput input) {
  co_return ListTagsOutput{.tags = co_await lambda.tags().list(call, input.resource)};
}

}  // namespace outcrop::lambda
