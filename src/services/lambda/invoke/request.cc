#include "services/lambda/invoke/request.h"

#include "base/encoding.h"
#include "services/lambda/invoke/payload_check.h"
#include "services/lambda/invoke/wording.h"

namespace outcrop::lambda {

namespace {

Result<std::string> read_client_context(const std::optional<std::string>& encoded) {
  if (!encoded || encoded->empty()) return "";
  std::optional<std::string> context = encoded->size() > limits::client_context_bytes_max ? std::nullopt : unbase64(*encoded);
  if (!context || !context->starts_with('{') || json_problem(*context)) return fail(client_context_is_invalid());
  return std::move(*context);
}

}  // namespace

Result<std::string> read_payload(std::optional<std::string> payload) {
  if (!payload || payload->empty()) return "{}";
  if (payload->size() > limits::request_bytes_max) return fail(request_too_large());
  if (std::optional<std::string> problem = json_problem(*payload)) return fail(payload_is_no_json(*problem));
  return std::move(*payload);
}

Result<runner::Invocation> read_invocation(const Call& call, std::optional<std::string> payload,
                                           const std::optional<std::string>& client_context, const std::optional<std::string>& log_type) {
  Result<std::string> event = read_payload(std::move(payload));
  if (!event) return fail(std::move(event.error()));
  Result<std::string> context = read_client_context(client_context);
  if (!context) return fail(std::move(context.error()));
  return runner::Invocation{.request_id = call.request_id,
                            .payload = std::move(*event),
                            .client_context = std::move(*context),
                            .trace_header = call.trace_header,
                            .wants_log_tail = log_type == "Tail"};
}

}  // namespace outcrop::lambda
