#include "gen/dynamodb/describe_endpoints.h"

#include "services/dynamodb/dynamodb.h"

namespace outcrop::dynamodb {

namespace {

constexpr int64_t endpoint_cache_minutes = 1440;  // AWS's

}  // namespace

// Tells where to send requests: here.
Task<Result<DescribeEndpointsOutput>> describe_endpoints(Dynamodb&, Call& call, DescribeEndpointsInput) {
  const size_t host = call.endpoint.find("://");
  const std::string address = host == std::string::npos ? call.endpoint : call.endpoint.substr(host + 3);
  DescribeEndpointsOutput output;
  output.endpoints.push_back({.address = address, .cache_period_in_minutes = endpoint_cache_minutes});
  co_return output;
}

}  // namespace outcrop::dynamodb
