// PromptCache: what Bedrock's prompt caching would have read and written, for models whose provider does not say it: nothing is kept
// but which beginnings of prompts were seen, and when (Bedrock User Guide, "Prompt caching for faster model inference"). A cache belongs to
// an account, in a Region, for a model. Time is the wall clock's: advancing a manual clock ends what is kept.
#pragma once
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "core/call.h"
#include "inference/catalog.h"
#include "services/bedrock-runtime/cache/prompt_prefix.h"
#include "services/bedrock-runtime/limits.h"

namespace outcrop::bedrock_runtime {

// What one request read and wrote, in tokens.
struct CacheUse {
  int64_t read = 0;
  int64_t written = 0, written_for_an_hour = 0;  // the latter is of the former

  // What a provider counted, with this in it; unchanged where the provider counts its cache itself.
  inference::Usage in(inference::Usage usage) const;
};

class PromptCache {
 public:
  explicit PromptCache(size_t entries_max = limits::cached_prefixes_max) : entries_max_(entries_max) {}

  // Reads the longest beginning of a prompt that is kept, which is kept longer for it, and keeps what its cache points ask for.
  // Thread-safe.
  CacheUse use(const Call& call, const inference::CatalogModel& model, std::span<const PromptPrefix> prefixes);

  // What an account, or everybody, had cached.
  void forget(const std::optional<std::string>& account);

 private:
  struct Entry {
    std::string fingerprint;
    std::string account;
    int64_t tokens;
    Milliseconds time_to_live;
    Instant ends;
  };
  using Entries = std::list<Entry>;  // the last used first

  Entry* find(const std::string& fingerprint, Instant now);
  std::optional<size_t> longest_kept(const inference::CatalogModel& model, std::span<const PromptPrefix> prefixes, Instant now);
  void refresh(Entry& entry, Instant now);
  void keep(Entry entry);
  void erase(Entries::iterator entry);

  const size_t entries_max_;
  std::mutex mutex_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_fingerprint_;  // views into the entries
};

// Whose cache a request uses, for prefixes_of.
std::string cache_owner(const Call& call, const inference::CatalogModel& model);

}  // namespace outcrop::bedrock_runtime
