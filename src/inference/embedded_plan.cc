#include "inference/embedded_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "inference/embedded/answer.h"
#include "inference/embedded/schema_fill.h"
#include "inference/embedded/token_count.h"
#include "inference/embedded/tool_choice.h"

namespace outcrop::inference {

namespace {

// Roles and separators of a message, as chat templates add them.
constexpr int64_t message_overhead_tokens = 4;

std::vector<embedded::Tool> tools_of(const Conversation& conversation) {
  std::vector<embedded::Tool> tools;
  for (const Tool& tool : conversation.tools) {
    auto* specification = std::get_if<ToolSpecification>(&tool);
    if (specification) tools.push_back({specification->name, specification->description, &specification->input_schema});
  }
  return tools;
}

std::string everything(const EmbeddedPrompt& prompt) {
  std::string text = prompt.message;
  for (const embedded::Source& source : prompt.sources) text.append("\n\n").append(source.text);
  return text;
}

// Says what it is given, as events, until a bound of the request is met.
class Speaker {
 public:
  Speaker(const InferenceParameters& parameters, EmbeddedPlan& plan) : parameters_(parameters), plan_(plan) {}

  void say(std::string_view text) {
    size_t end = text.size();
    for (const std::string& stop : parameters_.stop_sequences) {
      if (size_t at = text.find(stop); at < end) end = at, met_stop_ = stop;
    }
    for (std::string& piece : embedded::pieces(text.substr(0, end))) {
      if (!has_room()) break;
      ++plan_.output_tokens;
      plan_.events.push_back(BlockDelta{index_, TextDelta{std::move(piece)}});
      begun_ = true;
    }
  }

  void call(const std::string& id, std::string_view name, const json::Value& input) {
    end_block();
    std::string text = json::write(input);
    plan_.output_tokens += int64_t(embedded::estimate_tokens(text));
    plan_.events.push_back(BlockStart{index_, {id, std::string(name)}});
    plan_.events.push_back(BlockDelta{index_, ToolInputDelta{std::move(text)}});
    begun_ = used_tool_ = true;
  }

  void finish() {
    end_block();
    AnswerEnd end;
    if (used_tool_) {
      end.reason = StopReason::tool_use;
    } else if (cut_) {
      end.reason = StopReason::max_tokens;
    } else if (!met_stop_.empty()) {
      end.reason = StopReason::stop_sequence;
      end.stop_sequence = met_stop_;
    }
    plan_.events.push_back(std::move(end));
  }

 private:
  bool has_room() {
    cut_ = parameters_.max_tokens && plan_.output_tokens >= *parameters_.max_tokens;
    return !cut_;
  }
  void end_block() {
    if (std::exchange(begun_, false)) plan_.events.push_back(BlockStop{index_++});
  }

  const InferenceParameters& parameters_;
  EmbeddedPlan& plan_;
  int index_ = 0;
  bool begun_ = false, cut_ = false, used_tool_ = false;
  std::string met_stop_;
};

Result<void> fill_json(const JsonOutput& output, const EmbeddedPrompt& prompt, Speaker& speaker) {
  embedded::Filled filled = embedded::fill_schema(output.schema, everything(prompt));
  if (!filled.complete()) {
    return fail(
        "ModelErrorException", 424,
        fmt::format("The embedded model cannot fill the schema: the given text does not state {}.", fmt::join(filled.missing, ", ")));
  }
  speaker.say(json::write(filled.value));
  return {};
}

// OpenAI's "JSON mode", which has no schema: any object will do.
bool wants_some_object(const Conversation& conversation) {
  const json::Value* format = conversation.additional_fields.find("response_format");
  const json::Value* type = format ? format->find("type") : nullptr;
  return type && *type == json::Value("json_object");
}

// Whether a tool was called.
bool call_tool(const Conversation& conversation, const EmbeddedPrompt& prompt, const std::string& id, Speaker& speaker) {
  const std::vector<embedded::Tool> tools = tools_of(conversation);
  const ToolChoice choice = conversation.tool_choice.value_or(ToolChoice());
  if (tools.empty() || choice.kind == ToolChoice::Kind::none) return false;
  const bool is_forced = choice.kind != ToolChoice::Kind::automatic;
  if (!is_forced && prompt.has_tool_results) return false;
  auto call = is_forced ? embedded::forced_tool(tools, prompt.message, choice.name) : embedded::choose_tool(tools, prompt.message);
  if (!call) return false;
  if (!call->missing.empty()) speaker.say(fmt::format("The message does not state {}.", fmt::join(call->missing, ", ")));
  speaker.call(id, tools[call->tool].name, call->input);
  return true;
}

}  // namespace

Result<EmbeddedPlan> embedded_plan(const Conversation& conversation, EmbeddedPrompt prompt, const std::string& tool_use_id) {
  EmbeddedPlan plan;
  Speaker speaker(conversation.parameters, plan);
  if (conversation.json_output) {
    if (auto filled = fill_json(*conversation.json_output, prompt, speaker); !filled) return fail(std::move(filled.error()));
  } else if (!call_tool(conversation, prompt, tool_use_id, speaker)) {
    auto answer = embedded::answer(std::move(prompt.sources), prompt.message);
    if (!answer) return fail(std::move(answer.error()));
    speaker.say(wants_some_object(conversation) ? json::write(json::Object{{"answer", answer->text()}}) : answer->text());
  }
  speaker.finish();
  return plan;
}

int64_t estimate_input_tokens(const Conversation& conversation, const EmbeddedPrompt& prompt) {
  size_t tokens = embedded::estimate_tokens(prompt.message);
  for (const embedded::Source& source : prompt.sources)
    tokens += embedded::estimate_tokens(source.text) + embedded::estimate_tokens(source.name);
  for (const embedded::Tool& tool : tools_of(conversation)) {
    tokens += embedded::estimate_tokens(tool.name) + embedded::estimate_tokens(tool.description);
    if (tool.input_schema) tokens += embedded::estimate_tokens(json::write(*tool.input_schema));
  }
  return int64_t(tokens) + message_overhead_tokens * int64_t(conversation.messages.size());
}

}  // namespace outcrop::inference
