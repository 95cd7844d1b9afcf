#include "services/bedrock/profile/application_profiles.h"

#include <fmt/format.h>

#include "gen/bedrock/errors.h"
#include "services/bedrock/limits.h"
#include "services/bedrock/profile/system_profile.h"
#include "services/bedrock/profile/wording.h"
#include "services/bedrock/resource/resource_name.h"
#include "wire/record.h"

namespace outcrop::bedrock {

namespace {

// "0xumpou8xusv", as AWS's are.
std::string new_id(Random& random) {
  constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string id;
  while (id.size() < 12) id += characters[random.below(characters.size())];
  return id;
}

Result<void> check_quota(size_t profiles) {
  if (profiles < limits::application_profiles_max) return {};
  return fail(service_quota_exceeded_exception(
      fmt::format("The account has {} inference profiles in this Region, which is its quota.", limits::application_profiles_max)));
}

Result<ApplicationProfileRecord> decoded(const std::optional<std::string>& stored, std::string_view id) {
  if (!stored) return fail(no_such_profile(id));
  return wire::decode_record<ApplicationProfileRecord>(*stored);
}

}  // namespace

Task<Result<std::string>> ApplicationProfiles::create(const Place& place, ApplicationProfileRecord record) {
  const ProfileKeys keys(place);
  const std::string id = new_id(world_.random);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<std::string>> {
    if (record.request_token) {
      std::optional<std::string> made = co_await transaction.get(keys.token(*record.request_token));
      if (made) co_return *made;
      transaction.put(keys.token(*record.request_token), id);
    }
    if (co_await transaction.get(keys.name(record.name)))
      co_return fail(conflict_exception(fmt::format("An inference profile with the name {} exists already.", record.name)));
    const std::vector<store::Entry> names = co_await transaction.scan(keys.names(), {.entries_max = limits::application_profiles_max});
    co_await check_quota(names.size());
    transaction.put(keys.name(record.name), id);
    transaction.put(keys.profile(id), wire::encode_record(record));
    co_return id;
  }));
}

Task<Result<std::optional<ApplicationProfileRecord>>> ApplicationProfiles::get(const Place& place, std::string_view id) {
  std::optional<std::string> stored = co_await world_.store.get(ProfileKeys(place).profile(id));
  if (!stored) co_return std::nullopt;
  co_return co_await wire::decode_record<ApplicationProfileRecord>(*stored);
}

Task<Result<std::vector<ApplicationProfiles::Stored>>> ApplicationProfiles::list(const Place& place, std::string_view after, size_t count) {
  const ProfileKeys keys(place);
  store::Range range = keys.profiles_behind(after);
  std::vector<Stored> profiles;
  while (profiles.size() < count) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = count - profiles.size()});
    if (entries.empty()) break;
    for (const store::Entry& entry : entries)
      profiles.push_back({std::string(keys.id_in(entry.key)), co_await wire::decode_record<ApplicationProfileRecord>(entry.value)});
    range.begin = store::key_after(entries.back().key);
  }
  co_return profiles;
}

Task<Result<void>> ApplicationProfiles::change_tags(const Place& place, std::string_view id, const ChangeTags& change) {
  const std::string key = ProfileKeys(place).profile(id);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    ApplicationProfileRecord record = co_await decoded(co_await transaction.get(key), id);
    co_await change(record.tags);
    transaction.put(key, wire::encode_record(record));
    co_return {};
  }));
}

Task<Result<void>> ApplicationProfiles::erase(const Place& place, std::string_view id) {
  const ProfileKeys keys(place);
  const std::string key = keys.profile(id);
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    const ApplicationProfileRecord record = co_await decoded(co_await transaction.get(key), id);
    transaction.erase(key);
    transaction.erase(keys.name(record.name));
    if (record.request_token) transaction.erase(keys.token(*record.request_token));
    co_return {};
  });
  drop(key);
  co_return {};
}

// Writes nothing where nothing is: range tombstones would slow down what is stored later.
Task<Result<void>> ApplicationProfiles::forget(const std::optional<std::string>& account) {
  const store::Range range = ProfileKeys::all_of(account);
  const std::vector<store::Entry> any = co_await world_.store.scan(range, {.entries_max = 1});
  if (any.empty()) co_return {};
  store::WriteBatch batch;
  batch.erase_range(range);
  co_await world_.store.write(std::move(batch));
  std::lock_guard lock(mutex_);
  ++drops_;
  known_.clear();
  co_return {};
}

Task<Result<std::shared_ptr<const inference::ApplicationProfile>>> ApplicationProfiles::find(const Call& call, std::string_view id) {
  const std::string key = ProfileKeys(place_of(call)).profile(id);
  uint64_t drops;
  {
    std::lock_guard lock(mutex_);
    if (auto known = known_.find(key); known != known_.end()) co_return known->second;
    drops = drops_;
  }
  const std::optional<ApplicationProfileRecord> record = co_await get(place_of(call), id);
  if (!record) co_return Known();
  auto profile = std::make_shared<const inference::ApplicationProfile>(
      std::string(id), profile_arn(application_profile_kind, call.region, call.account(), id), record->source);
  std::lock_guard lock(mutex_);
  if (known_.size() >= limits::cached_profiles_max) known_.clear();
  if (drops == drops_) known_.insert_or_assign(key, profile);
  co_return profile;
}

void ApplicationProfiles::drop(std::string_view key) {
  std::lock_guard lock(mutex_);
  ++drops_;
  if (auto known = known_.find(key); known != known_.end()) known_.erase(known);
}

InferenceProfileSummary describe(const Place& place, std::string_view id, const ApplicationProfileRecord& record) {
  InferenceProfileSummary summary;
  summary.inference_profile_name = record.name;
  summary.description = record.description;
  summary.created_at = record.created_at;
  summary.updated_at = record.updated_at;
  summary.inference_profile_arn = profile_arn(application_profile_kind, place.region, place.account, id);
  for (const std::string& arn : record.models) summary.models.push_back({arn});
  summary.inference_profile_id = id;
  summary.status = active;
  summary.type = application_defined;
  return summary;
}

}  // namespace outcrop::bedrock
