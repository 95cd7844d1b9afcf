#include "services/lambda/event_invoke/event_invoke_settings.h"

#include <algorithm>

#include "gen/lambda/errors.h"
#include "services/lambda/permission/named.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

// Services that take what became of events (Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"); S3 takes
// those that failed.
constexpr std::string_view destination_services[] = {"events", "lambda", "sns", "sqs"};
constexpr std::string_view failure_service = "s3";

FunctionName with_latest(FunctionName name) {
  if (!name.qualifier) name.qualifier = std::string(latest);
  return name;
}

std::string event_invoke_key(const FunctionName& name) {
  return FunctionKeys(name.place).event_invoke(name.name, name.qualifier_or_latest());
}

Fault no_such_function_for_events() { return resource_not_found_exception("The function doesn't exist."); }

// The service in an ARN: "sqs".
std::string_view service_in_arn(std::string_view arn) {
  for (int part = 0; part < 2; ++part) arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  return arn.substr(0, arn.find(':'));
}

std::string text_of_destination(const auto& outcome) { return outcome && outcome->destination ? *outcome->destination : std::string(); }

std::string java_text(std::string_view kind, const std::string& destination) {
  return destination.empty() ? "null" : fmt::format("{}(destination={})", kind, destination);
}

Result<void> check_destination_services(const DestinationConfig& destinations) {
  const std::string success = text_of_destination(destinations.on_success), failure = text_of_destination(destinations.on_failure);
  const auto takes = [](const std::string& arn) {
    return arn.empty() || std::ranges::count(destination_services, service_in_arn(arn)) > 0;
  };
  if (takes(success) && (takes(failure) || service_in_arn(failure) == failure_service)) return {};
  return fail(invalid_parameter_value_exception(
      fmt::format("The provided destination config DestinationConfig(onSuccess={}, onFailure={}) is invalid.",
                  java_text("OnSuccess", success), java_text("OnFailure", failure))));
}

// "my-function" of a function's ARN, with a qualifier or without; none for other places than `place`.
std::optional<std::string> function_in_arn(const Place& place, std::string_view arn) {
  const std::string before = FunctionName{place, ""}.arn();
  if (!arn.starts_with(before)) return std::nullopt;
  arn.remove_prefix(before.size());
  return std::string(arn.substr(0, arn.find(':')));
}

Task<Result<void>> check_function_destination(store::Transaction& transaction, const FunctionName& name, const std::string& destination) {
  if (service_in_arn(destination) != "lambda") co_return {};
  const std::optional<std::string> function = function_in_arn(name.place, destination);
  const bool is_there = function && co_await find_named(transaction, FunctionName{name.place, *function});
  if (!is_there) co_return fail(invalid_parameter_value_exception(fmt::format("The destination ARN {} is invalid.", destination)));
  if (*function == name.name)
    co_return fail(invalid_parameter_value_exception("You can't specify the function as a destination for itself."));
  co_return {};
}

}  // namespace

Fault no_event_invoke_config(const FunctionName& name) {
  return resource_not_found_exception(fmt::format("The function {} doesn't have an EventInvokeConfig", with_latest(name).qualified_arn()));
}

Task<Result<std::optional<EventInvokeRecord>>> EventInvokeSettings::find(const FunctionName& name) {
  const std::optional<std::string> stored = co_await world_.store.get(event_invoke_key(name));
  if (!stored) co_return std::nullopt;
  co_return co_await wire::decode_record<EventInvokeRecord>(*stored);
}

Task<Result<std::vector<EventInvokeSettings::Stored>>> EventInvokeSettings::list(const FunctionName& function, std::string_view after,
                                                                                 size_t count) {
  const FunctionKeys keys(function.place);
  const FunctionName unqualified{function.place, function.name};
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<std::vector<Stored>>> {
    if (!co_await find_named(transaction, unqualified)) co_return fail(no_such_function_for_events());
    store::Range range = keys.of_function('e', function.name);
    if (!after.empty()) range.begin = store::key_after(keys.event_invoke(function.name, after));
    std::vector<Stored> stored;
    for (const store::Entry& entry : co_await transaction.scan(range, {.entries_max = count}))
      stored.push_back({std::string(FunctionKeys::last_part(entry.key)), co_await wire::decode_record<EventInvokeRecord>(entry.value)});
    co_return stored;
  }));
}

Task<Result<EventInvokeRecord>> EventInvokeSettings::change(const FunctionName& name, const Change& change) {
  const std::string key = event_invoke_key(name);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<EventInvokeRecord>> {
    if (!co_await find_named(transaction, name)) co_return fail(no_such_function_for_events());
    std::optional<EventInvokeRecord> existing;
    if (const std::optional<std::string> stored = co_await transaction.get(key))
      existing = co_await wire::decode_record<EventInvokeRecord>(*stored);
    EventInvokeRecord record = co_await change(existing);
    co_await check_function_destination(transaction, name, record.on_success);
    co_await check_function_destination(transaction, name, record.on_failure);
    transaction.put(key, wire::encode_record(record));
    co_return record;
  }));
}

Task<Result<void>> EventInvokeSettings::erase(const FunctionName& name) {
  const std::string key = event_invoke_key(name);
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    if (!co_await transaction.get(key)) co_return fail(no_event_invoke_config(name));
    transaction.erase(key);
    co_return {};
  }));
}

Result<void> check_event_invoke_request(const EventInvokeRequest& request) {
  if (request.retries_max || request.age_seconds_max || request.destinations) return {};
  return fail(invalid_parameter_value_exception("You must specify at least one of error handling or destination setting."));
}

Result<EventInvokeRecord> changed_event_invoke(const EventInvokeRequest& request, Instant now, EventInvokeRecord record) {
  record.modified_at = now;
  if (request.retries_max) record.retries_max = request.retries_max;
  if (request.age_seconds_max) record.age_seconds_max = request.age_seconds_max;
  if (!request.destinations) return record;
  if (auto usable = check_destination_services(*request.destinations); !usable) return fail(std::move(usable.error()));
  if (request.destinations->on_success) record.on_success = text_of_destination(request.destinations->on_success);
  if (request.destinations->on_failure) record.on_failure = text_of_destination(request.destinations->on_failure);
  return record;
}

std::string event_invoke_arn(const FunctionName& name) { return with_latest(name).qualified_arn(); }

DestinationConfig describe_destinations(const EventInvokeRecord& record) {
  DestinationConfig told{.on_success = OnSuccess(), .on_failure = OnFailure()};
  if (!record.on_success.empty()) told.on_success->destination = record.on_success;
  if (!record.on_failure.empty()) told.on_failure->destination = record.on_failure;
  return told;
}

}  // namespace outcrop::lambda
