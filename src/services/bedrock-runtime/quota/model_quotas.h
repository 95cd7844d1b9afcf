// The quotas of the catalogue's models as Service Quotas knows them: codes, names, and where each is offered.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/quota_book.h"
#include "inference/catalog.h"

namespace outcrop::bedrock_runtime {

inline constexpr std::string_view quota_service_code = "bedrock", quota_service_name = "Amazon Bedrock";

// Those that are enforced, of all models that answer. `catalog` may go.
std::vector<Quota> model_quotas(const inference::Catalog& catalog);

// Bedrock User Guide, "Amazon Titan Text Embeddings models": requests a minute throttle them, and tokens don't.
bool is_throttled_by_requests_alone(const inference::CatalogModel& model);

// Of a quota of the model's, by the catalogue's kind: AWS's where it is known. Ours otherwise, made of the quota's name so that it stays:
// "OUTCROP-5D3A0C21".
std::string quota_code(const inference::CatalogModel& model, std::string_view kind);

}  // namespace outcrop::bedrock_runtime
