#include "gen/lambda/create_function.h"

#include <fmt/format.h>

#include "services/lambda/code/package.h"
#include "services/lambda/function/configuration.h"
#include "services/lambda/function/description.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

namespace {

Result<FunctionName> read_new_name(const Call& call, std::string_view text) {
  Result<FunctionName> name = read_function_name(call, text);
  if (!name) return name;
  if (name->name.size() > limits::function_name_max)
    return fail(invalid_parameter_value_exception(
        fmt::format("1 validation error detected: Value '{}' at 'functionName' failed to satisfy constraint: Member must have length less "
                    "than or equal to {}",
                    name->name, limits::function_name_max)));
  name->qualifier.reset();
  return name;
}

Result<void> check_kind(const CreateFunctionInput& input) {
  if (input.package_type.value_or("Zip") != "Zip") return fail(not_built("PackageType", "functions do not run from container images."));
  if (input.code_signing_config_arn) return fail(not_built("CodeSigningConfigArn", "signatures of code are not checked."));
  if (input.publish_to) return fail(not_built("PublishTo", "there are no capacity providers."));
  if (input.tenancy_config) return fail(not_built("TenancyConfig", "tenants are not kept apart."));
  if (!input.runtime)
    return fail(invalid_parameter_value_exception("Runtime is mandatory for functions created with deployment packages."));
  if (!input.handler)
    return fail(invalid_parameter_value_exception("Handler is mandatory for functions created with deployment packages."));
  return {};
}

}  // namespace

// Makes a function; its code is unpacked after the answer, which says so.
Task<Result<CreateFunctionOutput>> create_function(Lambda& lambda, Call& call, CreateFunctionInput input) {
  const FunctionName name = co_await read_new_name(call, input.function_name);
  co_await check_kind(input);
  co_await call.world.pool.run([&] { return lambda.runtimes().check(*input.runtime); });
  VersionRecord record = fresh_version(name);
  if (input.architectures) record.architectures = std::move(*input.architectures);
  FunctionRecord function;
  function.created_at = record.modified_at = call.world.clock.wall();
  if (input.tags) function.tags = std::move(*input.tags);
  const auto in_place = co_await code_directory_in(function.tags, lambda.functions().in_place());
  ConfigurationChange configuration = co_await take_configuration(input);
  co_await apply(configuration, record);
  if (co_await lambda.functions().function(name.place, name.name)) co_return fail(function_exists(name));
  record.code = co_await store_package(call.world, take_source(input.code), in_place.has_value());
  const CodeRecord code = record.code;
  Result<StoredVersion> made =
      co_await keep(lambda.functions().create(name, std::move(function), std::move(record), input.publish.value_or(false)));
  if (!made) {
    if (made.error().is_senders()) co_await drop_package(call.world, code);
    co_return fail(std::move(made.error()));
  }
  co_return describe<CreateFunctionOutput>(name, name.arn(), *made);
}

}  // namespace outcrop::lambda
