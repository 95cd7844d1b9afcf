#include "gen/service-quotas/list_services.h"

#include "services/service-quotas/quota/page.h"
#include "services/service-quotas/service_quotas.h"

namespace outcrop::service_quotas {

// The services that have quotas here, by code.
Task<Result<ListServicesOutput>> list_services(ServiceQuotas& quotas, Call&, ListServicesInput input) {
  const std::optional<std::string> after = co_await position_of(input.next_token);
  ListServicesOutput output{.services = std::vector<ServiceInfo>()};
  for (const QuotaBook::Service* service : quotas.book().services()) {
    if (after && service->code <= *after) continue;
    if (output.services->size() == page_size(input.max_results)) {
      output.next_token = token_of(*output.services->back().service_code);
      break;
    }
    output.services->push_back({.service_code = service->code, .service_name = service->name});
  }
  co_return output;
}

}  // namespace outcrop::service_quotas
