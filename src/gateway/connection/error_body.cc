#include "gateway/connection/error_body.h"

#include <fmt/format.h>

#include "json/writer.h"

namespace outcrop::gateway {

namespace {

std::string quoted(std::string_view text) {
  std::string json;
  json::Writer(json).string(text);
  return json;
}

}  // namespace

std::string error_body(const ErrorBody& error) {
  if (error.connection_id.empty()) return fmt::format(R"({{"message": {}}})", quoted(error.message));
  return fmt::format(R"({{"message": {}, "connectionId":{}, "requestId":{}}})", quoted(error.message), quoted(error.connection_id),
                     quoted(error.request_id));
}

}  // namespace outcrop::gateway
