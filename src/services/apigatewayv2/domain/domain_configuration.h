// A custom domain name as callers write it, and as they are shown it.
#pragma once
#include <string>

#include "gen/apigatewayv2/types.h"
#include "services/apigatewayv2/domain/domains.h"

namespace outcrop::apigatewayv2 {

// Fault: BadRequestException 400 for what is no name of a host in lower case.
Result<void> check_domain_name(std::string_view name);

// Writes to `record` what the request asks for. Faults: BadRequestException 400, also for what is not built: mutual TLS, routing rules.
Result<void> configure(DomainRecord& record, const std::optional<std::vector<DomainNameConfiguration>>& configurations,
                       const std::optional<MutualTlsAuthenticationInput>& mutual_tls, const std::optional<std::string>& routing_mode);

std::vector<DomainNameConfiguration> shown_configurations(const Place& place, const DomainRecord& record);

inline constexpr std::string_view mapping_selection = "$request.basepath", mappings_alone = "API_MAPPING_ONLY";

std::string domain_arn(const Place& place, std::string_view name);

// As CreateDomainName, GetDomainName, UpdateDomainName and GetDomainNames show it.
template <class Shown>
Shown show_domain(const Place& place, std::string_view name, const DomainRecord& record) {
  return {.api_mapping_selection_expression = std::string(mapping_selection),
          .domain_name = std::string(name),
          .domain_name_arn = domain_arn(place, name),
          .domain_name_configurations = shown_configurations(place, record),
          .routing_mode = std::string(mappings_alone),
          .tags = record.tags};
}

}  // namespace outcrop::apigatewayv2
