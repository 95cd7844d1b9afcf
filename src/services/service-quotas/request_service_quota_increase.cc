#include "gen/service-quotas/request_service_quota_increase.h"

#include "gen/service-quotas/errors.h"
#include "json/json.h"
#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

namespace {

// As AWS words who asked.
std::string requester_of(const Call& call) {
  return json::write(json::Object{{"accountId", call.account()}, {"callerArn", call.identity.arn}});
}

}  // namespace

// Raises the value that applies to the caller's account in its Region. Nobody has to approve it: it applies when this answers.
// `SupportCaseAllowed` changes nothing, because no request ends at a support case.
Task<Result<RequestServiceQuotaIncreaseOutput>> request_service_quota_increase(ServiceQuotas& quotas, Call& call,
                                                                               RequestServiceQuotaIncreaseInput input) {
  const KnownQuota known = co_await known_quota(quotas, call, input.service_code, input.quota_code);
  if (input.context_id) co_return fail(illegal_argument_exception("The quota applies to an account and takes no context Id."));
  if (!known.quota.adjustable)
    co_return fail(illegal_argument_exception("The request failed because the specified quota is not adjustable."));
  QuotaChange change{.service_code = known.service.code,
                     .service_name = known.service.name,
                     .quota_code = known.quota.code,
                     .quota_name = known.quota.name,
                     .desired_value = input.desired_value,
                     .requester = requester_of(call)};
  const RecordedChange recorded = co_await quotas.ledger().raise(place_of(call), std::move(change), known.quota.default_in(call.region));
  co_return RequestServiceQuotaIncreaseOutput{.requested_quota = shown_change(recorded, call)};
}

}  // namespace outcrop::service_quotas
