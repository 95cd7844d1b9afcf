// Named: the version or the alias that a qualifier names, in a transaction. Both have a RevisionId, which changes of their policy renew.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/task.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"
#include "store/store.h"

namespace outcrop::lambda {

struct Named {
  std::string key;
  std::variant<VersionRecord, AliasRecord> record;

  const std::string& revision_id() const;
  void renew(store::Transaction& transaction, std::string_view revision_id);
};

// A function without a qualifier is its version $LATEST. None when there is no such version or alias.
Task<Result<std::optional<Named>>> find_named(store::Transaction& transaction, const FunctionName& name);

// "Cannot find alias arn: …" or "Function not found: …", by what the qualifier looks like: ResourceNotFoundException 404.
Fault named_not_found(const FunctionName& name);

}  // namespace outcrop::lambda
