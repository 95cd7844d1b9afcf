// The messages and tools of a chat completion, read.
#include "base/encoding.h"
#include "inference/dialects/chat_completion.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::chat {

namespace {

// "data:image/png;base64,…"
std::optional<ImageBlock> read_data_url(const Field& field) {
  const auto url = field.text();
  if (!url) return std::nullopt;
  const size_t comma = url->find(";base64,");
  if (!url->starts_with("data:image/") || comma == std::string_view::npos) {
    return field.wrong("images are taken as data URLs in base64 only"), std::nullopt;
  }
  auto bytes = unbase64(url->substr(comma + 8));
  if (!bytes) return field.wrong("is not valid base64"), std::nullopt;
  std::string format(url->substr(11, comma - 11));
  return ImageBlock{format == "jpg" ? "jpeg" : std::move(format), std::move(*bytes)};
}

std::optional<ContentBlock> read_part(const Field& part) {
  if (!part.open_object()) return std::nullopt;
  const auto type = part["type"].one_of({"image_url", "text"});
  if (!part["type"]) return part.object({"type"}, {"text", "image_url"}), std::nullopt;
  if (!type) return std::nullopt;
  if (*type == "text") {
    part.object({"type", "text"});
    return TextBlock{part["text"].string()};
  }
  part.object({"type", "image_url"});
  const Field image = part["image_url"];
  if (!image.is(json::Kind::string)) image.object({"url"}, {"detail"});
  auto read = read_data_url(image.is(json::Kind::string) ? image : image["url"]);
  if (!read) return std::nullopt;
  return ContentBlock(std::move(*read));
}

// Text, or parts; nothing where an assistant only calls tools.
std::vector<ContentBlock> read_content(const Field& content) {
  std::vector<ContentBlock> blocks;
  if (!content) return blocks;
  if (content.is(json::Kind::string)) {
    blocks.push_back(TextBlock{content.string()});
    return blocks;
  }
  for (const Field& part : content.elements()) {
    if (auto block = read_part(part)) blocks.push_back(std::move(*block));
  }
  return blocks;
}

// The arguments are JSON text by the documentation; some write the object itself.
json::Value read_arguments(const Field& arguments) {
  if (arguments.is(json::Kind::object)) return arguments.value();
  const auto text = arguments.text();
  if (!text || text->empty()) return json::Value::object();
  auto parsed = json::parse(*text);
  if (!parsed || !parsed->is_object()) return arguments.wrong("is not the text of a JSON object"), json::Value::object();
  return std::move(*parsed);
}

void read_tool_calls(const Field& calls, Conversation& out) {
  if (!calls) return;
  for (const Field& call : calls.elements()) {
    if (!call.object({"id", "function"}, {"index", "type"})) continue;
    const Field function = call["function"];
    if (!function.object({"name", "arguments"})) continue;
    say(out, Role::assistant, ToolUseBlock{call["id"].string(), function["name"].string(), read_arguments(function["arguments"])});
  }
}

void read_tool_message(const Field& message, Conversation& out) {
  message.object({"role", "content", "tool_call_id"}, {"name"});
  ToolResultBlock result{.id = message["tool_call_id"].string(), .content = {}, .is_error = false};
  for (ContentBlock& block : read_content(message["content"])) {
    if (auto* text = std::get_if<TextBlock>(&block)) result.content.push_back(std::move(*text));
    if (auto* image = std::get_if<ImageBlock>(&block)) result.content.push_back(std::move(*image));
  }
  say(out, Role::user, std::move(result));
}

void read_system_message(const Field& message, Conversation& out) {
  message.object({"role", "content"}, {"name"});
  for (ContentBlock& block : read_content(message["content"])) {
    if (auto* text = std::get_if<TextBlock>(&block)) {
      out.system.push_back(std::move(*text));
    } else {
      message["content"].wrong("a system message holds text only");
    }
  }
}

// Clients give an answer back as they have it, members that it lacked included.
void refuse_unless_empty(const Field& member) {
  const bool is_empty = member.is(json::Kind::array) && member.value().as_array().empty();
  if (member && !is_empty) member.wrong("is not supported");
}

void read_assistant_message(const Field& message, Conversation& out) {
  message.object({"role"}, {"annotations", "audio", "content", "function_call", "name", "prefix", "reasoning", "reasoning_content",
                            "refusal", "tool_calls"});
  for (std::string_view member : {"annotations", "audio", "function_call"}) refuse_unless_empty(message[member]);
  const std::string reasoning = message["reasoning_content"].string() + message["reasoning"].string();
  if (!reasoning.empty()) say(out, Role::assistant, ReasoningBlock{.text = reasoning});
  for (ContentBlock& block : read_content(message["content"])) {
    const auto* text = std::get_if<TextBlock>(&block);
    if (!text || !text->text.empty()) say(out, Role::assistant, std::move(block));
  }
  read_tool_calls(message["tool_calls"], out);
}

}  // namespace

void read_messages(const Field& messages, Conversation& out) {
  for (const Field& message : messages.elements({.min = 1})) {
    if (!message.open_object()) continue;
    const auto role = message["role"].one_of({"system", "developer", "user", "assistant", "tool"});
    if (!message["role"]) message.object({"role", "content"});
    if (!role) continue;
    if (*role == "assistant") {
      read_assistant_message(message, out);
    } else if (*role == "tool") {
      read_tool_message(message, out);
    } else if (*role == "user") {
      message.object({"role", "content"}, {"name"});
      for (ContentBlock& block : read_content(message["content"])) say(out, Role::user, std::move(block));
    } else {
      read_system_message(message, out);
    }
  }
}

void read_tools(const Field& tools, Conversation& out) {
  if (!tools) return;
  for (const Field& tool : tools.elements()) {
    if (!tool.object({"function"}, {"type"})) continue;
    tool["type"].one_of({"function"});
    const Field function = tool["function"];
    if (!function.object({"name"}, {"description", "parameters", "strict"})) continue;
    const Field parameters = function["parameters"];
    if (parameters) parameters.open_object();
    ToolSpecification specification{function["name"].string(),
                                    function["description"].string(),
                                    parameters ? parameters.value() : json::Object{{"type", "object"}},
                                    {}};
    specification.strict = function["strict"].boolean();
    out.tools.emplace_back(std::move(specification));
  }
}

void read_tool_choice(const Field& choice, std::string_view any, Conversation& out) {
  using Kind = ToolChoice::Kind;
  if (!choice) return;
  if (choice.is(json::Kind::object)) {
    choice.object({"type", "function"});
    choice["function"].object({"name"});
    out.tool_choice = ToolChoice{Kind::tool, choice["function"]["name"].string()};
    return;
  }
  const auto word = choice.one_of({"auto", any, "none"});
  if (word) out.tool_choice = ToolChoice{*word == "auto" ? Kind::automatic : *word == any ? Kind::any : Kind::none, ""};
}

void read_response_format(const Field& format, Conversation& out, json::Object& kept) {
  if (!format || !format.object({"type"}, {"json_schema"})) return;
  if (format["type"].one_of({"json_object", "json_schema", "text"}) != "json_schema") {
    kept.set("response_format", format.value());
    return;
  }
  const Field schema = format["json_schema"];
  if (!schema.object({"name"}, {"description", "schema", "strict"})) return;
  out.json_output = JsonOutput{schema["name"].string(), schema["description"].string(), schema["schema"].value()};
}

}  // namespace outcrop::inference::chat
