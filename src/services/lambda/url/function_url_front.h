// FunctionUrlFront: the requests that come to functions by their URLs. A function hears of a request as an event of payload format 2.0,
// and its answer is the response, whole or, in the mode RESPONSE_STREAM, part by part as it is written.
//
// In open mode everybody may call, as for every operation; where identities are enforced a URL of AuthType AWS_IAM takes signed requests
// alone, and the function's policy decides. These are no control planes: web pages of other origins are let in by the URL's rules of CORS.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/authenticator.h"
#include "core/call.h"
#include "core/service_metrics.h"
#include "net/http.h"
#include "services/lambda/invoke/invoker.h"
#include "services/lambda/url/function_urls.h"

namespace outcrop::lambda {

// All must outlive the front.
struct FunctionUrlParts {
  World& world;
  FunctionUrls& urls;
  auth::Authenticator& authenticator;
  ServiceMetrics& metrics;
  std::function<Task<Result<Invoked>>(const FunctionName&, runner::Invocation)> invoke;
  // Faults unless the function's policy, or their own account, lets the identity of the call invoke it by a URL of that AuthType. Asked
  // where identities are enforced.
  std::function<Task<Result<void>>(const Call&, const FunctionName&, std::string_view auth_type)> check_access;
};

class FunctionUrlFront final : public net::Handler {
 public:
  explicit FunctionUrlFront(FunctionUrlParts parts) : parts_(std::move(parts)) {}

  static bool takes(const net::RequestHead& head) { return UrlAddress::of(head.host, head.path).has_value(); }

  Task<void> serve(net::Exchange& exchange) override;

 private:
  struct Request;

  Task<Result<void>> answer(Request& request);
  Task<Result<void>> authorize(Request& request);
  Result<auth::Caller> authenticate(const Request& request) const;
  Call call_of(Request& request, auth::Caller caller) const;
  Result<runner::Invocation> invocation_of(Request& request);
  Task<Result<void>> respond_whole(Request& request, runner::Answer& answer);
  Task<Result<void>> respond_streamed(Request& request, runner::Answer& answer);
  Task<Result<void>> begin_stream(Request& request, runner::Answer& answer);
  Task<Result<void>> relay(Request& request, runner::Answer& answer);
  Task<void> respond_fault(Request& request, const Fault& fault);
  void complete(const Request& request, net::ResponseHead& head) const;
  void record(const Request& request, SteadyTime begun) const;

  const FunctionUrlParts parts_;
};

}  // namespace outcrop::lambda
