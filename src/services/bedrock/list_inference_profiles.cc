#include "gen/bedrock/list_inference_profiles.h"

#include <algorithm>

#include "base/encoding.h"
#include "gen/bedrock/errors.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/limits.h"
#include "services/bedrock/profile/system_profile.h"

namespace outcrop::bedrock {

namespace {

using Summaries = std::vector<InferenceProfileSummary>;

// A token is the type and the id of the last profile of the page before.
std::string token_of(std::string_view type, std::string_view id) { return base64url(std::string(type) + "/" + std::string(id)); }

// The id in a token of a list of `type`; empty without a token.
Result<std::string> position_of(const std::optional<std::string>& token, std::string_view type) {
  if (!token) return std::string();
  const std::string position = unbase64url(*token).value_or("");
  const std::string expected = std::string(type) + "/";
  if (!position.starts_with(expected) || position.size() == expected.size())
    return fail(validation_exception("The provided nextToken is invalid."));
  return position.substr(expected.size());
}

Summaries system_profiles(const inference::Catalog& catalog, const Call& call, std::string_view after, size_t count) {
  const auto& profiles = catalog.profiles();
  Summaries summaries;
  for (auto at = std::ranges::upper_bound(profiles, after, {}, &inference::InferenceProfile::id);
       at != profiles.end() && summaries.size() < count; ++at) {
    if (is_offered(catalog, *at, call.region)) summaries.push_back(describe(catalog, *at, call));
  }
  return summaries;
}

Task<Result<Summaries>> application_profiles(Bedrock& bedrock, const Call& call, std::string_view after, size_t count) {
  const Place place = place_of(call);
  Summaries summaries;
  for (const auto& profile : co_await bedrock.application_profiles().list(place, after, count))
    summaries.push_back(describe(place, profile.id, profile.record));
  co_return summaries;
}

}  // namespace

// The inference profiles of the caller's Region of one type, by id: as at AWS those that the service defines, unless the request says
// otherwise.
Task<Result<ListInferenceProfilesOutput>> list_inference_profiles(Bedrock& bedrock, Call& call, ListInferenceProfilesInput input) {
  const std::string type = input.type_equals.value_or(std::string(system_defined));
  const std::string after = co_await position_of(input.next_token, type);
  const size_t most = input.max_results ? size_t(*input.max_results) : limits::page_default;
  // One more than the page holds tells whether there is another.
  Summaries summaries = type == system_defined ? system_profiles(bedrock.catalog(), call, after, most + 1)
                                               : co_await application_profiles(bedrock, call, after, most + 1);
  ListInferenceProfilesOutput output;
  if (summaries.size() > most) {
    summaries.pop_back();
    output.next_token = token_of(type, summaries.back().inference_profile_id);
  }
  output.inference_profile_summaries = std::move(summaries);
  co_return output;
}

}  // namespace outcrop::bedrock
