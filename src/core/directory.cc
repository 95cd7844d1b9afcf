#include "core/directory.h"

#include "base/encoding.h"
#include "base/log.h"
#include "wire/protocol.h"
#include "wire/stream.h"
#include "wire/validate.h"

namespace outcrop {

namespace {

// In-process callers have no connection to lose.
Fault as_seen_in_process(Fault fault) {
  if (fault.code != connection_dropped) return fault;
  return {"ServiceUnavailable", 503, "The service is unavailable."};
}

const wire::Member* stream_of(const wire::Shape& shape) {
  auto at = std::ranges::find(shape.members, wire::Location::stream, &wire::Member::location);
  return at == shape.members.end() ? nullptr : &*at;
}

template <class T>
T& stream_in(const wire::Erased& structure, const wire::Member& member) {
  return *static_cast<T*>(member.emplace(structure.get()));
}

// What JSON holds where a streamed body belongs: its text, or JSON that is the body itself.
std::string body_of_json(const json::Value& value) { return value.is_string() ? std::string(value.as_string()) : json::write(value); }

// The input of an operation from JSON by the model's member names.
Result<wire::Erased> decode_json(const wire::ServiceModel& model, const Directory::Operation& target, const json::Value& value,
                                 Random& random) {
  const wire::Operation& operation = target.model;
  const std::string body = json::write(value);
  const net::RequestHead head = {.method = "POST", .path = "/"};
  wire::Erased input = operation.make_input();
  wire::Missing missing;
  Result<void> decoded = wire::aws_json_1_1().decode(model, operation, {.head = head, .body = body}, input.get(), missing);
  if (!decoded) return fail(std::move(decoded.error()));
  const json::Value* streamed = target.input_stream ? value.find(target.input_stream->name) : nullptr;
  if (streamed && !streamed->is_null()) stream_in<wire::BodySource>(input, *target.input_stream) = body_of_json(*streamed);
  wire::fill_idempotency_tokens(*operation.input, input.get(), missing, [&] { return random.uuid(); });
  Result<void> valid = wire::validate(model, operation, input.get(), missing);
  if (!valid) return fail(std::move(valid.error()));
  return input;
}

}  // namespace

void Directory::add_erased(const wire::ServiceModel& model, void* service, ServicePolicy policy) {
  check(!services_.contains(model.name), "a service is added to the directory once");
  Service& added =
      services_.emplace(std::string(model.name), Service{.model = model, .object = service, .policy = std::move(policy)}).first->second;
  for (const wire::Operation& operation : model.operations) {
    if (!operation.is_implemented()) continue;
    Labels labels = {{"service", std::string(model.name)}, {"operation", std::string(operation.name)}};
    Counter& begun = metrics_.counter("outcrop_calls_begun_total", "Calls of operations that came to admission.", labels);
    Counter& calls = metrics_.counter("outcrop_calls_total", "Calls of operations, answered or failed.", labels);
    metrics_.gauge("outcrop_calls_in_flight", "Calls that are not answered yet; long polls stay here while they wait.", labels,
                   [&begun, &calls] { return double(int64_t(begun.value() - calls.value())); });
    added.operations.emplace(operation.name, Operation{.model = operation,
                                                       .throttle = admission_.throttle_of(model.name, operation.name),
                                                       .begun = begun,
                                                       .calls = calls,
                                                       .latency = metrics_.histogram("outcrop_call_duration_seconds",
                                                                                     "Time from admission to the answer.", labels),
                                                       .input_stream = stream_of(*operation.input),
                                                       .output_stream = stream_of(*operation.output)});
  }
}

const Directory::Service* Directory::find(std::string_view service) const {
  auto found = services_.find(service);
  return found == services_.end() ? nullptr : &found->second;
}

const Directory::Operation* Directory::find(const Service& service, std::string_view operation) {
  auto found = service.operations.find(operation);
  return found == service.operations.end() ? nullptr : &found->second;
}

std::vector<const Directory::Service*> Directory::services() const {
  std::vector<const Service*> all;
  for (const auto& [name, service] : services_) all.push_back(&service);
  return all;
}

Task<Result<void>> Directory::admit(const Service& service, const Operation& operation, Call& call) {
  return admission_.admit(call, operation.throttle.get(), service.policy.throttled);
}

Task<Result<wire::Erased>> Directory::run(const Service& service, const Operation& operation, Call& call, const Decode& decode) {
  if (!admission_.lets_all_pass(operation.throttle.get())) co_await admit(service, operation, call);
  wire::Erased input = co_await decode();
  co_return co_await keep(wire::carry_out(operation.model, service.object, call, std::move(input)));
}

Task<Result<wire::Erased>> Directory::carry_out(const Service& service, const Operation& operation, Call& call, const Decode& decode) {
  return measured(operation, call, run(service, operation, call, decode));
}

Fault Directory::told_as_failure(const Call& call, const std::exception& problem) {
  log::error("an operation threw",
             {{"service", call.service}, {"operation", call.operation}, {"request_id", call.request_id}, {"problem", problem.what()}});
  return {"InternalFailure", 500, "The request processing has failed because of an unknown error, exception or failure."};
}

void Directory::count_error(const Call& call, const Fault& fault) {
  metrics_
      .counter("outcrop_errors_total", "Calls that were answered with an error, by its code.",
               {{"service", call.service}, {"operation", call.operation}, {"code", fault.code}})
      .add();
}

Result<Directory::Target> Directory::target(std::string_view service, std::string_view operation) const {
  const Service* found = find(service);
  if (!found) return fail("UnknownService", 400, fmt::format("There is no service {}.", service));
  const Operation* target = find(*found, operation);
  if (!target) return fail("UnknownOperationException", 400, fmt::format("The service {} has no operation {}.", service, operation));
  return Target{*found, *target};
}

Task<Result<wire::Erased>> Directory::invoke_erased(const Call& parent, std::string_view service, std::string_view operation,
                                                    const wire::Shape* input_shape, wire::Erased input, const wire::Shape* output_shape) {
  Target target = co_await this->target(service, operation);
  const wire::Operation& model = target.operation.model;
  check(model.input == input_shape && model.output == output_shape, "an operation was invoked with another one's types");
  auto call = std::make_shared<Call>(parent.child(service, operation));
  auto decode = [&]() -> Result<wire::Erased> {
    Result<void> valid = wire::validate(target.service.model, model, input.get(), {});
    if (!valid) return fail(std::move(valid.error()));
    return std::move(input);
  };
  Result<wire::Erased> output = co_await keep(carry_out(target.service, target.operation, *call, decode));
  if (!output) co_return fail(as_seen_in_process(std::move(output.error())));
  if (const wire::Member* member = target.operation.output_stream) stream_in<wire::Stream>(*output, *member).keep_alive(std::move(call));
  co_return output;
}

Task<Result<json::Value>> Directory::invoke_json(const Call& parent, std::string_view service, std::string_view operation,
                                                 json::Value input) {
  Target target = co_await this->target(service, operation);
  const wire::ServiceModel& model = target.service.model;
  if (target.operation.has_events())
    co_return fail("ValidationException", 400, fmt::format("The operation {} streams events, which JSON cannot hold.", operation));
  Call call = parent.child(service, operation);
  auto decode = [&] { return decode_json(model, target.operation, input, call.world.random); };
  Result<wire::Erased> output = co_await keep(carry_out(target.service, target.operation, call, decode));
  if (!output) co_return fail(as_seen_in_process(std::move(output.error())));
  wire::Response response = wire::aws_json_1_1().encode(model, target.operation.model, output->get(), call.request_id);
  auto parsed = json::parse(response.body.empty() ? "{}" : response.body);
  check(parsed.has_value(), "an operation's output was encoded as something that is no JSON");
  if (const wire::Member* member = target.operation.output_stream) {
    auto& body = stream_in<wire::BodySource>(*output, *member);
    Result<std::string> text = co_await keep(body.read_all(limits::json_stream_bytes_max));
    co_await body.close();
    if (!text) co_return fail(std::move(text.error()));
    if (!is_valid_utf8(*text)) co_return fail("ValidationException", 400, fmt::format("The body of {} is no text.", operation));
    parsed->as_object().set(member->name, json::Value(*text));
  }
  co_return std::move(*parsed);
}

}  // namespace outcrop
