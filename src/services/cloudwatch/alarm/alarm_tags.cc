#include "services/cloudwatch/alarm/alarm_tags.h"

#include "services/cloudwatch/alarm/alarm_text.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {

Result<AlarmName> alarm_of_arn(const Call& call, std::string_view arn) {
  const std::string own = alarm_arn(place_of(call), "");
  if (!arn.starts_with(own) || arn.size() == own.size()) return fail(invalid_value_of(arn, "ResourceARN"));
  return AlarmName{place_of(call), std::string(arn.substr(own.size()))};
}

Fault no_such_resource(std::string_view arn) {
  return ResourceNotFoundException{
      .message = fmt::format("The resource {} does not exist.", arn), .resource_type = "alarm", .resource_id = std::string(arn)};
}

}  // namespace outcrop::cloudwatch
