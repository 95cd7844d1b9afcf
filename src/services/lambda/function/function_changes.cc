// What changes functions: each change is one transaction, and what it left to do is done after it.
#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "services/lambda/code/limits.h"
#include "services/lambda/function/functions.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/function/states.h"
#include "services/lambda/function/wording.h"
#include "store/blob_store.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

template <class Record>
Task<Result<std::optional<Record>>> read_record_at(store::Transaction& transaction, std::string key) {
  const std::optional<std::string> bytes = co_await transaction.get(key);
  if (!bytes) co_return std::nullopt;
  co_return co_await wire::decode_record<Record>(*bytes);
}

// All entries of a range, page by page.
Task<Result<std::vector<store::Entry>>> scan_all(store::Transaction& transaction, store::Range range) {
  std::vector<store::Entry> all;
  for (;;) {
    std::vector<store::Entry> page = co_await transaction.scan(range, {.entries_max = limits::scan_page});
    if (page.empty()) co_return all;
    range.begin = store::key_after(page.back().key);
    std::ranges::move(page, std::back_inserter(all));
  }
}

void put_version(store::Transaction& transaction, const FunctionName& name, const StoredVersion& stored) {
  const FunctionKeys keys(name.place);
  transaction.put(keys.version(name.name, stored.version), wire::encode_record(stored.record));
  transaction.put(keys.code_use(stored.record.code.sha256, name.name, stored.version), stored.record.code.blob);
}

// What was set for a version or an alias.
void erase_settings(store::Transaction& transaction, const FunctionName& name) {
  const FunctionKeys keys(name.place);
  const std::string& qualifier = *name.qualifier;
  transaction.erase(keys.policy(name.name, qualifier));
  transaction.erase(keys.event_invoke(name.name, qualifier));
  transaction.erase(keys.url(name.name, qualifier));
  transaction.erase(keys.provisioned(name.name, qualifier));
}

bool is_unsettled(const VersionRecord& record) { return record.state == states::pending || record.last_update == states::in_progress; }

Result<void> check_revision(const std::optional<std::string>& wanted, const VersionRecord& record) {
  if (wanted && *wanted != record.revision_id) return fail(revision_differs("GetFunction"));
  return {};
}

Result<void> check_settled(const FunctionName& name, const VersionRecord& record) {
  if (record.last_update == states::in_progress) return fail(update_in_progress(name));
  if (record.state == states::pending) return fail(not_now(record));
  return {};
}

// "ACCOUNT/REGION/FUNCTION/VERSION", behind the prefix of a key.
std::optional<std::pair<FunctionName, std::string>> version_behind(std::string_view key, std::string_view prefix) {
  std::string_view rest = key.substr(prefix.size());
  std::string_view parts[4];
  for (std::string_view& part : parts) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    part = rest.substr(0, slash);
    if (part.empty()) return std::nullopt;
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return std::pair{FunctionName{{std::string(parts[0]), std::string(parts[1])}, std::string(parts[2])}, std::string(parts[3])};
}

}  // namespace

Task<Result<void>> Functions::change(const FunctionName& name, const ChangeFunction& change) {
  const std::string key = FunctionKeys(name.place).function(name.name);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    std::optional<FunctionRecord> record = co_await read_record_at<FunctionRecord>(transaction, key);
    if (!record) co_return fail(function_not_found(name));
    co_await change(*record);
    transaction.put(key, wire::encode_record(*record));
    co_return {};
  }));
}

Task<Result<void>> Functions::check_storage(const Place& place, const CodeRecord& code) {
  const uint64_t bytes = co_await code_bytes(place);
  const uint64_t most = options_.code_storage_max ? options_.code_storage_max(place) : limits::code_storage_bytes_max;
  if (bytes + static_cast<uint64_t>(code.bytes) <= most) co_return {};
  co_return fail(code_storage_exceeded_exception("Code storage limit exceeded."));
}

Task<Result<StoredVersion>> Functions::create(const FunctionName& name, FunctionRecord function, VersionRecord record, bool publishes) {
  const FunctionKeys keys(name.place);
  const std::string key = keys.function(name.name);
  co_await check_storage(name.place, record.code);
  record.revision_id = record.change_id = world_.random.uuid();
  begin_creation(record);
  const StoredVersion made{std::string(latest), std::move(record)};
  const StoredVersion told = co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<StoredVersion>> {
    if (co_await transaction.get(key)) co_return fail(function_exists(name));
    FunctionRecord fresh = function;
    fresh.code_bytes = made.record.code.bytes;
    transaction.put(key, wire::encode_record(fresh));
    put_version(transaction, name, made);
    transaction.put(keys.unsettled(name.name, latest), "");
    if (!publishes) co_return made;
    co_return co_await add_version(transaction, name, made.record, nullptr, states::pending);
  });
  settle_later(name, made);
  if (publishes) settle_later(name, told);
  co_return told;
}

// The next version, of what $LATEST is. In the transaction that has the function's own record.
Task<Result<StoredVersion>> Functions::add_version(store::Transaction& transaction, const FunctionName& name,
                                                   const VersionRecord& latest_record, const ChangeVersion& describe,
                                                   std::string_view state) {
  const FunctionKeys keys(name.place);
  std::optional<FunctionRecord> function = co_await read_record_at<FunctionRecord>(transaction, keys.function(name.name));
  if (!function) co_return fail(function_not_found(name));
  StoredVersion made{std::to_string(++function->last_version), latest_record};
  function->code_bytes += latest_record.code.bytes;
  made.record.revision_id = world_.random.uuid();
  if (describe) co_await describe(made.record);
  if (state == states::pending) {
    begin_creation(made.record);
    transaction.put(keys.unsettled(name.name, made.version), "");
  }
  transaction.put(keys.function(name.name), wire::encode_record(*function));
  put_version(transaction, name, made);
  co_return made;
}

Task<Result<StoredVersion>> Functions::change_latest(store::Transaction& transaction, const FunctionName& name, const VersionChange& how,
                                                     const ChangeVersion& change) {
  const FunctionKeys keys(name.place);
  std::optional<VersionRecord> before = co_await read_record_at<VersionRecord>(transaction, keys.version(name.name, latest));
  std::optional<FunctionRecord> function = co_await read_record_at<FunctionRecord>(transaction, keys.function(name.name));
  if (!before || !function) co_return fail(function_not_found(name));
  co_await check_revision(how.revision_id, *before);
  co_await check_settled(name, *before);
  VersionRecord after = *before;
  co_await change(after);
  after.modified_at = world_.clock.wall();
  after.revision_id = after.change_id = world_.random.uuid();
  begin_update(after);
  StoredVersion made{std::string(latest), std::move(after)};
  if (how.is_rehearsal) co_return made;
  if (before->code.sha256 != made.record.code.sha256) transaction.erase(keys.code_use(before->code.sha256, name.name, latest));
  function->code_bytes += made.record.code.bytes - before->code.bytes;
  transaction.put(keys.function(name.name), wire::encode_record(*function));
  put_version(transaction, name, made);
  transaction.put(keys.unsettled(name.name, latest), "");
  co_return made;
}

Task<Result<StoredVersion>> Functions::update(const FunctionName& name, VersionChange how, const ChangeVersion& change) {
  std::optional<StoredVersion> changed, published;
  std::vector<CodeRecord> replaced;
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    published.reset();
    replaced.clear();
    changed = co_await change_latest(transaction, name, how, [&](VersionRecord& record) {
      replaced.push_back(record.code);
      return change(record);
    });
    if (how.publishes && !how.is_rehearsal) published = co_await add_version(transaction, name, changed->record, nullptr, states::pending);
    co_return {};
  });
  if (how.is_rehearsal) co_return std::move(*changed);
  drop_known(FunctionKeys(name.place).version(name.name, latest));
  settle_later(name, *changed);
  if (published) settle_later(name, *published);
  co_await discard_unused(std::move(replaced));
  co_return std::move(published ? *published : *changed);
}

Task<Result<StoredVersion>> Functions::publish(const FunctionName& name, std::optional<std::string> revision_id,
                                               const ChangeVersion& describe) {
  const FunctionKeys keys(name.place);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<StoredVersion>> {
    std::optional<VersionRecord> record = co_await read_record_at<VersionRecord>(transaction, keys.version(name.name, latest));
    std::optional<FunctionRecord> function = co_await read_record_at<FunctionRecord>(transaction, keys.function(name.name));
    if (!record || !function) co_return fail(function_not_found(name));
    co_await check_revision(revision_id, *record);
    co_await check_settled(name, *record);
    const std::string last = std::to_string(function->last_version);
    std::optional<VersionRecord> before = co_await read_record_at<VersionRecord>(transaction, keys.version(name.name, last));
    VersionRecord described = *record;
    co_await describe(described);  // may refuse, whether or not there is anything to publish
    if (before && before->change_id == record->change_id) co_return StoredVersion{last, std::move(*before)};
    co_await check_storage(name.place, described.code);
    co_return co_await add_version(transaction, name, described, nullptr, described.state);
  }));
}

Task<Result<void>> Functions::erase(const FunctionName& name) {
  if (name.qualifier == latest)
    co_return fail(invalid_parameter_value_exception("$LATEST version cannot be deleted without deleting the function."));
  const FunctionKeys keys(name.place);
  std::vector<CodeRecord> erased;
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    erased.clear();
    if (!co_await transaction.get(keys.function(name.name))) co_return fail(function_not_found({name.place, name.name}));
    if (name.qualifier && !co_await transaction.get(keys.version(name.name, *name.qualifier))) co_return {};
    for (const OnErase& hook : erase_hooks_) co_await hook(transaction, name);
    co_return co_await keep(name.qualifier ? erase_version(transaction, name, erased) : erase_all(transaction, name, erased));
  });
  drop_known(name.qualifier ? keys.version(name.name, *name.qualifier) : keys.versions(name.name).begin);
  co_await discard_unused(std::move(erased));
  co_return {};
}

Task<Result<void>> Functions::erase_version(store::Transaction& transaction, const FunctionName& name, std::vector<CodeRecord>& erased) {
  const FunctionKeys keys(name.place);
  const std::string& version = *name.qualifier;
  std::optional<VersionRecord> record = co_await read_record_at<VersionRecord>(transaction, keys.version(name.name, version));
  if (!record) co_return {};
  for (const store::Entry& entry : co_await scan_all(transaction, keys.of_function('a', name.name))) {
    const auto alias = co_await wire::decode_record<AliasRecord>(entry.value);
    if (alias.version != version && !(alias.weights && alias.weights->contains(version))) continue;
    co_return fail(resource_conflict_exception(
        fmt::format("Version {} of function {} is named by the alias {}.", version, name.name, FunctionKeys::last_part(entry.key))));
  }
  std::optional<FunctionRecord> function = co_await read_record_at<FunctionRecord>(transaction, keys.function(name.name));
  if (!function) co_return fail(function_not_found({name.place, name.name}));
  function->code_bytes -= record->code.bytes;
  transaction.put(keys.function(name.name), wire::encode_record(*function));
  transaction.erase(keys.version(name.name, version));
  transaction.erase(keys.code_use(record->code.sha256, name.name, version));
  transaction.erase(keys.unsettled(name.name, version));
  erase_settings(transaction, name);
  erased.push_back(record->code);
  co_return {};
}

Task<Result<void>> Functions::erase_all(store::Transaction& transaction, const FunctionName& name, std::vector<CodeRecord>& erased) {
  const FunctionKeys keys(name.place);
  for (const store::Entry& entry : co_await scan_all(transaction, keys.versions(name.name))) {
    const auto record = co_await wire::decode_record<VersionRecord>(entry.value);
    const std::string version = FunctionKeys::version_in(entry.key);
    transaction.erase(entry.key);
    transaction.erase(keys.code_use(record.code.sha256, name.name, version));
    transaction.erase(keys.unsettled(name.name, version));
    erased.push_back(record.code);
  }
  for (const char kind : {'a', 'p', 'e', 'u', 'c'}) {
    for (const store::Entry& entry : co_await scan_all(transaction, keys.of_function(kind, name.name))) transaction.erase(entry.key);
  }
  transaction.erase(keys.function(name.name));
  co_return {};
}

Task<Result<void>> Functions::erase_alias(const FunctionName& name) {
  const FunctionKeys keys(name.place);
  const std::string& alias = *name.qualifier;
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    if (!co_await transaction.get(keys.function(name.name))) co_return fail(function_not_found({name.place, name.name}));
    if (!co_await transaction.get(keys.alias(name.name, alias))) co_return {};
    for (const OnErase& hook : erase_hooks_) co_await hook(transaction, name);
    erase_settings(transaction, name);
    transaction.erase(keys.alias(name.name, alias));
    co_return {};
  }));
}

// What is in the way of a disk is said in the log: the change itself is done.
Task<void> Functions::discard_unused(std::vector<CodeRecord> codes) {
  for (const CodeRecord& code : codes) {
    const store::Range range = store::Range::prefix(FunctionKeys::code_uses(code.sha256));
    const Result<std::vector<store::Entry>> uses = co_await world_.store.scan(range);
    if (!uses) continue;
    if (uses->empty()) co_await code_.discard(code.sha256);
    if (code.blob.empty() || std::ranges::find(*uses, code.blob, &store::Entry::value) != uses->end()) continue;
    if (auto erased = co_await world_.blobs.erase(code.blob); !erased)
      log::warning("the package of a function could not be removed", {{"reason", erased.error().message}});
  }
}

void Functions::settle_later(const FunctionName& name, const StoredVersion& stored) { background_.spawn(settle(name, stored)); }

// Unpacks the code of a version, and says how that went, unless the version has changed again meanwhile.
Task<void> Functions::settle(FunctionName name, StoredVersion stored) {
  const CodeRecord& code = stored.record.code;
  Result<void> unpacked;
  if (!code.blob.empty()) {
    Result<UnpackedCodeRef> made = co_await code_.unpack(code.sha256, code.blob);
    if (!made) unpacked = fail(made.error());
  }
  const FunctionKeys keys(name.place);
  const std::string key = keys.version(name.name, stored.version);
  const Result<void> settled = co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    std::optional<VersionRecord> record = co_await read_record_at<VersionRecord>(transaction, key);
    if (!record || record->change_id != stored.record.change_id || !is_unsettled(*record)) co_return {};
    if (unpacked)
      settle_well(*record);
    else
      settle_badly(*record, unpacked.error());
    record->revision_id = world_.random.uuid();
    transaction.put(key, wire::encode_record(*record));
    transaction.erase(keys.unsettled(name.name, stored.version));
    co_return {};
  });
  if (!settled) log::error("a change of a function could not be settled", {{"function", name.arn()}, {"reason", settled.error().message}});
}

Task<Result<void>> Functions::settle_unsettled(std::string key) {
  const auto behind = version_behind(key, FunctionKeys::unsettled());
  if (!behind) co_return {};
  const auto& [name, number] = *behind;
  std::optional<VersionRecord> record = co_await version(name.place, name.name, number);
  if (record) settle_later(name, {number, std::move(*record)});
  co_return {};
}

// Code goes with its last use; a task that settles finds nothing to say.
Task<Result<void>> Functions::forget(const std::optional<std::string>& account) {
  std::vector<CodeRecord> codes;
  store::Range range = store::Range::prefix(FunctionKeys::code_uses());
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = limits::scan_page});
    if (entries.empty()) break;
    store::WriteBatch batch;
    for (const store::Entry& entry : entries) {
      const std::string_view rest = std::string_view(entry.key).substr(FunctionKeys::code_uses().size());
      const std::string_view sha256 = rest.substr(0, rest.find('/'));
      if (account && !rest.substr(sha256.size() + 1).starts_with(*account + "/")) continue;
      codes.push_back({.blob = entry.value, .sha256 = std::string(sha256)});
      batch.erase(entry.key);
    }
    if (!batch.empty()) co_await world_.store.write(std::move(batch));
    range.begin = store::key_after(entries.back().key);
  }
  for (const store::Range& all : {FunctionKeys::all_of(account), FunctionKeys::all_unsettled_of(account)}) {
    const std::vector<store::Entry> any = co_await world_.store.scan(all, {.entries_max = 1});
    if (any.empty()) continue;
    store::WriteBatch batch;
    batch.erase_range(all);
    co_await world_.store.write(std::move(batch));
  }
  drop_known("");
  co_await discard_unused(std::move(codes));
  co_return {};
}

}  // namespace outcrop::lambda
