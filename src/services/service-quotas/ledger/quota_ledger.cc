#include "services/service-quotas/ledger/quota_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/encoding.h"
#include "base/executor.h"
#include "gen/service-quotas/errors.h"
#include "services/service-quotas/limits.h"
#include "store/keys.h"
#include "wire/record.h"

namespace outcrop::service_quotas {

namespace {

constexpr std::string_view applied_prefix = "global/service-quotas/applied/", change_prefix = "global/service-quotas/change/";
constexpr size_t id_time_digits = 12, id_random_bytes = 14;  // 40 characters in all, as AWS's ids have

std::string place_key(std::string_view prefix, const Place& place) {
  return store::KeyWriter(prefix).text(place.account).text(place.region).str();
}

std::string applied_key(const Place& place, const QuotaName& name) {
  return store::KeyWriter(place_key(applied_prefix, place)).text(name.service).text(name.quota).str();
}

std::string change_key(const Place& place, std::string_view id) { return place_key(change_prefix, place) + std::string(id); }

// Ids sort by time.
std::string id_time(int64_t ms) { return fmt::format("{:012x}", ms); }

std::string new_id(Instant at, std::string_view newest, Random& random) {
  int64_t ms = ms_since_epoch(at);
  if (newest.size() > id_time_digits)
    ms = std::max(ms, int64_t(std::stoll(std::string(newest.substr(0, id_time_digits)), nullptr, 16)) + 1);
  std::string chance(id_random_bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(chance)));
  return id_time(ms) + hex(chance);
}

// Fault: NoSuchResourceException 400 when the default applies.
Result<AppliedQuota> applied_quota(const std::optional<std::string>& stored) {
  if (!stored) return fail(no_such_resource_exception("The request failed because the specified quota has no applied value."));
  return wire::decode_record<AppliedQuota>(*stored);
}

}  // namespace

Task<Result<void>> QuotaLedger::start() {
  store::Range rest = store::Range::prefix(applied_prefix);
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(rest);
    if (entries.empty()) co_return {};
    for (const store::Entry& entry : entries) {
      const AppliedQuota applied = co_await wire::decode_record<AppliedQuota>(entry.value);
      store::KeyReader key(entry.key);
      key.skip(applied_prefix);
      const auto account = key.text(), region = key.text(), service = key.text(), quota = key.text();
      check(quota.has_value(), "a quota's key cannot be read");
      book_.raise(*account, *region, *service, *quota, applied.value);
    }
    rest.begin = store::key_after(entries.back().key);
  }
}

// Changes are rare; each waits for the one before.
template <class T>
Task<Result<T>> QuotaLedger::in_turn(Task<Result<T>> change) {
  Executor& home = *Executor::current();
  co_await world_.executors.front()->enter();
  while (changing_) co_await changed_.wait();
  changing_ = true;
  Result<T> result = co_await keep(std::move(change));
  changing_ = false;
  changed_.notify_all();
  co_await home.enter();
  co_return result;
}

Task<Result<RecordedChange>> QuotaLedger::raise(Place place, QuotaChange change, double by_default) {
  return in_turn(raise_in_turn(std::move(place), std::move(change), by_default));
}

Task<Result<RecordedChange>> QuotaLedger::raise_in_turn(Place place, QuotaChange change, double by_default) {
  const QuotaName name{change.service_code, change.quota_code};
  const std::string history = place_key(change_prefix, place);
  const double value = change.desired_value;
  const Instant now = world_.clock.wall();
  change.created = now;
  RecordedChange recorded = co_await world_.store.run([&](store::Transaction& tx) -> Task<Result<RecordedChange>> {
    const std::optional<std::string> stored = co_await tx.get(applied_key(place, name));
    AppliedQuota applied{.value = by_default};
    if (stored) applied = co_await wire::decode_record<AppliedQuota>(*stored);
    if (!(value > applied.value))  // also what is no number
      co_return fail(illegal_argument_exception("You must provide a quota value greater than the current quota value"));
    const std::vector<store::Entry> newest = co_await tx.scan(store::Range::prefix(history), {.entries_max = 1, .reverse = true});
    RecordedChange made{new_id(now, newest.empty() ? "" : std::string_view(newest[0].key).substr(history.size()), world_.random), change};
    applied.value = value;
    tx.put(applied_key(place, name), wire::encode_record(applied));
    tx.put(change_key(place, made.id), wire::encode_record(made.change));
    tx.erase_range({history, history + id_time(ms_since_epoch(oldest_kept()))});
    co_return made;
  });
  book_.raise(place.account, place.region, name.service, name.quota, value);
  co_return recorded;
}

Instant QuotaLedger::oldest_kept() const { return world_.clock.wall() - limits::history_kept; }

Task<Result<std::optional<QuotaChange>>> QuotaLedger::find(Place place, std::string id) {
  const std::optional<std::string> stored = co_await world_.store.get(change_key(place, id));
  if (!stored || id < id_time(ms_since_epoch(oldest_kept()))) co_return std::nullopt;
  co_return co_await wire::decode_record<QuotaChange>(*stored);
}

Task<Result<QuotaLedger::Page>> QuotaLedger::page(Place place, std::optional<std::string> after, size_t most, Matches matches) {
  const std::string history = place_key(change_prefix, place);
  store::Range rest = store::Range::prefix(history);
  rest.begin += id_time(ms_since_epoch(oldest_kept()));
  if (after) rest.end = change_key(place, *after);
  Page page;
  for (size_t looked_at = 0; !rest.empty();) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(rest, {.reverse = true});
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      const std::string id = entry.key.substr(history.size());
      if (page.changes.size() == most || looked_at++ == limits::history_scan_max) co_return page;
      QuotaChange change = co_await wire::decode_record<QuotaChange>(entry.value);
      if (matches(change)) page.changes.push_back({id, std::move(change)});
      page.last = id;
    }
    rest.end = entries.back().key;
  }
  page.last.reset();
  co_return page;
}

Task<Result<QuotaLedger::Tags>> QuotaLedger::tags(Place place, QuotaName name) {
  AppliedQuota applied = co_await applied_quota(co_await world_.store.get(applied_key(place, name)));
  co_return std::move(applied.tags);
}

Task<Result<void>> QuotaLedger::change_tags(Place place, QuotaName name, std::function<Result<void>(Tags&)> change) {
  const std::string key = applied_key(place, name);
  co_return co_await keep(world_.store.run([&](store::Transaction& tx) -> Task<Result<void>> {
    AppliedQuota applied = co_await applied_quota(co_await tx.get(key));
    co_await change(applied.tags);
    tx.put(key, wire::encode_record(applied));
    co_return {};
  }));
}

Task<Result<void>> QuotaLedger::forget(std::optional<std::string> account) { return in_turn(forget_in_turn(std::move(account))); }

// Writes nothing where nothing is: range tombstones would slow down what is stored later.
Task<Result<void>> QuotaLedger::forget_in_turn(std::optional<std::string> account) {
  store::WriteBatch batch;
  for (std::string_view prefix : {applied_prefix, change_prefix}) {
    const store::Range range = store::Range::prefix(account ? store::KeyWriter(prefix).text(*account).str() : std::string(prefix));
    const std::vector<store::Entry> any = co_await world_.store.scan(range, {.entries_max = 1});
    if (!any.empty()) batch.erase_range(range);
  }
  if (!batch.empty()) co_await world_.store.write(std::move(batch));
  book_.restore_defaults(account);
  co_return {};
}

}  // namespace outcrop::service_quotas
