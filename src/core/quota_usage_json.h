// A quota's use as GET /_outcrop/quotas writes it and `outcrop quota` reads it.
#pragma once
#include "base/result.h"
#include "core/quota_usage.h"
#include "json/json.h"

namespace outcrop {

json::Value quota_usage_json(const QuotaUsage& usage);
// Fault: InvalidAnswer 502, when it was not written by this.
Result<QuotaUsage> quota_usage_of_json(const json::Value& value);

}  // namespace outcrop
