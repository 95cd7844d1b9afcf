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

std::string domain_arn(const Place& place, std::string_view name);

inline constexpr std::string_view mapping_selection = "$request.basepath", mappings_alone = "API_MAPPING_ONLY";

}  // namespace outcrop::apigatewayv2
