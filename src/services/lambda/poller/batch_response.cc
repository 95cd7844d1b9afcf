#include "services/lambda/poller/batch_response.h"

#include <algorithm>
#include <optional>
#include <set>

#include "json/json.h"

namespace outcrop::lambda {

namespace {

using Identifiers = std::set<std::string_view>;

// Null for a failure that names nothing.
const json::Value* identifier_in(const json::Value& failure) {
  const json::Value* identifier = failure.find("itemIdentifier");
  return identifier && identifier->is_string() ? identifier : nullptr;
}

// The identifiers in `answer`; none when it means that all failed.
std::optional<Identifiers> failed_identifiers(const json::Value& answer) {
  const json::Value* failures = answer.is_object() ? answer.find("batchItemFailures") : nullptr;
  if (answer.is_null() || (answer.is_object() && (!failures || failures->is_null()))) return Identifiers();
  if (!failures || !failures->is_array()) return std::nullopt;
  Identifiers identifiers;
  for (const json::Value& failure : failures->as_array()) {
    const json::Value* identifier = identifier_in(failure);
    if (!identifier) return std::nullopt;
    identifiers.insert(identifier->as_string());
  }
  return identifiers;
}

}  // namespace

std::vector<std::string> all_receipt_handles(std::span<const QueueRecord> records) {
  std::vector<std::string> handles;
  for (const QueueRecord& record : records) handles.push_back(record.receipt_handle);
  return handles;
}

std::vector<std::string> succeeded(std::span<const QueueRecord> records, std::string_view answer) {
  if (answer.empty()) return all_receipt_handles(records);
  const auto parsed = json::parse(answer);
  if (!parsed) return {};
  std::optional<Identifiers> failed = failed_identifiers(*parsed);
  if (!failed) return {};
  std::vector<std::string> handles;
  size_t found = 0;
  for (const QueueRecord& record : records) {
    if (failed->contains(record.message_id))
      ++found;
    else
      handles.push_back(record.receipt_handle);
  }
  return found < failed->size() ? std::vector<std::string>() : handles;
}

}  // namespace outcrop::lambda
