// The rules of cache points, which depend on the model.
#pragma once
#include "base/result.h"
#include "inference/catalog.h"
#include "inference/conversation.h"

namespace outcrop::bedrock_runtime {

// Faults: AccessDeniedException 403 for a model that takes none, as Bedrock answers; ValidationException 400 for fields that take none,
// for too many, for an hour where the model keeps nothing that long, and for an hour behind five minutes.
Result<void> check_cache_points(const inference::CatalogModel& model, const inference::Conversation& conversation);

}  // namespace outcrop::bedrock_runtime
