#include "services/lambda/function/aliases.h"

#include <fmt/format.h>

#include "services/lambda/function/wording.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

constexpr size_t weights_max = 1;  // Developer Guide, "Aliases": at most two versions

Fault version_not_found(const FunctionName& function, std::string_view version) {
  return function_not_found({function.place, function.name, std::string(version)});
}

Result<void> check_routing(const AliasRecord& record) {
  if (!record.weights || record.weights->empty()) return {};
  if (record.weights->size() > weights_max)
    return fail(invalid_parameter_value_exception("Number of items in AdditionalVersionWeights cannot be greater than 1"));
  for (const auto& [version, weight] : *record.weights) {
    if (version == record.version)
      return fail(invalid_parameter_value_exception(
          fmt::format("Invalid function version {}. Function version {} is already included in routing configuration.", version, version)));
    if (record.version == latest || version == latest)
      return fail(invalid_parameter_value_exception("$LATEST is not supported for an alias pointing to more than 1 version"));
  }
  return {};
}

// An alias names what is there: read in the transaction that stores it.
Task<Result<void>> check_versions(store::Transaction& transaction, const FunctionName& function, const AliasRecord& record) {
  const FunctionKeys keys(function.place);
  if (!co_await transaction.get(keys.function(function.name))) co_return fail(function_not_found(function));
  if (!co_await transaction.get(keys.version(function.name, record.version))) co_return fail(version_not_found(function, record.version));
  if (!record.weights) co_return {};
  for (const auto& entry : *record.weights) {
    if (!co_await transaction.get(keys.version(function.name, entry.key))) co_return fail(version_not_found(function, entry.key));
  }
  co_return {};
}

}  // namespace

std::optional<wire::Map<double>> weights_of(std::optional<AliasRoutingConfiguration> routing) {
  if (!routing) return std::nullopt;
  return std::move(routing->additional_version_weights).value_or(wire::Map<double>());
}

Task<Result<AliasRecord>> create_alias_of(World& world, const FunctionName& function, const std::string& alias, AliasRecord record) {
  const std::string key = FunctionKeys(function.place).alias(function.name, alias);
  record.revision_id = world.random.uuid();
  co_await world.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    co_await check_versions(transaction, function, record);
    if (co_await transaction.get(key))
      co_return fail(resource_conflict_exception(fmt::format("Alias already exists: {}:{}", function.arn(), alias)));
    co_await check_routing(record);
    transaction.put(key, wire::encode_record(record));
    co_return {};
  });
  co_return record;
}

Task<Result<AliasRecord>> change_alias_of(World& world, const FunctionName& function, const std::string& alias, AliasChange change) {
  const FunctionKeys keys(function.place);
  const std::string key = keys.alias(function.name, alias);
  co_return co_await keep(world.store.run([&](store::Transaction& transaction) -> Task<Result<AliasRecord>> {
    const std::optional<std::string> bytes = co_await transaction.get(key);
    if (!bytes) co_return fail(alias_not_found(function, alias));
    AliasRecord record = co_await wire::decode_record<AliasRecord>(*bytes);
    if (change.revision_id && *change.revision_id != record.revision_id) co_return fail(revision_differs("GetAlias"));
    if (change.version) record.version = *change.version;
    if (change.description) record.description = *change.description;
    if (change.weights) record.weights = change.weights;
    co_await check_versions(transaction, function, record);
    co_await check_routing(record);
    record.revision_id = world.random.uuid();
    transaction.put(key, wire::encode_record(record));
    co_return record;
  }));
}

}  // namespace outcrop::lambda
