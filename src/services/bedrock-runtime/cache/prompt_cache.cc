#include "services/bedrock-runtime/cache/prompt_cache.h"

#include <fmt/format.h>

#include <algorithm>

namespace outcrop::bedrock_runtime {

namespace {

constexpr Milliseconds five_minutes = std::chrono::minutes(5), one_hour = std::chrono::hours(1);

// How many pieces before a cache point a kept beginning is looked for ("Prompt caching for models from Anthropic", same page).
size_t look_back(const inference::CatalogModel& model) { return model.provider == "Anthropic" ? limits::cache_look_back : 0; }

bool is_for_an_hour(const PromptPrefix& prefix) { return prefix.keep == PromptPrefix::TimeToLive::one_hour; }

}  // namespace

inference::Usage CacheUse::in(inference::Usage usage) const {
  if (usage.counts_cache || usage.cache_read > 0 || usage.cache_write > 0) return usage;
  usage.cache_read = std::min(read, usage.input);
  usage.cache_write = std::min(written, usage.input - usage.cache_read);
  usage.cache_write_one_hour = std::min(written_for_an_hour, usage.cache_write);
  usage.input -= usage.cache_read + usage.cache_write;
  return usage;
}

CacheUse PromptCache::use(const Call& call, const inference::CatalogModel& model, std::span<const PromptPrefix> prefixes) {
  CacheUse use;
  if (prefixes.empty() || !model.caching) return use;
  const Instant now = call.world.clock.wall();
  std::lock_guard lock(mutex_);
  const std::optional<size_t> kept = longest_kept(model, prefixes, now);
  if (kept) use.read = find(prefixes[*kept].fingerprint, now)->tokens;
  int64_t counted = use.read;
  for (size_t i = 0; i < prefixes.size(); ++i) {
    const PromptPrefix& prefix = prefixes[i];
    if (kept && i <= *kept) {
      if (Entry* entry = find(prefix.fingerprint, now)) refresh(*entry, now);
    } else if (prefix.keep && prefix.tokens >= model.caching->tokens_min) {
      const int64_t tokens = std::min(prefix.tokens, model.caching->tokens_max.value_or(prefix.tokens));
      const int64_t more = std::max<int64_t>(tokens - counted, 0);
      use.written += more;
      if (is_for_an_hour(prefix)) use.written_for_an_hour += more;
      counted += more;
      const Milliseconds time_to_live = is_for_an_hour(prefix) ? one_hour : five_minutes;
      keep({prefix.fingerprint, call.account(), tokens, time_to_live, now + time_to_live});
    }
  }
  return use;
}

// Only what a cache point stands behind, or not far ahead of, is looked for.
std::optional<size_t> PromptCache::longest_kept(const inference::CatalogModel& model, std::span<const PromptPrefix> prefixes, Instant now) {
  const size_t reach = look_back(model);
  size_t from_point = 0;
  for (size_t i = prefixes.size(); i-- > 0;) {
    from_point = prefixes[i].keep ? 0 : from_point + 1;
    if (from_point <= reach && find(prefixes[i].fingerprint, now)) return i;
  }
  return std::nullopt;
}

// What has ended is let go.
PromptCache::Entry* PromptCache::find(const std::string& fingerprint, Instant now) {
  auto found = by_fingerprint_.find(fingerprint);
  if (found == by_fingerprint_.end()) return nullptr;
  Entry& entry = *found->second;
  if (entry.ends > now) return &entry;
  erase(found->second);
  return nullptr;
}

// "Resets with each successful cache hit."
void PromptCache::refresh(Entry& entry, Instant now) {
  entry.ends = now + entry.time_to_live;
  entries_.splice(entries_.begin(), entries_, by_fingerprint_.find(entry.fingerprint)->second);
}

void PromptCache::keep(Entry entry) {
  if (auto before = by_fingerprint_.find(entry.fingerprint); before != by_fingerprint_.end()) erase(before->second);
  entries_.push_front(std::move(entry));
  by_fingerprint_.emplace(entries_.front().fingerprint, entries_.begin());
  if (entries_.size() > entries_max_) erase(std::prev(entries_.end()));
}

void PromptCache::erase(Entries::iterator entry) {
  by_fingerprint_.erase(entry->fingerprint);
  entries_.erase(entry);
}

void PromptCache::forget(const std::optional<std::string>& account) {
  std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    auto next = std::next(entry);
    if (!account || entry->account == *account) erase(entry);
    entry = next;
  }
}

std::string cache_owner(const Call& call, const inference::CatalogModel& model) {
  return fmt::format("{}/{}/{}", call.account(), call.region, model.id);
}

}  // namespace outcrop::bedrock_runtime
