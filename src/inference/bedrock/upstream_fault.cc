#include "inference/bedrock/upstream_fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "inference/bedrock/limits.h"
#include "inference/endpoints/retry_after.h"
#include "json/json.h"

namespace outcrop::inference {

namespace {

using Next = ServerFault::Next;

struct KnownError {
  std::string_view name;
  int status;
  Next next;
};
constexpr std::array<KnownError, 10> known_errors = {{{"ThrottlingException", 429, Next::try_another},
                                                      {"ModelNotReadyException", 429, Next::try_another},
                                                      {"ModelErrorException", 424, Next::try_another},
                                                      {"ModelStreamErrorException", 424, Next::try_another},
                                                      {"ServiceUnavailableException", 503, Next::try_another},
                                                      {"InternalServerException", 500, Next::try_another},
                                                      {"ServiceQuotaExceededException", 400, Next::try_another},
                                                      {"ModelTimeoutException", 408, Next::blame},
                                                      {"ValidationException", 400, Next::give_up},
                                                      {"ResourceNotFoundException", 404, Next::give_up}}};

constexpr size_t account_digits = 12;

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

// Runs of exactly twelve digits are what AWS's account numbers look like.
std::string without_accounts(std::string_view words) {
  std::string out(words);
  for (size_t at = 0; at < out.size();) {
    size_t end = at;
    while (end < out.size() && is_decimal(out[end])) ++end;
    if (end - at == account_digits) std::fill(out.begin() + ptrdiff_t(at), out.begin() + ptrdiff_t(end), '*');
    at = std::max(end, at + 1);
  }
  out.resize(std::min(out.size(), limits::upstream_error_words_max));
  return out;
}

Fault told_upstream(std::string_view code, int status, std::string message, ServerFault details) {
  return {std::string(code), status, std::move(message), FaultDetails(std::make_unique<ServerFault>(std::move(details)))};
}

// What throttles, is not ready or unavailable, or did not answer in time, has too much to do.
bool has_too_much(int status) { return status == 429 || status == 503 || status == 408; }

// "ThrottlingException" of "com.amazon.coral.service#ThrottlingException" and of "ThrottlingException:http://internal…".
std::string_view bare_name(std::string_view name) {
  name = name.substr(0, name.find(':'));
  return name.substr(name.rfind('#') + 1);
}

std::string_view text_at(const json::Value& body, std::string_view name) {
  const json::Value* member = body.find(name);
  return member && member->is_string() ? member->as_string() : std::string_view();
}

std::string_view message_in(const json::Value& body) {
  const std::string_view message = text_at(body, "message");
  return message.empty() ? text_at(body, "Message") : message;
}

Fault refused_credentials(std::string_view name, int status, std::string_view words) {
  log::warning("the upstream refused its credentials", {{"error", name}, {"status", status}, {"reason", words}});
  return told_upstream(
      "ModelErrorException", 424,
      fmt::format("The upstream refused the credentials it is asked with ({}).", name.empty() ? std::to_string(status) : name),
      {Next::give_up, status});
}

Fault unnamed(int status, std::string_view name, std::string words) {
  if (status == 429) return told_upstream("ThrottlingException", 429, std::move(words), {Next::try_another, status, true});
  if (status == 503) return told_upstream("ServiceUnavailableException", 503, std::move(words), {Next::try_another, status, true});
  return told_upstream("ModelErrorException", 424, fmt::format("The upstream answered {} {}: {}", status, name, words),
                       {status >= 500 ? Next::try_another : Next::give_up, status});
}

Fault fault_called(std::string_view name, int status, const json::Value& body, Milliseconds retry_after = {}) {
  std::string words = without_accounts(message_in(body));
  const auto known = std::ranges::find(known_errors, name, &KnownError::name);
  if (known == known_errors.end())
    return status == 401 || status == 403 ? refused_credentials(name, status, words) : unnamed(status, name, std::move(words));
  if (words.empty()) words = "The upstream said no more than the error's name.";
  ServerFault details(known->next, known->status == 429 ? 429 : 0, has_too_much(known->status));
  details.retry_after = retry_after;
  if (const json::Value* original = body.find("originalStatusCode")) details.status = int(original->as_int64().value_or(0));
  return told_upstream(name, known->status, std::move(words), std::move(details));
}

json::Value parsed_or_null(std::string_view body) {
  auto parsed = json::parse(body);
  return parsed ? std::move(*parsed) : json::Value();
}

}  // namespace

Fault fault_of_response(const net::ResponseHead& head, std::string_view text, Instant now) {
  const json::Value body = parsed_or_null(text);
  std::string_view name = bare_name(head.headers.get("x-amzn-errortype"));
  if (name.empty()) name = bare_name(text_at(body, "__type"));
  return fault_called(name, head.status, body, retry_after_of(head.headers.get("retry-after"), now));
}

// Exceptions are named by the member of the union that they are: "throttlingException".
Fault fault_of_message(const wire::Message& message) {
  if (message.text(":message-type") == "exception") {
    std::string name(message.text(":exception-type"));
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = char(name[0] - 'a' + 'A');
    return fault_called(name, 424, parsed_or_null(message.payload));
  }
  const std::string words = without_accounts(message.text(":error-message"));
  const json::Value body = json::Object{{"message", words}};
  return fault_called(bare_name(message.text(":error-code")), 424, body);
}

Fault fault_of_credentials(const Fault& fault) {
  log::warning("there are no credentials for the upstream", {{"reason", fault.message}});
  return told_upstream("ModelErrorException", 424, "There are no credentials to ask the upstream with; the server's log says why.",
                       {Next::give_up, 0});
}

}  // namespace outcrop::inference
