// The quotas of the control plane that Service Quotas shows, and what applies of them to who makes an API or a part of one.
#pragma once
#include <string_view>
#include <vector>

#include "core/quota_book.h"
#include "services/apigatewayv2/api/keys.h"

namespace outcrop::apigatewayv2 {

// What there may be so many of.
enum class Counted : uint8_t { apis, domain_names, routes, integrations, stages, authorizers };

// limits.h has the values, and their sources.
std::vector<Quota> control_quotas();

// Of an account in a Region; what counts by API holds for each of its APIs. What is there already stays when the quota is less.
size_t quota_of(QuotaBook& book, const Place& place, Counted counted);

}  // namespace outcrop::apigatewayv2
