#include "services/apigatewayv2/api/quotas.h"

#include <algorithm>

#include "gateway/guard/quotas.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

struct CountQuota {
  Counted counted;
  std::string_view code, name;
  size_t by_default;
};

// Those without a code of AWS's are raised by its support alone, and not listed there.
constexpr CountQuota count_quotas[] = {
    {Counted::apis, "L-AA0FF27B", "Regional APIs", limits::apis_max},
    {Counted::domain_names, "L-A93447B8", "Custom Domain Names", limits::domain_names_max},
    {Counted::routes, "L-01C8A9E0", "Resources/Routes per REST/WebSocket API", limits::routes_max},
    {Counted::stages, "L-379E48B0", "Stages per API", limits::stages_max},
    {Counted::integrations, "OUTCROP-D5767058", "Integrations per WebSocket API", limits::integrations_max},
    {Counted::authorizers, "OUTCROP-12C645A4", "Lambda authorizers per WebSocket API", limits::authorizers_max},
};

}  // namespace

std::vector<Quota> control_quotas() {
  std::vector<Quota> quotas;
  for (const CountQuota& quota : count_quotas)
    quotas.push_back({.code = std::string(quota.code), .name = std::string(quota.name), .value = double(quota.by_default)});
  return quotas;
}

size_t quota_of(QuotaBook& book, const Place& place, Counted counted) {
  const CountQuota* quota = std::ranges::find(count_quotas, counted, &CountQuota::counted);
  return size_t(book.applied(place.account, place.region, gateway::quota_service_code, quota->code, double(quota->by_default)).value());
}

}  // namespace outcrop::apigatewayv2
