// The quotas of API Gateway that Service Quotas shows and this server enforces.
#pragma once
#include <string_view>
#include <vector>

#include "core/quota_book.h"

namespace outcrop::gateway {

inline constexpr std::string_view quota_service_code = "apigateway", quota_service_name = "Amazon API Gateway";

// Guide, "Amazon API Gateway quotas" and "Quotas for configuring and running a WebSocket API in API Gateway".
std::vector<Quota> gateway_quotas();

// "Throttle rate", L-8A5B8E43: requests a second of all APIs of an account in a Region, callbacks among them.
QuotaBook::Applied request_rate(QuotaBook& book, std::string_view account, std::string_view region);
// What may come at once when requests may come at that rate; AWS sets it, and it grows with the rate.
double request_burst(double requests_per_second);
// "WebSocket new connections rate", L-9ED1E49A: a second.
QuotaBook::Applied connection_rate(QuotaBook& book, std::string_view account, std::string_view region);

}  // namespace outcrop::gateway
