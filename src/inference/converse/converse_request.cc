#include "inference/converse/converse_request.h"

#include "inference/converse/member.h"

namespace outcrop::inference {

namespace {

using json::Writer;

void write_system_block(Writer& out, const SystemBlock& block, Media media) {
  out.begin_object();
  if (auto* text = std::get_if<TextBlock>(&block)) {
    text_member(out, "text", text->text);
  } else if (auto* guard = std::get_if<GuardBlock>(&block)) {
    write_guard(out, *guard, media);
  } else {
    write_cache_point(out, std::get<CachePointBlock>(block));
  }
  out.end_object();
}

void write_turn(Writer& out, const Message& message, Media media) {
  out.begin_object();
  text_member(out, "role", message.role == Role::user ? "user" : "assistant");
  list_member(out, "content", message.content, [&](const ContentBlock& block) { write_content_block(out, block, media); });
  out.end_object();
}

void write_tool(Writer& out, const Tool& tool) {
  out.begin_object();
  if (auto* specification = std::get_if<ToolSpecification>(&tool)) {
    object_member(out, "toolSpec", [&] {
      text_member(out, "name", specification->name);
      text_member_unless_empty(out, "description", specification->description);
      object_member(out, "inputSchema", [&] { out.name("json"), out.value(specification->input_schema); });
      if (specification->strict) flag_member(out, "strict", *specification->strict);
    });
  } else if (auto* system = std::get_if<SystemTool>(&tool)) {
    object_member(out, "systemTool", [&] { text_member(out, "name", system->name); });
  } else {
    write_cache_point(out, std::get<CachePointBlock>(tool));
  }
  out.end_object();
}

// Converse has no word for "none": upstream_request.h keeps it from those who would not know it.
std::string_view word_of_choice(ToolChoice::Kind kind) {
  switch (kind) {
    case ToolChoice::Kind::automatic:
      return "auto";
    case ToolChoice::Kind::any:
      return "any";
    case ToolChoice::Kind::tool:
      return "tool";
    case ToolChoice::Kind::none:
      return "none";
  }
  check(false, "a tool choice without a word");
  return {};
}

void write_tool_config(Writer& out, const Conversation& conversation) {
  if (conversation.tools.empty()) return;
  object_member(out, "toolConfig", [&] {
    list_member(out, "tools", conversation.tools, [&](const Tool& tool) { write_tool(out, tool); });
    if (!conversation.tool_choice) return;
    object_member(out, "toolChoice", [&] {
      object_member(out, word_of_choice(conversation.tool_choice->kind),
                    [&] { text_member_unless_empty(out, "name", conversation.tool_choice->name); });
    });
  });
}

// Converse's numbers are of single precision: written as such they are what the caller wrote.
void write_inference_config(Writer& out, const InferenceParameters& parameters) {
  if (!parameters.max_tokens && !parameters.temperature && !parameters.top_p && parameters.stop_sequences.empty()) return;
  object_member(out, "inferenceConfig", [&] {
    if (parameters.max_tokens) out.name("maxTokens"), out.number(*parameters.max_tokens);
    if (parameters.temperature) out.name("temperature"), out.number(float(*parameters.temperature));
    if (parameters.top_p) out.name("topP"), out.number(float(*parameters.top_p));
    if (!parameters.stop_sequences.empty())
      list_member(out, "stopSequences", parameters.stop_sequences, [&](const std::string& text) { out.string(text); });
  });
}

void write_output_config(Writer& out, const JsonOutput& output) {
  object_member(out, "outputConfig", [&] {
    object_member(out, "textFormat", [&] {
      text_member(out, "type", "json_schema");
      object_member(out, "structure", [&] {
        object_member(out, "jsonSchema", [&] {
          text_member(out, "schema", json::write(output.schema));
          text_member_unless_empty(out, "name", output.name);
          text_member_unless_empty(out, "description", output.description);
        });
      });
    });
  });
}

// The part of a body that is counted.
void write_input(Writer& out, const Conversation& conversation, Media media) {
  list_member(out, "messages", conversation.messages, [&](const Message& message) { write_turn(out, message, media); });
  if (!conversation.system.empty())
    list_member(out, "system", conversation.system, [&](const SystemBlock& block) { write_system_block(out, block, media); });
  write_tool_config(out, conversation);
  if (!conversation.additional_fields.is_null()) out.name("additionalModelRequestFields"), out.value(conversation.additional_fields);
}

void write_terms(Writer& out, const ModelRequest& request) {
  if (request.latency != Latency::standard)
    object_member(out, "performanceConfig", [&] { text_member(out, "latency", word_of(request.latency)); });
  if (request.tier != ServiceTier::standard) object_member(out, "serviceTier", [&] { text_member(out, "type", word_of(request.tier)); });
  if (request.metadata.empty()) return;
  object_member(out, "requestMetadata", [&] {
    for (const auto& [key, value] : request.metadata) text_member(out, key, value);
  });
}

}  // namespace

std::string converse_request(const ModelRequest& request, Media media) {
  std::string body;
  Writer out(body);
  const Conversation& conversation = request.conversation;
  out.begin_object();
  write_input(out, conversation, media);
  write_inference_config(out, conversation.parameters);
  if (conversation.json_output) write_output_config(out, *conversation.json_output);
  if (!conversation.additional_response_fields.empty()) {
    list_member(out, "additionalModelResponseFieldPaths", conversation.additional_response_fields,
                [&](const std::string& path) { out.string(path); });
  }
  write_terms(out, request);
  out.end_object();
  return body;
}

std::string count_tokens_request(const ModelRequest& request) {
  std::string body;
  Writer out(body);
  out.begin_object();
  object_member(out, "input", [&] { object_member(out, "converse", [&] { write_input(out, request.conversation, Media::bytes); }); });
  out.end_object();
  return body;
}

}  // namespace outcrop::inference
