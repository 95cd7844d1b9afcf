#include "services/service-quotas/quota/page.h"

#include "base/encoding.h"
#include "gen/service-quotas/errors.h"

namespace outcrop::service_quotas {

Result<std::optional<std::string>> position_of(const std::optional<std::string>& next_token) {
  if (!next_token) return std::nullopt;
  auto last = unbase64(*next_token);
  if (!last || last->empty()) return fail(invalid_pagination_token_exception("The pagination token is not valid."));
  return last;
}

std::string token_of(std::string_view last) { return base64(last); }

}  // namespace outcrop::service_quotas
