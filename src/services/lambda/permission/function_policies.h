// FunctionPolicies: the resource policies of functions, and of their versions and aliases, in the store.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/world.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"

namespace outcrop::lambda {

// The document, as GetPolicy shows it.
std::string document_of(const PolicyRecord& policy);

// A policy is of a function without a qualifier, of a version or of an alias; $LATEST has none of its own. Each change gives it a new
// RevisionId, and the same one to what it is of. Thread-safe.
class FunctionPolicies {
 public:
  explicit FunctionPolicies(World& world) : world_(world) {}

  Task<Result<std::optional<PolicyRecord>>> find(const FunctionName& name);

  // Adds `statement`, of that Sid, or answers its fault where AWS does. `revision_id`: only while it is the policy's or, when there is no
  // policy yet, that of what it would be of. Faults: ResourceNotFoundException 404, PreconditionFailedException 412,
  // ResourceConflictException 409 (the Sid is taken), PolicyLengthExceededException 400.
  Task<Result<void>> add(const FunctionName& name, std::string_view sid, const Result<std::string>& statement,
                         const std::optional<std::string>& revision_id);

  // Faults: ResourceNotFoundException 404 (of the function, the policy or the statement), PreconditionFailedException 412.
  Task<Result<void>> remove(const FunctionName& name, std::string_view sid, const std::optional<std::string>& revision_id);

 private:
  World& world_;
};

}  // namespace outcrop::lambda
