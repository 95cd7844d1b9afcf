#include "services/sqs/queue/deduplication.h"

#include <algorithm>

#include "base/digest.h"

namespace outcrop::sqs {

std::string Deduplications::hash_of(std::string_view id, const std::string* group) {
  std::string scoped;
  if (group) scoped.append(*group).push_back('\0');
  return sha256(scoped.append(id)).substr(0, 16);
}

const Deduplication* Deduplications::find(const std::string& hash, Instant now) const {
  auto found = by_hash_.find(hash);
  return found != by_hash_.end() && found->second.expires > now ? &found->second : nullptr;
}

void Deduplications::add(const std::string& hash, Deduplication first) {
  by_expiry_.emplace_back(first.expires, hash);
  by_hash_.insert_or_assign(hash, std::move(first));
}

void Deduplications::sort() { std::ranges::sort(by_expiry_); }

std::vector<std::string> Deduplications::take_expired(Instant now, size_t max) {
  std::vector<std::string> expired;
  while (!by_expiry_.empty() && by_expiry_.front().first <= now && expired.size() < max) {
    auto found = by_hash_.find(by_expiry_.front().second);
    if (found != by_hash_.end() && found->second.expires <= now) {
      expired.push_back(found->first);
      by_hash_.erase(found);
    }
    by_expiry_.pop_front();
  }
  return expired;
}

}  // namespace outcrop::sqs
