#include "services/service-quotas/quota/known_quota.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "gen/service-quotas/errors.h"

namespace outcrop::service_quotas {

namespace {

constexpr std::string_view unit_none = "None", account_level = "ACCOUNT";

std::optional<QuotaPeriod> shown_period(Quota::Period period) {
  switch (period) {
    case Quota::Period::none:
      return std::nullopt;
    case Quota::Period::minute:
      return QuotaPeriod{.period_value = 1, .period_unit = "MINUTE"};
    case Quota::Period::day:
      return QuotaPeriod{.period_value = 1, .period_unit = "DAY"};
  }
  check(false, "a period without a unit");
  return std::nullopt;
}

ServiceQuota shown(const KnownQuota& known, double value, std::string arn) {
  return {.service_code = known.service.code,
          .service_name = known.service.name,
          .quota_arn = std::move(arn),
          .quota_code = known.quota.code,
          .quota_name = known.quota.name,
          .value = value,
          .unit = std::string(unit_none),
          .adjustable = known.quota.adjustable,
          .global_quota = false,
          .period = shown_period(known.quota.period),
          .quota_applied_at_level = std::string(account_level)};
}

std::unexpected<Fault> no_such_quota() {
  return fail(no_such_resource_exception("The request failed because the specified quota does not exist."));
}

}  // namespace

Result<const QuotaBook::Service*> known_service(const ServiceQuotas& quotas, std::string_view service_code) {
  if (const QuotaBook::Service* service = quotas.book().find(service_code)) return service;
  return fail(no_such_resource_exception("The request failed because the specified service does not exist."));
}

Result<KnownQuota> known_quota(const ServiceQuotas& quotas, const Call& call, std::string_view service_code, std::string_view quota_code) {
  auto service = known_service(quotas, service_code);
  if (!service) return fail(std::move(service.error()));
  const Quota* quota = (*service)->find(quota_code);
  if (!quota || !quota->is_offered_in(call.region)) return no_such_quota();
  return KnownQuota{**service, *quota};
}

std::vector<const Quota*> quotas_in(const QuotaBook::Service& service, std::string_view region, const std::optional<std::string>& after) {
  std::vector<const Quota*> offered;
  for (const Quota& quota : service.quotas()) {
    if (quota.is_offered_in(region) && (!after || quota.code > *after)) offered.push_back(&quota);
  }
  return offered;
}

Result<KnownQuota> quota_of_arn(const ServiceQuotas& quotas, const Call& call, std::string_view text) {
  const std::optional<Arn> arn = parse_arn(text);
  const size_t slash = arn ? arn->resource.find('/') : std::string_view::npos;
  if (slash == std::string_view::npos || arn->service != "servicequotas")
    return fail(illegal_argument_exception("The resource ARN is not the ARN of a quota."));
  if (arn->account != call.account() || arn->region != call.region) return no_such_quota();
  return known_quota(quotas, call, arn->resource.substr(0, slash), arn->resource.substr(slash + 1));
}

std::string quota_arn(const KnownQuota& known, std::string_view region, std::string_view account) {
  return fmt::format("arn:aws:servicequotas:{}:{}:{}/{}", region, account, known.service.code, known.quota.code);
}

ServiceQuota shown_default(const KnownQuota& known, const Call& call) {
  return shown(known, known.quota.default_in(call.region), quota_arn(known, call.region, ""));
}

ServiceQuota shown_applied(const ServiceQuotas& quotas, const KnownQuota& known, const Call& call) {
  const auto raised = quotas.book().raised(call.account(), call.region, known.service.code, known.quota.code);
  return shown(known, raised.value_or(known.quota.default_in(call.region)), quota_arn(known, call.region, call.account()));
}

RequestedServiceQuotaChange shown_change(const RecordedChange& recorded, const Call& call) {
  const QuotaChange& change = recorded.change;
  return {
      .id = recorded.id,
      .service_code = change.service_code,
      .service_name = change.service_name,
      .quota_code = change.quota_code,
      .quota_name = change.quota_name,
      .desired_value = change.desired_value,
      .status = "APPROVED",
      .created = change.created,
      .last_updated = change.created,
      .requester = change.requester,
      .quota_arn = fmt::format("arn:aws:servicequotas:{}:{}:{}/{}", call.region, call.account(), change.service_code, change.quota_code),
      .global_quota = false,
      .unit = std::string(unit_none),
      .quota_requested_at_level = std::string(account_level)};
}

}  // namespace outcrop::service_quotas
