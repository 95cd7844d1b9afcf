#include "services/lambda/account/quotas.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view concurrency_code = "L-B99A9384", storage_code = "L-2ACBD22F";
constexpr double concurrency_default = 1'000;
constexpr double storage_gb_default = 75;

}  // namespace

std::vector<Quota> lambda_quotas() {
  return {{.code = std::string(storage_code), .name = "Function and layer storage", .value = storage_gb_default},
          {.code = std::string(concurrency_code), .name = "Concurrent executions", .value = concurrency_default}};
}

QuotaBook::Applied concurrent_executions(QuotaBook& book, const Place& place) {
  return book.applied(place.account, place.region, quota_service_code, concurrency_code, concurrency_default);
}

uint64_t code_storage_bytes_max(QuotaBook& book, const Place& place) {
  return uint64_t(book.applied(place.account, place.region, quota_service_code, storage_code, storage_gb_default).value() * (1 << 30));
}

}  // namespace outcrop::lambda
