#include "inference/openai/chat_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "inference/openai/chat_content.h"
#include "inference/refusal.h"
#include "json/writer.h"

namespace outcrop::inference {

namespace {

// Members the conversation itself decides; the caller's additional fields may not contradict them.
constexpr std::array<std::string_view, 6> own_members = {"model", "messages", "stream", "stream_options", "tools", "n"};

void write_system(json::Writer& out, const std::vector<SystemBlock>& system) {
  std::string text;
  auto add = [&text](std::string_view more) {
    if (!text.empty()) text += "\n\n";
    text += more;
  };
  for (const SystemBlock& block : system) {
    if (auto* plain = std::get_if<TextBlock>(&block)) add(plain->text);
    if (auto* guarded = std::get_if<GuardBlock>(&block)) {
      if (auto* guarded_text = std::get_if<TextBlock>(&guarded->content)) add(guarded_text->text);
    }
  }
  if (text.empty()) return;
  out.begin_object();
  out.name("role"), out.string("system");
  out.name("content"), out.string(text);
  out.end_object();
}

void write_tool_calls(json::Writer& out, const std::vector<const ToolUseBlock*>& uses) {
  out.name("tool_calls"), out.begin_array();
  for (const ToolUseBlock* use : uses) {
    out.begin_object();
    out.name("id"), out.string(use->id);
    out.name("type"), out.string("function");
    out.name("function"), out.begin_object();
    out.name("name"), out.string(use->name);
    out.name("arguments"), out.string(json::write(use->input));
    out.end_object(), out.end_object();
  }
  out.end_array();
}

// An assistant's turn: its text, what it thought, and the tools it used.
Result<void> write_assistant(json::Writer& out, const Message& message) {
  std::string text, reasoning;
  std::vector<const ToolUseBlock*> uses;
  for (const ContentBlock& block : message.content) {
    if (auto* plain = std::get_if<TextBlock>(&block)) {
      text += plain->text;
    } else if (auto* cited = std::get_if<CitationsBlock>(&block)) {
      for (const std::string& part : cited->texts) text += part;
    } else if (auto* thought = std::get_if<ReasoningBlock>(&block)) {
      reasoning += thought->text;
    } else if (auto* use = std::get_if<ToolUseBlock>(&block)) {
      uses.push_back(use);
    } else if (!std::holds_alternative<CachePointBlock>(block)) {
      return refused("An assistant message of this model can hold text, reasoning and tool uses only.");
    }
  }
  out.begin_object();
  out.name("role"), out.string("assistant");
  if (!text.empty() || uses.empty()) out.name("content"), out.string(text);
  if (!reasoning.empty()) out.name("reasoning_content"), out.string(reasoning);
  if (!uses.empty()) write_tool_calls(out, uses);
  out.end_object();
  return {};
}

// A user's turn: the results of tools first, each a message of its own, as the dialect has them; then the rest.
Result<void> write_user(json::Writer& out, const Message& message) {
  ChatContent rest;
  for (const ContentBlock& block : message.content) {
    auto* result = std::get_if<ToolResultBlock>(&block);
    if (!result) {
      if (auto added = rest.add(block); !added) return added;
      continue;
    }
    ChatContent content;
    for (const ToolResultBlock::Content& part : result->content) {
      if (auto added = content.add_result(part, rest); !added) return added;
    }
    out.begin_object();
    out.name("role"), out.string("tool");
    out.name("tool_call_id"), out.string(result->id);
    out.name("content"), content.write(out);
    out.end_object();
  }
  if (rest.empty()) return {};
  out.begin_object();
  out.name("role"), out.string("user");
  out.name("content"), rest.write(out);
  out.end_object();
  return {};
}

Result<void> write_tools(json::Writer& out, const Conversation& conversation) {
  bool begun = false;
  for (const Tool& tool : conversation.tools) {
    if (std::holds_alternative<SystemTool>(tool)) return refused("This model has no system tools.");
    auto* specification = std::get_if<ToolSpecification>(&tool);
    if (!specification) continue;
    if (!std::exchange(begun, true)) out.name("tools"), out.begin_array();
    out.begin_object();
    out.name("type"), out.string("function");
    out.name("function"), out.begin_object();
    out.name("name"), out.string(specification->name);
    if (!specification->description.empty()) out.name("description"), out.string(specification->description);
    out.name("parameters"), out.value(specification->input_schema);
    if (specification->strict) out.name("strict"), out.boolean(*specification->strict);
    out.end_object(), out.end_object();
  }
  if (begun) out.end_array();
  if (!begun || !conversation.tool_choice) return {};
  out.name("tool_choice");
  switch (conversation.tool_choice->kind) {
    case ToolChoice::Kind::automatic:
      out.string("auto");
      break;
    case ToolChoice::Kind::any:
      out.string("required");
      break;
    case ToolChoice::Kind::none:
      out.string("none");
      break;
    case ToolChoice::Kind::tool:
      out.begin_object();
      out.name("type"), out.string("function");
      out.name("function"), out.begin_object();
      out.name("name"), out.string(conversation.tool_choice->name);
      out.end_object(), out.end_object();
      break;
  }
  return {};
}

void write_parameters(json::Writer& out, const InferenceParameters& parameters, const ChatRequestOptions& options) {
  if (parameters.max_tokens) {
    out.name(options.max_completion_tokens ? "max_completion_tokens" : "max_tokens");
    out.number(*parameters.max_tokens);
  }
  if (parameters.temperature) out.name("temperature"), out.number(*parameters.temperature);
  if (parameters.top_p) out.name("top_p"), out.number(*parameters.top_p);
  if (!parameters.stop_sequences.empty()) {
    out.name("stop"), out.begin_array();
    for (const std::string& stop : parameters.stop_sequences) out.string(stop);
    out.end_array();
  }
}

void write_json_output(json::Writer& out, const JsonOutput& output) {
  out.name("response_format"), out.begin_object();
  out.name("type"), out.string("json_schema");
  out.name("json_schema"), out.begin_object();
  out.name("name"), out.string(output.name.empty() ? "answer" : output.name);
  if (!output.description.empty()) out.name("description"), out.string(output.description);
  out.name("schema"), out.value(output.schema);
  out.name("strict"), out.boolean(true);
  out.end_object(), out.end_object();
}

// Whether the request says that already.
bool is_said(std::string_view name, const Conversation& conversation) {
  const InferenceParameters& parameters = conversation.parameters;
  if (std::ranges::count(own_members, name)) return true;
  if (name == "max_tokens" || name == "max_completion_tokens") return parameters.max_tokens.has_value();
  if (name == "temperature") return parameters.temperature.has_value();
  if (name == "top_p") return parameters.top_p.has_value();
  if (name == "stop") return !parameters.stop_sequences.empty();
  if (name == "tool_choice") return conversation.tool_choice.has_value();
  return name == "response_format" && conversation.json_output.has_value();
}

Result<void> write_additional(json::Writer& out, const Conversation& conversation) {
  const json::Value& fields = conversation.additional_fields;
  if (fields.is_null()) return {};
  if (!fields.is_object()) return refused("The additional model request fields must be a JSON object.");
  for (const json::Member& member : fields.as_object()) {
    // Anthropic's way to ask for one call at a time, which this dialect has a member for.
    const json::Value* one_call = member.name() == "tool_choice" ? member.value.find("disable_parallel_tool_use") : nullptr;
    if (one_call && one_call->is_bool()) {
      out.name("parallel_tool_calls"), out.boolean(!one_call->as_bool());
      continue;
    }
    if (is_said(member.name(), conversation)) {
      return refused(fmt::format("The additional model request field {} is set by the request itself.", member.name()));
    }
    out.name(member.name()), out.value(member.value);
  }
  return {};
}

}  // namespace

Result<std::string> chat_request(const Conversation& conversation, const ChatRequestOptions& options) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("model"), out.string(options.served_model);
  out.name("messages"), out.begin_array();
  write_system(out, conversation.system);
  for (const Message& message : conversation.messages) {
    Result<void> written = message.role == Role::assistant ? write_assistant(out, message) : write_user(out, message);
    if (!written) return fail(std::move(written.error()));
  }
  out.end_array();
  if (auto written = write_tools(out, conversation); !written) return fail(std::move(written.error()));
  write_parameters(out, conversation.parameters, options);
  if (conversation.json_output) write_json_output(out, *conversation.json_output);
  if (options.streamed) {
    out.name("stream"), out.boolean(true);
    out.name("stream_options"), out.raw(R"({"include_usage":true})");
  }
  if (auto written = write_additional(out, conversation); !written) return fail(std::move(written.error()));
  out.end_object();
  return body;
}

}  // namespace outcrop::inference
