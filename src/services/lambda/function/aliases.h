// Aliases: names of versions, which may send a part of what they are asked to another one.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gen/lambda/types.h"
#include "services/lambda/function/functions.h"

namespace outcrop::lambda {

// Faults: ResourceNotFoundException 404 for a function or version that is not there, ResourceConflictException 409 for a name that is
// taken, InvalidParameterValueException 400 for a routing that cannot be.
Task<Result<AliasRecord>> create_alias_of(World& world, const FunctionName& function, const std::string& alias, AliasRecord record);

// What is to be changed; what is none stays.
struct AliasChange {
  std::optional<std::string> version, description;
  std::optional<wire::Map<double>> weights;
  std::optional<std::string> revision_id;  // PreconditionFailedException 412 when it is another
};
// Faults as create_alias_of(), and ResourceNotFoundException 404.
Task<Result<AliasRecord>> change_alias_of(World& world, const FunctionName& function, const std::string& alias, AliasChange change);

// The weights of a routing configuration; none in it are none.
std::optional<wire::Map<double>> weights_of(std::optional<AliasRoutingConfiguration> routing);

template <class Configuration>
Configuration describe_alias(const FunctionName& function, std::string_view alias, const AliasRecord& record) {
  Configuration told;
  told.alias_arn = function.arn() + ":" + std::string(alias);
  told.name = alias;
  told.function_version = record.version;
  told.description = record.description;
  if (record.weights && !record.weights->empty())
    told.routing_config = AliasRoutingConfiguration{.additional_version_weights = record.weights};
  told.revision_id = record.revision_id;
  return told;
}

}  // namespace outcrop::lambda
