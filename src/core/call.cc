#include "core/call.h"

namespace outcrop {

Call Call::child(std::string_view of_service, std::string_view of_operation) const {
  return {.world = world,
          .identity = identity,
          .region = region,
          .service = std::string(of_service),
          .operation = std::string(of_operation),
          .request_id = world.random.uuid(),
          .endpoint = endpoint,
          .source_arn = source_arn,
          .trace_header = trace_header,
          .traceparent = traceparent,
          .secure_transport = secure_transport,
          .enforced = enforced,
          .extra_headers = extra_headers,
          .deadline = deadline,
          .stop = stop};
}

}  // namespace outcrop
