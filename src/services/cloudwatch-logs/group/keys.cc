#include "services/cloudwatch-logs/group/keys.h"

#include "base/check.h"
#include "store/keys.h"

namespace outcrop::cloudwatch_logs {

std::string group_key(const Shard& shard, const GroupName& name) {
  return shard.account_prefix("cloudwatch-logs", name.account) + "g/" + name.region + "/" + name.name;
}

store::Range group_keys(const Shard& shard, const std::string& account, const std::string& region, std::string_view prefix) {
  return store::Range::prefix(group_key(shard, {account, region, std::string(prefix)}));
}

GroupKeys::GroupKeys(const Shard& shard, const std::string& account, std::string_view group_id)
    : base_((shard.account_prefix("cloudwatch-logs", account) + "d/").append(group_id)) {
  check(group_id.size() == 8, "a log group's id has eight bytes");
}

std::string GroupKeys::placed(char kind, std::string_view stream_id, Position at) const {
  store::KeyWriter key(base_);
  return std::move(key.raw({&kind, 1}).raw(stream_id).u64(uint64_t(std::max<int64_t>(at.time_ms, 0))).u64(at.sequence)).str();
}

Position GroupKeys::position_of(std::string_view key) {
  check(key.size() > 16, "a key of a log event is too short");
  store::KeyReader reader(key.substr(key.size() - 16));
  const uint64_t time = *reader.u64(), sequence = *reader.u64();
  return {int64_t(time), sequence};
}

}  // namespace outcrop::cloudwatch_logs
