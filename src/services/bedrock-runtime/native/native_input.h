// What InvokeModel and InvokeModelWithResponseStream are asked: a body in the language of its model (inference/dialects), and what
// their headers say of it.
#pragma once
#include <optional>
#include <string_view>

#include "base/result.h"
#include "services/bedrock-runtime/invocation/begun.h"

namespace outcrop::bedrock_runtime {

// Views into the input of an operation; empty where nothing came.
struct NativeInput {
  std::string_view model_id, body;
  std::string_view content_type, accept;
  std::string_view trace, guardrail_identifier, guardrail_version;
  std::string_view latency, tier;
  bool streamed;

  template <class Input>
  static NativeInput of(const Input& input, bool streamed) {
    auto view = [](const std::optional<std::string>& member) { return member ? std::string_view(*member) : std::string_view(); };
    return {.model_id = input.model_id,
            .body = view(input.body),
            .content_type = view(input.content_type),
            .accept = view(input.accept),
            .trace = view(input.trace),
            .guardrail_identifier = view(input.guardrail_identifier),
            .guardrail_version = view(input.guardrail_version),
            .latency = view(input.performance_config_latency),
            .tier = view(input.service_tier),
            .streamed = streamed};
  }
};

inline constexpr std::string_view native_media_type = "application/json";
// Of an answer's id: the families' own are about so long.
inline constexpr size_t answer_id_letters = 24;

// Faults with ValidationException 400: types other than JSON, guardrails, traces.
Result<void> check_headers(const NativeInput& input);

}  // namespace outcrop::bedrock_runtime
