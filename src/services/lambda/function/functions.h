// Functions: the functions of this server, their versions and aliases, in the store. Shared regime: store transactions alone.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "gen/records/lambda.h"
#include "runner/function_version.h"
#include "services/lambda/function/function_name.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

// What an invocation by name and qualifier runs.
struct Runnable {
  runner::FunctionVersionRef version;  // kept between calls, so that one revision is one object
  std::optional<uint32_t> reserved_concurrency;
  std::string dead_letter_target;  // an ARN; empty: none
};

// Thread-safe.
class Functions {
 public:
  explicit Functions(World& world) : world_(world) {}

  // Each none when it is not there.
  Task<Result<std::optional<FunctionRecord>>> function(const Place& place, std::string_view name);
  Task<Result<std::optional<VersionRecord>>> version(const Place& place, std::string_view name, std::string_view version);
  Task<Result<std::optional<AliasRecord>>> alias(const Place& place, std::string_view name, std::string_view alias);

  // The version that a qualifier stands for just now: an alias with weights gives one of two by chance. Faults:
  // ResourceNotFoundException 404 ("Function not found: ARN").
  Task<Result<std::string>> resolve(const FunctionName& name);

  // The same, as the runner takes it, with its code in a directory. Fast when it was asked for before and nothing changed.
  Task<Result<Runnable>> runnable(const FunctionName& name);

  // Faults with ResourceNotFoundException 404 unless the function, and the version or alias its qualifier names, are there.
  Task<Result<void>> check_exists(const FunctionName& name);

  // Changes the function's own record in a transaction. ResourceNotFoundException 404.
  using ChangeFunction = std::function<Result<void>(FunctionRecord&)>;
  Task<Result<void>> change(const FunctionName& name, const ChangeFunction& change);

  // A reset: all of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  World& world_;
};

}  // namespace outcrop::lambda
