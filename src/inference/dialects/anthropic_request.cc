// A request of Anthropic's Messages API, member by member.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "inference/dialects/anthropic_blocks.h"
#include "inference/dialects/anthropic_messages.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::anthropic {

namespace {

constexpr MemberRule rules[] = {
    {.name = "anthropic_version", .required = true},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .required = true, .range = {.min = 1}},
    {.name = "messages", .required = true},
    {.name = "anthropic_beta", .meaning = Meaning::kept},
    {.name = "context_management"},
    {.name = "metadata", .meaning = Meaning::kept},
    {.name = "output_config"},
    {.name = "output_format"},
    {.name = "stop_sequences", .meaning = Meaning::stops},
    {.name = "system"},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "thinking"},
    {.name = "tool_choice"},
    {.name = "tools"},
    {.name = "top_k", .meaning = Meaning::kept_integer, .range = {.min = 0}},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
};

// Tools that Anthropic defines are named by type and version, and their names end in it.
constexpr std::array<std::string_view, 5> defined_tools = {"bash_", "computer_", "memory_", "text_editor_", "tool_search_tool_"};

void read_system(const Field& system, Conversation& out) {
  if (system.is(json::Kind::string)) {
    if (!system.value().as_string().empty()) out.system.push_back(TextBlock{system.string()});
    return;
  }
  for (const Field& element : system.elements()) {
    if (!read_tag(element, {"text"})) continue;
    const Field block = element.as("text");
    block.object({"type", "text"}, {"cache_control", "citations"});
    if (block["text"] && block["text"].string().empty()) system.wrong("text content blocks must be non-empty");
    out.system.push_back(TextBlock{block["text"].string()});
    if (auto point = read_cache_control(element)) out.system.push_back(*point);
  }
}

void read_messages(const Field& messages, Conversation& out) {
  for (const Field& element : messages.elements()) {
    if (!element.object({"role", "content"})) continue;
    if (element["role"].is(json::Kind::string) && element["role"].value().as_string() == "system") {
      messages.wrong(
          R"(Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.)");
      continue;
    }
    const auto role = element["role"].one_of({"user", "assistant"});
    Message& message = out.messages.emplace_back();
    message.role = role == "assistant" ? Role::assistant : Role::user;
    read_content(element["content"], message.role, message.content);
  }
}

// Turns alternate: messages of one role in a row are one.
void join_turns(std::vector<Message>& messages) {
  std::vector<Message> turns;
  for (Message& message : messages) {
    if (turns.empty() || turns.back().role != message.role) {
      turns.push_back(std::move(message));
    } else {
      std::ranges::move(message.content, std::back_inserter(turns.back().content));
    }
  }
  messages = std::move(turns);
}

void read_custom_tool(const Field& tool, Conversation& out) {
  if (!tool.object({"name", "input_schema"}, {"cache_control", "description", "strict", "type"})) return;
  tool["input_schema"].open_object();
  ToolSpecification specification{tool["name"].string(), tool["description"].string(), tool["input_schema"].value(), {}};
  specification.strict = tool["strict"].boolean();
  out.tools.emplace_back(std::move(specification));
}

// Custom tools become the conversation's; those that Anthropic defines go on as they are.
void read_tools(const Field& tools, Conversation& out, json::Object& kept) {
  json::Array defined;
  for (const Field& element : tools.elements()) {
    if (!element.open_object()) continue;
    const std::string type = element["type"] ? element["type"].string() : "custom";
    if (type == "custom") {
      read_custom_tool(element.as("custom"), out);
      if (auto point = read_cache_control(element)) out.tools.emplace_back(*point);
    } else if (std::ranges::any_of(defined_tools, [&type](std::string_view prefix) { return type.starts_with(prefix); })) {
      defined.push_back(element.value());
    } else {
      element.wrong(fmt::format("Input tag '{}' found using 'type' does not match any of the expected tags: 'custom'", type));
    }
  }
  if (!defined.empty()) kept.set("tools", json::Value(std::move(defined)));
}

// With a word about parallel use, which the conversation has none for, the choice goes on as it is too.
void read_tool_choice(const Field& field, Conversation& out, json::Object& kept) {
  using Kind = ToolChoice::Kind;
  if (!field) return;
  const auto type = read_tag(field, {"any", "auto", "none", "tool"});
  if (!type) return;
  const Field choice = field.as(*type);
  if (*type == "tool") {
    choice.object({"type", "name"}, {"disable_parallel_tool_use"});
    out.tool_choice = ToolChoice{Kind::tool, choice["name"].string()};
  } else {
    choice.object({"type"}, {"disable_parallel_tool_use"});
    out.tool_choice = ToolChoice{*type == "any" ? Kind::any : *type == "none" ? Kind::none : Kind::automatic, ""};
  }
  if (choice["disable_parallel_tool_use"].boolean()) kept.set("tool_choice", field.value());
}

void read_thinking(const Field& body, const Conversation& out, json::Object& kept) {
  const Field field = body["thinking"];
  if (!field) return;
  const auto type = read_tag(field, {"adaptive", "disabled", "enabled"});
  if (!type) return;
  const Field thinking = field.as(*type);
  kept.set("thinking", field.value());
  if (*type != "enabled") return void(thinking.object({"type"}, {"display"}));
  thinking.object({"type", "budget_tokens"}, {"display"});
  const auto budget = thinking["budget_tokens"].integer({.min = 1024});
  if (budget && out.parameters.max_tokens && *out.parameters.max_tokens <= *budget) {
    body.wrong("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
  if (out.parameters.temperature.value_or(1) != 1) body.wrong("`temperature` may only be set to 1 when thinking is enabled.");
}

void read_format(const Field& format, Conversation& out) {
  if (!format || !format.object({"type", "schema"})) return;
  format["type"].one_of({"json_schema"});
  format["schema"].open_object();
  out.json_output = JsonOutput{.schema = format["schema"].value()};
}

void read_output(const Field& body, Conversation& out, json::Object& kept) {
  read_format(body["output_format"], out);
  const Field config = body["output_config"];
  if (!config || !config.object({}, {"effort", "format"})) return;
  read_format(config["format"], out);
  if (auto effort = config["effort"].text()) kept.set("output_config", json::Object{{"effort", *effort}});
}

// A member that is there for those alone who ask for the beta of that name.
void read_beta(const Field& body, std::string_view name, std::string_view beta, json::Object& kept) {
  const Field field = body[name];
  if (!field) return;
  const std::vector<std::string> betas = body["anthropic_beta"].texts();
  if (std::ranges::any_of(betas, [beta](const std::string& asked) { return asked.starts_with(beta); })) {
    kept.set(name, field.value());
  } else {
    field.wrong("Extra inputs are not permitted");
  }
}

class AnthropicMessages final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::pydantic, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view model_id) const override {
    return {"ValidationException", 400,
            fmt::format("max_tokens: {} > {}, which is the maximum allowed number of output tokens for {}", asked, allowed,
                        own_name(model_id))};
  }
  std::string write(CollectedAnswer answer, const AnswerFacts& facts) const override { return write_answer(answer, facts); }
  std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const override { return stream_answer(facts); }
};

}  // namespace

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  body["anthropic_version"].one_of({"bedrock-2023-05-31"});
  read_system(body["system"], out);
  read_messages(body["messages"], out);
  if (body["messages"]) check_messages(body["messages"], out);
  join_turns(out.messages);
  read_tools(body["tools"], out, kept);
  read_tool_choice(body["tool_choice"], out, kept);
  read_thinking(body, out, kept);
  read_output(body, out, kept);
  read_beta(body, "context_management", "context-management-", kept);
  keep(out, std::move(kept));
}

}  // namespace outcrop::inference::anthropic

namespace outcrop::inference {

const Dialect& anthropic_messages_dialect() {
  static const anthropic::AnthropicMessages dialect;
  return dialect;
}

}  // namespace outcrop::inference
