// What the three batch operations have in common: the checks of a batch as a whole, in AWS's order, and how an
// entry's failure is reported.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/sqs/types.h"

namespace outcrop::sqs {

// Of the entries' ids. Faults with EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId and
// BatchEntryIdsNotDistinct. `entry_name`: "SendMessageBatchRequestEntry".
Result<void> check_batch_ids(const std::vector<std::string_view>& ids, std::string_view entry_name);

template <class T>
Result<void> check_batch(const std::vector<T>& entries, std::string_view entry_name) {
  std::vector<std::string_view> ids;
  for (const T& entry : entries) ids.push_back(entry.id);
  return check_batch_ids(ids, entry_name);
}

// A list of the answer, which leaves out empty ones.
template <class T>
std::vector<T>& listed(std::optional<std::vector<T>>& list) {
  return list ? *list : list.emplace();
}

BatchResultErrorEntry failed_entry(std::string id, const Fault& fault);

}  // namespace outcrop::sqs
