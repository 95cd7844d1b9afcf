#include "services/cloudwatch-logs/group/tags.h"

#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {

ChangeTags adding(wire::Map<std::string> added, Fault too_many) {
  return [added = std::move(added), too_many = std::move(too_many)](wire::Map<std::string>& tags) -> Result<void> {
    for (const auto& tag : added) tags[tag.key] = tag.value;
    if (tags.size() > limits::tags_max) return fail(Fault(too_many));
    return {};
  };
}

ChangeTags removing(std::vector<std::string> keys) {
  return [keys = std::move(keys)](wire::Map<std::string>& tags) -> Result<void> {
    for (const std::string& key : keys) tags.erase(key);
    return {};
  };
}

}  // namespace outcrop::cloudwatch_logs
