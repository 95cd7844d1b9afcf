// ConverseStream: the answer event by event, each as the model makes it.
#include "gen/bedrock-runtime/converse_stream.h"

#include "services/bedrock-runtime/conversation/begin.h"
#include "services/bedrock-runtime/conversation/write_answer.h"

namespace outcrop::bedrock_runtime {

namespace {

using Events = wire::EventWriter<ConverseStreamOutputEvent>;

// What the metadata of a stream say beside its usage; in it when it was asked for.
struct Served {
  bool says_latency, says_tier;
};

ConverseStreamOutputEvent metadata(const Call& call, const Begun& begun, const inference::Usage& usage, Milliseconds latency,
                                   const Served& served) {
  ConverseStreamOutputEvent event;
  ConverseStreamMetadataEvent& written = event.metadata.emplace();
  written.usage = write_usage(usage);
  written.metrics.latency_ms = latency.count();
  if (served.says_latency) written.performance_config = PerformanceConfiguration{std::string(word_of(begun.answer->latency))};
  if (served.says_tier) written.service_tier = ServiceTier{std::string(word_of(begun.answer->tier))};
  if (!begun.answer->served_by.empty()) {
    written.trace.emplace().prompt_router = PromptRouterTrace{foundation_model_arn(call, begun.answer->served_by)};
  }
  return event;
}

Task<Result<void>> relay(BedrockRuntime& bedrock, Events& events, Call& call, Begun& begun, const Served& served) {
  ConverseStreamOutputEvent start;
  start.message_start = MessageStartEvent{"assistant"};
  co_await events.write(std::move(start));
  while (std::optional<inference::AnswerEvent> event = co_await next_event(call, begun)) {
    if (auto* usage = std::get_if<inference::AnswerUsage>(&*event)) {
      const Milliseconds latency = complete(bedrock, call, begun, usage->usage);
      co_await events.write(metadata(call, begun, usage->usage, latency, served));
    } else {
      co_await events.write(write_event(std::move(*event)));
    }
  }
  co_return {};
}

}  // namespace

Task<Result<ConverseStreamOutput>> converse_stream(BedrockRuntime& bedrock, Call& call, ConverseStreamInput input) {
  Begun begun = co_await begin(bedrock, call, Asked::of(input, /* streamed */ true));
  const Served served{input.performance_config.has_value(), input.service_tier.has_value()};
  co_return ConverseStreamOutput{
      .stream = [&bedrock, &call, begun = std::move(begun), served](Events& events) mutable -> Task<Result<void>> {
        Result<void> relayed = co_await keep(relay(bedrock, events, call, begun, served));
        if (!relayed) co_await break_off(bedrock, call, begun, relayed.error());
        co_return relayed;
      }};
}

}  // namespace outcrop::bedrock_runtime
