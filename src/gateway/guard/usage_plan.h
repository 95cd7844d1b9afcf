// API keys and usage plans of WebSocket APIs as they are configured, which AWS has for REST APIs alone: what a tenant may use.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace outcrop::gateway {

// Of each tenant, all of its keys and connections together. None: no limit.
struct UsagePlanConfig {
  std::string name;
  std::optional<uint64_t> connections;           // at once
  std::optional<double> connections_per_second;  // new ones
  std::optional<double> messages_per_second;     // that clients send
  std::optional<double> message_burst;           // at once; one second's worth, at least 1, where it is not given
  std::optional<uint64_t> messages_per_day;      // a day of UTC
  std::optional<uint64_t> bytes_per_day;         // of those messages
};

struct ApiKeyConfig {
  std::string key;      // the secret that clients send
  std::string name;     // what logs and events know it by: $context.identity.apiKeyId
  std::string account;  // whose APIs it is for
  std::string tenant;   // empty: its name
  std::string plan;     // empty: none, and no limit
};

struct UsageOptions {
  std::vector<UsagePlanConfig> plans;
  std::vector<ApiKeyConfig> keys;
};

}  // namespace outcrop::gateway
