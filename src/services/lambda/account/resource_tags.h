// ResourceTags: the tags of what can be tagged, which requests name by its ARN: functions and event source mappings.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "wire/map.h"

namespace outcrop::lambda {

// Adds tags, or gives those of the same keys new values. InvalidParameterValueException 400: reserved keys, and more than a resource may
// have.
Result<void> add_tags(wire::Map<std::string>& tags, const wire::Map<std::string>& added);
void remove_tags(wire::Map<std::string>& tags, const std::vector<std::string>& keys);

// Thread-safe.
class ResourceTags {
 public:
  explicit ResourceTags(World& world) : world_(world) {}

  // Both fault with ResourceNotFoundException 404, and with InvalidParameterValueException 400 for a version or an alias of a function.
  Task<Result<wire::Map<std::string>>> list(const Call& call, std::string_view arn);
  // `change` may fault; it may run more than once. A function whose tags change has another RevisionId.
  using Change = std::function<Result<void>(wire::Map<std::string>&)>;
  Task<Result<void>> change(const Call& call, std::string_view arn, const Change& change);

 private:
  World& world_;
};

}  // namespace outcrop::lambda
