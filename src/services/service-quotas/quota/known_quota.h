// Finding a quota by what a request names, and showing it as AWS does.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "gen/service-quotas/types.h"
#include "services/service-quotas/service_quotas.h"

namespace outcrop::service_quotas {

struct KnownQuota {
  const QuotaBook::Service& service;
  const Quota& quota;
};

// Fault: NoSuchResourceException 400.
Result<const QuotaBook::Service*> known_service(const ServiceQuotas& quotas, std::string_view service_code);
// Of the call's Region. Fault: NoSuchResourceException 400.
Result<KnownQuota> known_quota(const ServiceQuotas& quotas, const Call& call, std::string_view service_code, std::string_view quota_code);
// Those of a Region, by code, behind the code that a page ended with.
std::vector<const Quota*> quotas_in(const QuotaBook::Service& service, std::string_view region, const std::optional<std::string>& after);
// By its ARN, which names the call's Region and account. Fault: NoSuchResourceException 400, IllegalArgumentException 400.
Result<KnownQuota> quota_of_arn(const ServiceQuotas& quotas, const Call& call, std::string_view arn);

// "arn:aws:servicequotas:us-east-1:111122223333:bedrock/L-C6F5908D"; an AWS default belongs to no account.
std::string quota_arn(const KnownQuota& known, std::string_view region, std::string_view account);

ServiceQuota shown_default(const KnownQuota& known, const Call& call);
ServiceQuota shown_applied(const ServiceQuotas& quotas, const KnownQuota& known, const Call& call);
RequestedServiceQuotaChange shown_change(const RecordedChange& recorded, const Call& call);

inline Place place_of(const Call& call) { return {call.account(), call.region}; }
inline QuotaName name_of(const KnownQuota& known) { return {known.service.code, known.quota.code}; }

// What applies at the level of an account, as all quotas here do. Unsaid means so.
inline bool asks_for_accounts(const std::optional<std::string>& level) { return level.value_or("ACCOUNT") != "RESOURCE"; }

}  // namespace outcrop::service_quotas
