#include "services/lambda/concurrency/provisioned_concurrency.h"

#include "base/log.h"
#include "gen/lambda/errors.h"
#include "services/lambda/account/account_use.h"
#include "services/lambda/account/quotas.h"
#include "services/lambda/concurrency/limits.h"
#include "services/lambda/permission/named.h"
#include "store/store.h"
#include "wire/blame.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

FunctionName unqualified(const FunctionName& name) { return {name.place, name.name}; }

std::string provisioned_key(const FunctionName& name) {
  return FunctionKeys(name.place).provisioned(name.name, name.qualifier_or_latest());
}

Task<Result<std::optional<ProvisionedRecord>>> read_provisioned(store::Transaction& transaction, const std::string& key) {
  const std::optional<std::string> stored = co_await transaction.get(key);
  if (!stored) co_return std::nullopt;
  co_return co_await wire::decode_record<ProvisionedRecord>(*stored);
}

// What a function that reserves concurrency may provision comes out of that, and what others provision out of the account's.
Task<Result<void>> check_concurrency(store::Transaction& transaction, const FunctionName& name, uint64_t max, uint64_t count) {
  const std::optional<std::string> stored = co_await transaction.get(FunctionKeys(name.place).function(name.name));
  if (!stored) co_return fail(named_not_found(name));
  const FunctionRecord function = co_await wire::decode_record<FunctionRecord>(*stored);
  const uint64_t by_others = co_await provisioned_sum(transaction, name.place, name.name, *name.qualifier);
  if (function.reserved_concurrency) {
    if (by_others + count <= uint64_t(*function.reserved_concurrency)) co_return {};
    co_return fail(invalid_parameter_value_exception(
        "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"));
  }
  const AccountUse use = co_await read_account_use(transaction, name.place);
  const uint64_t own = co_await provisioned_sum(transaction, name.place, name.name) - by_others;
  const uint64_t unreserved = max - std::min(max, use.set_apart() - own);
  if (count > unreserved)
    co_return fail(wire::without_blame(invalid_parameter_value_exception(
        fmt::format("Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [{}].", unreserved))));
  if (unreserved - count < limits::unreserved_concurrency_min)
    co_return fail(wire::without_blame(invalid_parameter_value_exception(fmt::format(
        "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{}].",
        limits::unreserved_concurrency_min))));
  co_return {};
}

// The alias among those that have provisioned concurrency which names `version`, `except` aside.
Task<Result<std::optional<std::string>>> provisioned_alias_of(store::Transaction& transaction, const FunctionName& name,
                                                              std::string_view version, std::string_view except) {
  for (const store::Entry& entry : co_await transaction.scan(FunctionKeys(name.place).of_function('c', name.name))) {
    const std::string qualifier(FunctionKeys::last_part(entry.key));
    if (qualifier == except) continue;
    const std::optional<Named> named = co_await find_named(transaction, {name.place, name.name, qualifier});
    const AliasRecord* alias = named ? std::get_if<AliasRecord>(&named->record) : nullptr;
    if (alias && alias->version == version) co_return qualifier;
  }
  co_return std::nullopt;
}

// A version has provisioned concurrency by itself or by one alias.
Task<Result<void>> check_conflicts(store::Transaction& transaction, const FunctionName& name, const Named& named) {
  const AliasRecord* alias = std::get_if<AliasRecord>(&named.record);
  const std::string version = alias ? alias->version : *name.qualifier;
  if (alias && alias->weights && !alias->weights->empty())
    co_return fail(invalid_parameter_value_exception("Alias with weights can not be used with Provisioned Concurrency"));
  const std::optional<std::string> other = co_await provisioned_alias_of(transaction, name, version, *name.qualifier);
  if (!alias && other) co_return fail(resource_conflict_exception("Version is pointed by a Provisioned Concurrency alias"));
  const bool version_has_it = alias && co_await transaction.get(provisioned_key({name.place, name.name, version}));
  if (version_has_it || other)
    co_return fail(
        resource_conflict_exception("Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"));
  co_return {};
}

}  // namespace

Result<void> check_can_be_provisioned(const FunctionName& name) {
  if (name.qualifier && *name.qualifier != latest) return {};
  return fail(invalid_parameter_value_exception("The function resource provided must be an alias or a published version."));
}

Task<Result<void>> ProvisionedConcurrency::start() {
  store::Range range = FunctionKeys::provisioned_functions();
  const size_t before_place = range.begin.size();
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range);
    if (entries.empty()) co_return {};
    for (const store::Entry& entry : entries) {
      const std::string_view text = std::string_view(entry.key).substr(before_place);
      const size_t region = text.find('/') + 1, name = text.find('/', region) + 1;
      const FunctionName function{{std::string(text.substr(0, region - 1)), std::string(text.substr(region, name - region - 1))},
                                  std::string(text.substr(name))};
      co_await apply(function);
    }
    range.begin = store::key_after(entries.back().key);
  }
}

Task<Result<ProvisionedConcurrency::Provisioned>> ProvisionedConcurrency::put(const FunctionName& name, uint32_t count) {
  const FunctionKeys keys(name.place);
  const std::string key = provisioned_key(name);
  const uint64_t max = uint64_t(concurrent_executions(quotas_, name.place).value());
  const ProvisionedRecord record{.requested = int32_t(count), .modified_at = world_.clock.wall()};
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    const std::optional<Named> named = co_await find_named(transaction, name);
    if (!named) co_return fail(named_not_found(name));
    co_await check_concurrency(transaction, name, max, count);
    co_await check_conflicts(transaction, name, *named);
    transaction.put(key, wire::encode_record(record));
    transaction.put(keys.provisioned_function(name.name), "");
    co_return {};
  });
  Provisioned provisioned = co_await with_state(name, *name.qualifier, record);
  co_await apply(name);
  provisioned.state.status = runner::ProvisionedState::Status::in_progress;
  provisioned.state.reason.clear();
  co_return provisioned;
}

Task<Result<std::optional<ProvisionedConcurrency::Provisioned>>> ProvisionedConcurrency::find(const FunctionName& name) {
  std::optional<ProvisionedRecord> record =
      co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<std::optional<ProvisionedRecord>>> {
        if (!co_await find_named(transaction, name)) co_return fail(named_not_found(name));
        co_return co_await keep(read_provisioned(transaction, provisioned_key(name)));
      });
  if (!record) co_return std::nullopt;
  co_return co_await with_state(name, *name.qualifier, std::move(*record));
}

Task<Result<void>> ProvisionedConcurrency::erase(const FunctionName& name) {
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    if (!co_await find_named(transaction, name)) co_return fail(named_not_found(name));
    if (co_await transaction.get(provisioned_key(name))) transaction.erase(provisioned_key(name));
    co_return {};
  });
  co_await apply(name);
  co_return {};
}

Task<Result<std::vector<ProvisionedConcurrency::Provisioned>>> ProvisionedConcurrency::list(const FunctionName& function,
                                                                                            std::string_view after, size_t count) {
  const FunctionKeys keys(function.place);
  store::Range range = keys.of_function('c', function.name);
  if (!after.empty()) range.begin = store::key_after(keys.provisioned(function.name, after));
  const std::vector<store::Entry> entries =
      co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<std::vector<store::Entry>>> {
        if (!co_await find_named(transaction, unqualified(function))) co_return fail(named_not_found(unqualified(function)));
        co_return co_await keep(transaction.scan(range, {.entries_max = count}));
      });
  std::vector<Provisioned> provisioned;
  for (const store::Entry& entry : entries)
    provisioned.push_back(co_await with_state(function, std::string(FunctionKeys::last_part(entry.key)),
                                              co_await wire::decode_record<ProvisionedRecord>(entry.value)));
  co_return provisioned;
}

Task<Result<ProvisionedConcurrency::Provisioned>> ProvisionedConcurrency::with_state(const FunctionName& name, std::string qualifier,
                                                                                     ProvisionedRecord record) {
  using Status = runner::ProvisionedState::Status;
  Provisioned provisioned{.qualifier = std::move(qualifier), .record = std::move(record)};
  const auto runnable = co_await keep(functions_.runnable({name.place, name.name, provisioned.qualifier}));
  const uint32_t requested = uint32_t(provisioned.record.requested);
  if (runnable) provisioned.state = co_await runner_.provisioned_state(runnable->version);
  if (!runnable || (provisioned.state.requested < requested && provisioned.state.status == Status::ready))
    provisioned.state.status = Status::in_progress;
  provisioned.state.allocated = std::min(provisioned.state.allocated, requested);
  provisioned.state.available = std::min(provisioned.state.available, requested);
  co_return provisioned;
}

// One task at a time tells the runner of a function, and goes on until it has told what was stored last.
Task<void> ProvisionedConcurrency::apply(const FunctionName& function) {
  const std::string arn = function.arn();
  if (!begin_telling(arn)) co_return;
  do {
    if (const auto told = co_await keep(tell(unqualified(function))); !told)
      log::warning("a function could not be provisioned", {{"function", arn}, {"reason", told.error().message}});
  } while (!is_told(arn));
}

bool ProvisionedConcurrency::begin_telling(const std::string& arn) {
  std::lock_guard lock(mutex_);
  Told& told = told_[arn];
  if (told.is_busy) {
    told.again = true;
    return false;
  }
  told.is_busy = true;
  return true;
}

bool ProvisionedConcurrency::is_told(const std::string& arn) {
  std::lock_guard lock(mutex_);
  auto told = told_.find(arn);
  if (std::exchange(told->second.again, false)) return false;
  told->second.is_busy = false;
  if (told->second.versions.empty()) told_.erase(told);
  return true;
}

// How many environments each version of a function is to have.
Task<Result<std::map<std::string, uint32_t>>> ProvisionedConcurrency::wanted(const FunctionName& function) {
  const FunctionKeys keys(function.place);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<std::map<std::string, uint32_t>>> {
    std::map<std::string, uint32_t> versions;
    const std::vector<store::Entry> entries = co_await transaction.scan(keys.of_function('c', function.name));
    for (const store::Entry& entry : entries) {
      const std::string qualifier(FunctionKeys::last_part(entry.key));
      const ProvisionedRecord record = co_await wire::decode_record<ProvisionedRecord>(entry.value);
      const std::optional<Named> named = co_await find_named(transaction, {function.place, function.name, qualifier});
      if (!named) continue;
      const AliasRecord* alias = std::get_if<AliasRecord>(&named->record);
      versions[alias ? alias->version : qualifier] += uint32_t(record.requested);
    }
    if (entries.empty()) transaction.erase(keys.provisioned_function(function.name));
    co_return versions;
  }));
}

Task<Result<void>> ProvisionedConcurrency::tell(const FunctionName& function) {
  const std::map<std::string, uint32_t> versions = co_await wanted(function);
  std::map<std::string, runner::FunctionVersionRef> refs;
  for (const auto& [version, count] : versions) {
    const Runnable runnable = co_await functions_.runnable({function.place, function.name, version});
    refs.emplace(version, runnable.version);
    co_await runner_.provision(runnable.version, count);
  }
  std::map<std::string, runner::FunctionVersionRef> before;
  {
    std::lock_guard lock(mutex_);
    before = std::exchange(told_[function.arn()].versions, refs);
  }
  for (const auto& [version, ref] : before)
    if (!refs.contains(version)) co_await runner_.provision(ref, 0);
  co_return {};
}

}  // namespace outcrop::lambda
