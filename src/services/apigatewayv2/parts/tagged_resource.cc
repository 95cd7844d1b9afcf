#include "services/apigatewayv2/parts/tagged_resource.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "gen/apigatewayv2/errors.h"

namespace outcrop::apigatewayv2 {

namespace {

struct TaggedResource {
  enum class Kind : uint8_t { api, stage, domain } kind;
  std::string name;   // an API's id, or a domain name
  std::string stage;  // of an API
};

Fault no_such_arn(std::string_view text) { return bad_request_exception(fmt::format("Invalid resource ARN specified: {}", text)); }

// The segments of "/apis/ID/stages/NAME".
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

Result<TaggedResource> read_arn(const Call& call, std::string_view text) {
  using enum TaggedResource::Kind;
  const std::optional<Arn> arn = parse_arn(text);
  if (!arn || !arn->partition.starts_with("aws") || arn->service != "apigateway" || arn->region != call.region || !arn->account.empty())
    return fail(no_such_arn(text));
  const std::vector<std::string_view> segments = segments_of(arn->resource);
  if (segments.size() == 2 && segments[0] == "apis") return TaggedResource{api, std::string(segments[1]), ""};
  if (segments.size() == 4 && segments[0] == "apis" && segments[2] == "stages")
    return TaggedResource{stage, std::string(segments[1]), std::string(segments[3])};
  if (segments.size() == 2 && segments[0] == "domainnames") return TaggedResource{domain, std::string(segments[1]), ""};
  return fail(no_such_arn(text));
}

}  // namespace

Task<Result<Tags>> tags_of(Apigatewayv2& gateway, const Call& call, std::string_view arn) {
  const TaggedResource resource = co_await read_arn(call, arn);
  if (resource.kind == TaggedResource::Kind::api) co_return (co_await gateway.apis().apis(place_of(call)).get(resource.name)).tags;
  if (resource.kind == TaggedResource::Kind::domain) co_return (co_await gateway.domains().domains(place_of(call)).get(resource.name)).tags;
  co_return (co_await gateway.apis().stages(api_named(call, resource.name)).get(resource.stage)).tags;
}

Task<Result<void>> change_tags(Apigatewayv2& gateway, const Call& call, std::string_view arn,
                               const std::function<Result<void>(Tags&)>& change) {
  const TaggedResource resource = co_await read_arn(call, arn);
  const ApiName api = api_named(call, resource.name);
  if (resource.kind == TaggedResource::Kind::api) {
    co_await gateway.apis().change_tags(api, change);
  } else if (resource.kind == TaggedResource::Kind::domain) {
    co_await gateway.domains().domains(place_of(call)).change(resource.name, [&](DomainRecord& record) { return change(record.tags); });
  } else {
    co_await gateway.apis().stages(api).change(resource.stage, [&](StageRecord& record) { return change(record.tags); });
  }
  co_return {};
}

}  // namespace outcrop::apigatewayv2
