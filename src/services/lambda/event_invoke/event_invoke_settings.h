// EventInvokeSettings: what a function, a version or an alias does with asynchronous events: how often and how long they are tried, and
// where it is told how they ended. In the store.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "gen/lambda/types.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"

namespace outcrop::lambda {

// Thread-safe.
class EventInvokeSettings {
 public:
  explicit EventInvokeSettings(World& world) : world_(world) {}

  // Of exactly that qualifier; none of it is that of $LATEST.
  Task<Result<std::optional<EventInvokeRecord>>> find(const FunctionName& name);

  struct Stored {
    std::string qualifier;
    EventInvokeRecord record;
  };
  // Those of a function, by qualifier behind `after`, at most `count`. Fault: ResourceNotFoundException 404.
  Task<Result<std::vector<Stored>>> list(const FunctionName& function, std::string_view after, size_t count);

  // What makes the record that is stored, of the one there is. It may fault; it may run more than once.
  using Change = std::function<Result<EventInvokeRecord>(const std::optional<EventInvokeRecord>&)>;
  // Gives what is stored now. Faults: ResourceNotFoundException 404; InvalidParameterValueException 400 for destinations that are
  // functions and not there, or the function itself.
  Task<Result<EventInvokeRecord>> change(const FunctionName& name, const Change& change);

  // Fault: ResourceNotFoundException 404.
  Task<Result<void>> erase(const FunctionName& name);

 private:
  World& world_;
};

// "The function … doesn't have an EventInvokeConfig": ResourceNotFoundException 404.
Fault no_event_invoke_config(const FunctionName& name);

// What a request says. Fault: InvalidParameterValueException 400 when it says nothing.
struct EventInvokeRequest {
  std::optional<int32_t> retries_max, age_seconds_max;
  std::optional<DestinationConfig> destinations;
};
Result<void> check_event_invoke_request(const EventInvokeRequest& request);
// `record` with what a request says. Fault: InvalidParameterValueException 400 for a destination of a service that takes none.
Result<EventInvokeRecord> changed_event_invoke(const EventInvokeRequest& request, Instant now, EventInvokeRecord record);

// With a qualifier in any case: that of $LATEST where none is named.
std::string event_invoke_arn(const FunctionName& name);
DestinationConfig describe_destinations(const EventInvokeRecord& record);

// As its owner is shown it.
template <class Configuration>
Configuration describe_event_invoke(const FunctionName& name, const EventInvokeRecord& record) {
  Configuration told;
  told.last_modified = record.modified_at;
  told.function_arn = event_invoke_arn(name);
  told.maximum_retry_attempts = record.retries_max;
  told.maximum_event_age_in_seconds = record.age_seconds_max;
  told.destination_config = describe_destinations(record);
  return told;
}

}  // namespace outcrop::lambda
