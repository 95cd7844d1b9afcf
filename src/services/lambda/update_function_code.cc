#include "gen/lambda/update_function_code.h"

#include "services/lambda/code/package.h"
#include "services/lambda/function/description.h"
#include "services/lambda/function/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Gives $LATEST another package, and publishes it when that is wanted; it is unpacked after the answer, which says so.
Task<Result<UpdateFunctionCodeOutput>> update_function_code(Lambda& lambda, Call& call, UpdateFunctionCodeInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  if (input.publish_to) co_return fail(not_built("PublishTo", "there are no capacity providers."));
  co_await lambda.functions().check_exists(name);
  const CodeRecord code = co_await store_package(call.world, take_source(input), false);
  const VersionChange how{.revision_id = std::move(input.revision_id),
                          .publishes = input.publish.value_or(false),
                          .is_rehearsal = input.dry_run.value_or(false)};
  const Result<void> has_room = co_await keep(lambda.functions().check_storage(name.place, code));
  Result<StoredVersion> changed = has_room ? Result<StoredVersion>() : fail(has_room.error());
  if (has_room)
    changed = co_await keep(lambda.functions().update(name, how, [&](VersionRecord& record) -> Result<void> {
      record.code = code;
      if (input.architectures) record.architectures = *input.architectures;
      return {};
    }));
  if (changed ? how.is_rehearsal : changed.error().is_senders()) co_await drop_package(call.world, code);
  if (!changed) co_return fail(changed.error());
  const std::string arn = how.publishes && !how.is_rehearsal ? name.arn() + ":" + changed->version : name.arn();
  co_return describe<UpdateFunctionCodeOutput>(name, arn, *changed);
}

}  // namespace outcrop::lambda
