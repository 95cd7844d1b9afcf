#include "gen/lambda/publish_version.h"

#include <fmt/format.h>

#include "services/lambda/function/description.h"
#include "services/lambda/function/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Makes a version of $LATEST that never changes. Where nothing changed since the last one, that is the answer.
Task<Result<PublishVersionOutput>> publish_version(Lambda& lambda, Call& call, PublishVersionInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  if (input.publish_to) co_return fail(not_built("PublishTo", "there are no capacity providers."));
  const StoredVersion made =
      co_await lambda.functions().publish(name, std::move(input.revision_id), [&](VersionRecord& record) -> Result<void> {
        const std::string current = base64(unhex(record.code.sha256).value_or(""));
        if (input.code_sha256 && *input.code_sha256 != current)
          return fail(invalid_parameter_value_exception(
              fmt::format("CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please try again with the CodeSHA256 in "
                          "$LATEST.",
                          *input.code_sha256, current)));
        if (record.code.blob.empty())
          return fail(invalid_parameter_value_exception(
              fmt::format("{} has no package to publish: it runs from a directory, by its tag {}.", name.name, code_directory_tag)));
        if (input.description) record.description = *input.description;
        return {};
      });
  co_return describe<PublishVersionOutput>(name, name.arn() + ":" + made.version, made);
}

}  // namespace outcrop::lambda
