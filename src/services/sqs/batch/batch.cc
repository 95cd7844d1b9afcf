#include "services/sqs/batch/batch.h"

#include <algorithm>
#include <set>

#include "gen/sqs/errors.h"
#include "gen/sqs/manifest.h"
#include "services/sqs/limits.h"

#include <fmt/format.h>

namespace outcrop::sqs {
namespace {

bool is_batch_id(std::string_view id) {
  return !id.empty() && id.size() <= limits::batch_id_length_max &&
         std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

}  // namespace

Result<void> check_batch_ids(const std::vector<std::string_view>& ids, std::string_view entry_name) {
  if (ids.empty()) return fail(empty_batch_request(fmt::format("There should be at least one {} in the request.", entry_name)));
  if (ids.size() > limits::batch_entries_max)
    return fail(too_many_entries_in_batch_request(
        fmt::format("Maximum number of entries per request are {}. You have sent {}.", limits::batch_entries_max, ids.size())));
  if (!std::ranges::all_of(ids, is_batch_id))
    return fail(invalid_batch_entry_id(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."));
  std::set<std::string_view> seen;
  for (std::string_view id : ids)
    if (!seen.insert(id).second) return fail(batch_entry_ids_not_distinct(fmt::format("Id {} repeated.", id)));
  return {};
}

BatchResultErrorEntry failed_entry(std::string id, const Fault& fault) {
  const wire::ErrorShape* known = model.find_error(fault.code);
  BatchResultErrorEntry entry;
  entry.id = std::move(id);
  entry.code = known ? std::string(known->code) : fault.code;
  entry.message = fault.message;
  entry.sender_fault = fault.is_senders();
  return entry;
}

}  // namespace outcrop::sqs
