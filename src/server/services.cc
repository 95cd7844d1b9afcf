#include "server/services.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "gen/sqs/manifest.h"
#include "gen/sts/manifest.h"

namespace outcrop::server {

std::vector<const wire::ServiceModel*> service_models() { return {&sqs::model, &sts::model}; }

std::vector<KnownService> known_services() {
  std::vector<KnownService> known;
  for (const wire::ServiceModel* service : service_models()) {
    KnownService entry{service->name, {}};
    for (const wire::Operation& operation : service->operations) {
      if (operation.is_implemented()) entry.operations.push_back(operation.name);
    }
    known.push_back(std::move(entry));
  }
  return known;
}

std::string describe_services() {
  std::string text;
  for (const wire::ServiceModel* service : service_models()) {
    std::vector<std::string_view> missing;
    for (const wire::Operation& operation : service->operations) {
      if (!operation.is_implemented()) missing.push_back(operation.name);
    }
    const size_t known = service->operations.size();
    text += fmt::format("{:<12} {:>3} of {} operations\n", service->name, known - missing.size(), known);
    if (!missing.empty()) text += fmt::format("{:<12} not yet: {}\n", "", fmt::join(missing, ", "));
  }
  return text;
}

}  // namespace outcrop::server
