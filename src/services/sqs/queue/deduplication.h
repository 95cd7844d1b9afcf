// What a FIFO queue has accepted within the last five minutes, by deduplication id. In memory as a hash and the ids
// to answer a duplicate with; each entry is a record, so a restart forgets nothing.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "gen/records/sqs.h"

namespace outcrop::sqs {

class Deduplications {
 public:
  // The key of an id: of the whole queue, or within one group. 16 bytes.
  static std::string hash_of(std::string_view id, const std::string* group);

  // The first message of that hash, while it is remembered.
  const Deduplication* find(const std::string& hash, Instant now) const;
  void add(const std::string& hash, Deduplication first);
  // Forgets what has expired and gives its hashes, at most `max`.
  std::vector<std::string> take_expired(Instant now, size_t max);
  // After adding in no order.
  void sort();
  size_t size() const { return by_hash_.size(); }

 private:
  std::unordered_map<std::string, Deduplication> by_hash_;
  std::deque<std::pair<Instant, std::string>> by_expiry_;  // nearly in order: entries are added as time goes
};

}  // namespace outcrop::sqs
