#include "services/bedrock-runtime/native/native_input.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "gen/bedrock-runtime/errors.h"
#include "net/field_list.h"

namespace outcrop::bedrock_runtime {

namespace {

// "application/json" of "Application/JSON; charset=utf-8".
std::string without_parameters(std::string_view media_type) { return ascii_lower(net::trim(media_type.substr(0, media_type.find(';')))); }

bool accepts_json(std::string_view accept) {
  bool accepts = accept.empty();
  net::for_each_element(accept, [&accepts](std::string_view range) {
    const std::string type = without_parameters(range);
    accepts = accepts || type == "*/*" || type == "application/*" || type == native_media_type;
  });
  return accepts;
}

}  // namespace

Result<void> check_headers(const NativeInput& input) {
  if (!input.content_type.empty() && without_parameters(input.content_type) != native_media_type) {
    return fail(validation_exception("The provided Content Type is invalid or not supported for this model"));
  }
  if (!accepts_json(input.accept)) {
    return fail(
        validation_exception(fmt::format("The answer's type is application/json, which Accept does not include: {}", input.accept)));
  }
  if (!input.guardrail_identifier.empty() || !input.guardrail_version.empty()) {
    return fail(validation_exception("Guardrails are not supported yet: remove guardrailIdentifier and guardrailVersion."));
  }
  if (!input.trace.empty() && input.trace != "DISABLED") {
    return fail(validation_exception("Traces are not supported yet: trace can only be DISABLED."));
  }
  return {};
}

}  // namespace outcrop::bedrock_runtime
