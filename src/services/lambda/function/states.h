// The states of versions, and what AWS says of them.
#pragma once
#include <fmt/format.h>

#include <string_view>

#include "gen/lambda/errors.h"
#include "gen/records/lambda.h"

namespace outcrop::lambda {

namespace states {
inline constexpr std::string_view pending = "Pending", active = "Active", failed = "Failed";
inline constexpr std::string_view in_progress = "InProgress", successful = "Successful";
inline constexpr std::string_view creating = "Creating", creating_reason = "The function is being created.";
inline constexpr std::string_view bad_package = "InvalidZipFileException", internal = "InternalError";
}  // namespace states

// As it is answered when it was made.
inline void begin_creation(VersionRecord& record) {
  record.state = states::pending;
  record.state_reason = states::creating_reason;
  record.state_reason_code = states::creating;
  record.last_update = record.last_update_reason = record.last_update_reason_code = std::nullopt;
}

inline void begin_update(VersionRecord& record) {
  record.last_update = states::in_progress;
  record.last_update_reason = states::creating_reason;
  record.last_update_reason_code = states::creating;
}

// As it is when its code is unpacked.
inline void settle_well(VersionRecord& record) {
  record.state = states::active;
  record.last_update = states::successful;
  record.state_reason = record.state_reason_code = record.last_update_reason = record.last_update_reason_code = std::nullopt;
}

// As it is when its code cannot be unpacked.
inline void settle_badly(VersionRecord& record, const Fault& why) {
  const std::string_view code = why.is_senders() ? states::bad_package : states::internal;
  if (record.state == states::pending) {
    record.state = states::failed;
    record.state_reason = why.message;
    record.state_reason_code = code;
  } else {
    record.last_update = states::failed;
    record.last_update_reason = why.message;
    record.last_update_reason_code = code;
  }
}

inline Fault not_now(const VersionRecord& record) {
  return resource_conflict_exception(
      fmt::format("The operation cannot be performed at this time. The function is currently in the following state: {}", record.state));
}

inline bool has_bad_package(const VersionRecord& record) {
  return record.state_reason_code == states::bad_package || record.last_update_reason_code == states::bad_package;
}

// For whoever invokes a version that has.
inline Fault not_runnable(const VersionRecord& record) {
  return resource_conflict_exception(
      fmt::format("The operation cannot be performed at this time. The function is currently in the following state: Failed. {}",
                  (record.state_reason ? record.state_reason : record.last_update_reason).value_or("")));
}

}  // namespace outcrop::lambda
