#include "gateway/guard/quotas.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view rate_code = "L-8A5B8E43", burst_code = "L-CDF5615A", connections_code = "L-9ED1E49A";
constexpr double rate_default = 10'000, burst_default = 5'000, connections_default = 500;

}  // namespace

std::vector<Quota> gateway_quotas() {
  return {{.code = std::string(rate_code), .name = "Throttle rate", .value = rate_default},
          {.code = std::string(connections_code), .name = "WebSocket new connections rate", .value = connections_default},
          {.code = std::string(burst_code), .name = "Throttle burst rate", .value = burst_default, .adjustable = false}};
}

QuotaBook::Applied request_rate(QuotaBook& book, std::string_view account, std::string_view region) {
  return book.applied(account, region, quota_service_code, rate_code, rate_default);
}

double request_burst(double requests_per_second) { return requests_per_second * burst_default / rate_default; }

QuotaBook::Applied connection_rate(QuotaBook& book, std::string_view account, std::string_view region) {
  return book.applied(account, region, quota_service_code, connections_code, connections_default);
}

}  // namespace outcrop::gateway
