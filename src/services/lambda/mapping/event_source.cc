#include "services/lambda/mapping/event_source.h"

#include "base/arn.h"
#include "gen/lambda/errors.h"

namespace outcrop::lambda {

namespace {

struct KindOfService {
  std::string_view service;
  SourceKind kind;
};

constexpr KindOfService kinds_of_services[] = {
    {"sqs", SourceKind::queue},   {"kinesis", SourceKind::kinesis}, {"dynamodb", SourceKind::dynamodb},
    {"kafka", SourceKind::kafka}, {"mq", SourceKind::mq},           {"rds", SourceKind::document_db},
};

}  // namespace

Result<SourceKind> source_kind(const std::optional<std::string>& arn, bool is_self_managed) {
  if (is_self_managed) return SourceKind::self_managed_kafka;
  const std::optional<Arn> parsed = arn ? parse_arn(*arn) : std::nullopt;
  for (const KindOfService& entry : kinds_of_services)
    if (parsed && parsed->service == entry.service) return entry.kind;
  return fail(invalid_parameter_value_exception("Unrecognized event source."));
}

std::optional<QueueArn> QueueArn::parse(std::string_view arn) {
  const std::optional<Arn> parsed = parse_arn(arn);
  if (!parsed || parsed->service != "sqs" || parsed->region.empty() || parsed->account.empty() || parsed->resource.empty())
    return std::nullopt;
  return QueueArn{std::string(parsed->region), std::string(parsed->account), std::string(parsed->resource)};
}

}  // namespace outcrop::lambda
