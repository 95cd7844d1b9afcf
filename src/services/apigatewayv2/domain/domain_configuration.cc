#include "services/apigatewayv2/domain/domain_configuration.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "gen/apigatewayv2/errors.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view regional = "REGIONAL", tls_1_2 = "TLS_1_2", ipv4 = "ipv4";

bool is_label(std::string_view label) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' && std::ranges::all_of(label, fits);
}

Result<void> apply(DomainRecord& record, const DomainNameConfiguration& given) {
  if (given.endpoint_type.value_or(std::string(regional)) != regional || given.security_policy.value_or(std::string(tls_1_2)) != tls_1_2) {
    return fail(bad_request_exception(
        "Only REGIONAL domain names with a security policy of TLS 1.2 can be managed through the API Gateway V2 API. For TLS 1.0 domain "
        "names, please use the API Gateway V1 API to upgrade your security policy to TLS 1.2. Currently, only REST APIs can be attached to "
        "a domain name with a security policy of TLS 1.0."));
  }
  if (given.certificate_arn) record.certificate_arn = *given.certificate_arn;
  const std::optional<Arn> arn = parse_arn(record.certificate_arn);
  if (!arn || arn->service != "acm") return fail(bad_request_exception("Invalid certificate ARN: " + record.certificate_arn));
  record.endpoint_type = regional;
  record.security_policy = tls_1_2;
  record.ip_address_type = given.ip_address_type.value_or(record.ip_address_type.value_or(std::string(ipv4)));
  if (given.certificate_name) record.certificate_name = given.certificate_name;
  if (given.ownership_verification_certificate_arn) record.ownership_certificate_arn = given.ownership_verification_certificate_arn;
  return {};
}

}  // namespace

Result<void> check_domain_name(std::string_view name) {
  bool fits = name.contains('.');
  for (std::string_view rest = name.starts_with("*.") ? name.substr(2) : name; fits && !rest.empty();) {
    const size_t dot = rest.find('.');
    fits = is_label(rest.substr(0, dot)) && dot != rest.size() - 1;
    rest.remove_prefix(std::min(dot, rest.size() - 1) + 1);
  }
  if (!fits) return fail(bad_request_exception(fmt::format("Invalid domain name: {}", name)));
  return {};
}

Result<void> configure(DomainRecord& record, const std::optional<std::vector<DomainNameConfiguration>>& configurations,
                       const std::optional<MutualTlsAuthenticationInput>& mutual_tls, const std::optional<std::string>& routing_mode) {
  if (mutual_tls && mutual_tls->truststore_uri && !mutual_tls->truststore_uri->empty())
    return fail(bad_request_exception("Mutual TLS authentication is not supported by Outcrop"));
  if (routing_mode && *routing_mode != mappings_alone)
    return fail(bad_request_exception(fmt::format("Routing mode {} is not supported by Outcrop", *routing_mode)));
  if (!configurations) return {};
  if (configurations->size() != 1) return fail(bad_request_exception("Exactly one domain name configuration must be provided"));
  return apply(record, configurations->front());
}

std::vector<DomainNameConfiguration> shown_configurations(const Place& place, const DomainRecord& record) {
  return {{.api_gateway_domain_name = fmt::format("d-{}.execute-api.{}.amazonaws.com", record.regional_id, place.region),
           .certificate_arn = record.certificate_arn,
           .certificate_name = record.certificate_name,
           .domain_name_status = "AVAILABLE",
           .endpoint_type = record.endpoint_type,
           .ip_address_type = record.ip_address_type,
           .security_policy = record.security_policy,
           .ownership_verification_certificate_arn = record.ownership_certificate_arn}};
}

std::string domain_arn(const Place& place, std::string_view name) {
  return fmt::format("arn:aws:apigateway:{}::/domainnames/{}", place.region, name);
}

}  // namespace outcrop::apigatewayv2
