// The quotas of Lambda that Service Quotas shows and this server enforces.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/quota_book.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

inline constexpr std::string_view quota_service_code = "lambda", quota_service_name = "AWS Lambda";

// AWS General Reference, "AWS Lambda endpoints and quotas".
std::vector<Quota> lambda_quotas();

// "Concurrent executions", L-B99A9384: of all functions of an account in a Region, at one time.
QuotaBook::Applied concurrent_executions(QuotaBook& book, const Place& place);
// "Function and layer storage", L-2ACBD22F, in bytes: of all versions' packages.
uint64_t code_storage_bytes_max(QuotaBook& book, const Place& place);

}  // namespace outcrop::lambda
