// Functions as they are read, and as invocations have them. What changes them is in function_changes.cc.
#include "services/lambda/function/functions.h"

#include <charconv>

#include "base/log.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/function/states.h"
#include "services/lambda/function/wording.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

template <class Record>
Result<std::optional<Record>> decoded_if_there(const std::optional<std::string>& bytes) {
  if (!bytes) return std::nullopt;
  Result<Record> record = wire::decode_record<Record>(*bytes);
  if (!record) return fail(std::move(record.error()));
  return std::move(*record);
}

bool is_version(std::string_view qualifier) { return qualifier == latest || is_version_number(qualifier); }

// Of whoever invokes: AWS names $LATEST to them even where they gave no qualifier.
Fault nothing_to_invoke(const FunctionName& name) {
  FunctionName qualified = name;
  qualified.qualifier = name.qualifier_or_latest();
  return function_not_found(qualified);
}

std::string chosen_by_weight(const AliasRecord& alias, Random& random) {
  if (!alias.weights || alias.weights->empty()) return alias.version;
  double left = random.unit();
  for (const auto& [version, weight] : *alias.weights) {
    if (left < weight) return version;
    left -= weight;
  }
  return alias.version;
}

runner::LogSettings log_settings(const LoggingRecord& logging) {
  runner::LogSettings settings{.json = logging.format == "JSON", .group = logging.group};
  if (logging.application_level) settings.application_level = *logging.application_level;
  if (logging.system_level) settings.system_level = *logging.system_level;
  return settings;
}

runner::FunctionVersion function_version(const FunctionName& name, std::string_view version, const VersionRecord& record) {
  runner::FunctionVersion made;
  made.account = name.place.account;
  made.region = name.place.region;
  made.name = name.name;
  made.version = version;
  made.revision = record.change_id;
  made.role = record.role;
  made.runtime = record.runtime;
  made.handler = record.handler.value_or("");
  if (record.environment) {
    for (const auto& [key, value] : *record.environment) made.environment.emplace_back(key, value);
  }
  made.timeout = Seconds(record.timeout_seconds);
  made.memory_mb = record.memory_mb;
  made.temporary_mb = record.temporary_mb;
  made.log = log_settings(record.logging);
  made.is_traced = record.tracing_mode == "Active";
  return made;
}

}  // namespace

Functions::Functions(World& world, FunctionsOptions options)
    : world_(world), options_(std::move(options)), code_(world, options_.code_directory) {}

Task<Result<void>> Functions::start() {
  co_await code_.start([this](std::string_view sha256) { return is_used(sha256); });
  store::Range range = store::Range::prefix(FunctionKeys::unsettled());
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = limits::scan_page});
    if (entries.empty()) co_return {};
    for (const store::Entry& entry : entries) co_await settle_unsettled(entry.key);
    range.begin = store::key_after(entries.back().key);
  }
}

Task<void> Functions::stop() {
  background_.request_stop();
  co_await background_.join();
  std::lock_guard lock(mutex_);
  known_.clear();
}

Task<Result<std::optional<FunctionRecord>>> Functions::function(const Place& place, std::string_view name) {
  co_return co_await decoded_if_there<FunctionRecord>(co_await world_.store.get(FunctionKeys(place).function(name)));
}

Task<Result<std::optional<VersionRecord>>> Functions::version(const Place& place, std::string_view name, std::string_view version) {
  co_return co_await decoded_if_there<VersionRecord>(co_await world_.store.get(FunctionKeys(place).version(name, version)));
}

Task<Result<std::optional<AliasRecord>>> Functions::alias(const Place& place, std::string_view name, std::string_view alias) {
  co_return co_await decoded_if_there<AliasRecord>(co_await world_.store.get(FunctionKeys(place).alias(name, alias)));
}

Task<Result<std::string>> Functions::resolve(const FunctionName& name) {
  const std::string_view qualifier = name.qualifier_or_latest();
  if (is_version(qualifier)) {
    if (!co_await world_.store.get(FunctionKeys(name.place).version(name.name, qualifier))) co_return fail(nothing_to_invoke(name));
    co_return std::string(qualifier);
  }
  const std::optional<AliasRecord> record = co_await alias(name.place, name.name, qualifier);
  if (!record) co_return fail(nothing_to_invoke(name));
  co_return chosen_by_weight(*record, world_.random);
}

Task<Result<StoredVersion>> Functions::stored(const FunctionName& name) {
  std::string number(name.qualifier_or_latest());
  if (!is_version(number)) {
    const std::optional<AliasRecord> record = co_await alias(name.place, name.name, number);
    if (!record) co_return fail(function_not_found(name));
    number = record->version;
  }
  std::optional<VersionRecord> record = co_await version(name.place, name.name, number);
  if (!record) co_return fail(function_not_found(name));
  co_return StoredVersion{std::move(number), std::move(*record)};
}

Task<Result<void>> Functions::check_exists(const FunctionName& name) {
  const FunctionKeys keys(name.place);
  const std::string_view qualifier = name.qualifier_or_latest();
  const std::string key = is_version(qualifier) ? keys.version(name.name, qualifier) : keys.alias(name.name, qualifier);
  if (!co_await world_.store.get(key)) co_return fail(function_not_found(name));
  co_return {};
}

// Both records are read each time, which costs a few microseconds, and taken apart only when their bytes changed.
Task<Result<Runnable>> Functions::runnable(const FunctionName& name) {
  const FunctionKeys keys(name.place);
  std::string version(name.qualifier_or_latest());
  if (!is_version(version)) version = co_await resolve(name);
  const std::string key = keys.version(name.name, version);
  std::optional<std::string> version_bytes = co_await world_.store.get(key);
  std::optional<std::string> function_bytes = co_await world_.store.get(keys.function(name.name));
  if (!version_bytes || !function_bytes) co_return fail(nothing_to_invoke(name));
  uint64_t drops;
  {
    std::lock_guard lock(mutex_);
    drops = drops_;
  }
  if (auto there = known(key, *version_bytes, *function_bytes)) co_return std::move(*there);
  Known made = co_await make_known(name, version, std::move(*version_bytes), std::move(*function_bytes));
  std::lock_guard lock(mutex_);
  if (known_.size() >= limits::known_functions_max) known_.clear();
  if (drops != drops_) co_return std::move(made.runnable);
  const auto there = known_.find(key);
  if (there != known_.end() && there->second.version_bytes == made.version_bytes && there->second.function_bytes == made.function_bytes)
    co_return there->second.runnable;
  // Where nothing changed that environments see, they go on: their version stays the object that it was.
  if (there != known_.end() && *there->second.runnable.version == *made.runnable.version)
    made.runnable.version = there->second.runnable.version;
  co_return known_.insert_or_assign(key, std::move(made)).first->second.runnable;
}

std::optional<Runnable> Functions::known(std::string_view key, std::string_view version_bytes, std::string_view function_bytes) {
  std::lock_guard lock(mutex_);
  const auto there = known_.find(key);
  if (there == known_.end()) return std::nullopt;
  if (there->second.version_bytes != version_bytes || there->second.function_bytes != function_bytes) return std::nullopt;
  return there->second.runnable;
}

Task<Result<Functions::Known>> Functions::make_known(const FunctionName& name, std::string_view version, std::string version_bytes,
                                                     std::string function_bytes) {
  const auto record = co_await wire::decode_record<VersionRecord>(version_bytes);
  const auto function = co_await wire::decode_record<FunctionRecord>(function_bytes);
  if (has_bad_package(record)) co_return fail(not_runnable(record));
  Known made{.version_bytes = std::move(version_bytes), .function_bytes = std::move(function_bytes), .runnable = {}};
  UnpackedCodeRef code;
  runner::FunctionVersion run = function_version(name, version, record);
  std::optional<std::string> in_place;
  if (version == latest) in_place = co_await code_directory_in(function.tags, options_.in_place);
  if (in_place) {
    run.code_directory = std::move(*in_place);
    run.code_is_in_place = true;
  } else {
    code = co_await code_.unpack(record.code.sha256, record.code.blob);
    run.code_directory = code->directory;
  }
  // Whoever has the version has its code.
  struct Held {
    runner::FunctionVersion version;
    UnpackedCodeRef code;
  };
  auto held = std::make_shared<const Held>(std::move(run), std::move(code));
  made.runnable.version = runner::FunctionVersionRef(held, &held->version);
  if (function.reserved_concurrency) made.runnable.reserved_concurrency = static_cast<uint32_t>(*function.reserved_concurrency);
  made.runnable.dead_letter_target = record.dead_letter_target.value_or("");
  co_return made;
}

// Of all versions whose keys begin so.
void Functions::drop_known(std::string_view key_prefix) {
  std::map<std::string, Known, std::less<>> dropped;  // what goes with them is not to go under the lock
  std::lock_guard lock(mutex_);
  ++drops_;
  for (auto at = known_.lower_bound(key_prefix); at != known_.end() && at->first.starts_with(key_prefix);) {
    auto node = known_.extract(at++);
    dropped.insert(std::move(node));
  }
}

Task<Result<uint64_t>> Functions::code_bytes(const Place& place) {
  uint64_t bytes = 0;
  store::Range range = FunctionKeys(place).functions();
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = limits::scan_page});
    if (entries.empty()) co_return bytes;
    for (const store::Entry& entry : entries) {
      const auto record = co_await wire::decode_record<FunctionRecord>(entry.value);
      bytes += static_cast<uint64_t>(record.code_bytes);
    }
    range.begin = store::key_after(entries.back().key);
  }
}

Task<Result<uint64_t>> Functions::count(const Place& place) {
  uint64_t functions = 0;
  store::Range range = FunctionKeys(place).functions();
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = limits::scan_page});
    if (entries.empty()) co_return functions;
    functions += entries.size();
    range.begin = store::key_after(entries.back().key);
  }
}

Task<Result<bool>> Functions::is_used(std::string_view sha256) {
  const std::vector<store::Entry> uses =
      co_await world_.store.scan(store::Range::prefix(FunctionKeys::code_uses(sha256)), {.entries_max = 1});
  co_return !uses.empty();
}

Task<Result<std::set<std::string>>> Functions::packages() {
  std::set<std::string> blobs;
  store::Range left = store::Range::prefix(FunctionKeys::code_uses());
  for (;;) {
    const std::vector<store::Entry> uses = co_await world_.store.scan(left, {.entries_max = limits::scan_page});
    if (uses.empty()) co_return blobs;
    for (const store::Entry& use : uses) blobs.insert(use.value);
    left.begin = store::key_after(uses.back().key);
  }
}

}  // namespace outcrop::lambda
