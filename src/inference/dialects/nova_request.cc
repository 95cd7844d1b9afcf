// A request to Amazon Nova: system, messages, parameters, tools.
#include <fmt/format.h>

#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/nova.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::nova {

namespace {

constexpr MemberRule rules[] = {
    {.name = "messages", .required = true},
    {.name = "inferenceConfig"},
    {.name = "reasoningConfig", .meaning = Meaning::kept},
    {.name = "schemaVersion"},
    {.name = "system"},
    {.name = "toolConfig"},
};

// Early bodies call the first "max_new_tokens".
constexpr MemberRule inference_rules[] = {
    {.name = "maxTokens", .meaning = Meaning::max_tokens, .range = {.min = 1}},
    {.name = "max_new_tokens", .meaning = Meaning::max_tokens, .range = {.min = 1}},
    {.name = "reasoningConfig", .meaning = Meaning::kept},
    {.name = "stopSequences", .meaning = Meaning::stops},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "topK", .meaning = Meaning::kept_integer, .range = {.min = 0}},
    {.name = "topP", .meaning = Meaning::top_p, .range = {0, 1}},
};

void read_system(const Field& system, Conversation& out) {
  for (const Field& block : system.elements()) {
    if (!block.object({}, {"cachePoint", "text"})) continue;
    if (block["cachePoint"]) {
      out.system.push_back(CachePointBlock());
    } else if (block["text"]) {
      out.system.push_back(TextBlock{block["text"].string()});
    } else {
      block.wrong("required key [text] not found");
    }
  }
}

void read_messages(const Field& messages, Conversation& out) {
  for (const Field& message : messages.elements({.min = 1})) {
    if (!message.object({"role", "content"})) continue;
    const auto role = message["role"].one_of({"user", "assistant"});
    read_content(message["content"], out, role == "assistant" ? Role::assistant : Role::user);
  }
}

void read_tool(const Field& tool, Conversation& out) {
  if (!tool.object({}, {"cachePoint", "systemTool", "toolSpec"})) return;
  if (tool["cachePoint"]) return void(out.tools.emplace_back(CachePointBlock()));
  if (const Field system = tool["systemTool"]) {
    system.object({"name"});
    return void(out.tools.emplace_back(SystemTool{system["name"].string()}));
  }
  const Field spec = tool["toolSpec"];
  if (!spec) return tool.wrong("required key [toolSpec] not found");
  if (!spec.object({"name", "inputSchema"}, {"description", "strict"})) return;
  const Field schema = spec["inputSchema"];
  schema.object({"json"});
  schema["json"].open_object();
  ToolSpecification specification{spec["name"].string(), spec["description"].string(), schema["json"].value(), {}};
  specification.strict = spec["strict"].boolean();
  out.tools.emplace_back(std::move(specification));
}

void read_tool_choice(const Field& choice, Conversation& out) {
  using Kind = ToolChoice::Kind;
  if (!choice.object({}, {"any", "auto", "tool"})) return;
  if (const Field tool = choice["tool"]) {
    tool.object({"name"});
    out.tool_choice = ToolChoice{Kind::tool, tool["name"].string()};
  } else if (choice["any"]) {
    out.tool_choice = ToolChoice{Kind::any, ""};
  } else if (choice["auto"]) {
    out.tool_choice = ToolChoice{Kind::automatic, ""};
  }
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept, kept_of_inference;
  if (!read_members(body, rules, out.parameters, kept)) return;
  body["schemaVersion"].one_of({"messages-v1"});
  read_system(body["system"], out);
  read_messages(body["messages"], out);
  read_members(body["inferenceConfig"], inference_rules, out.parameters, kept_of_inference);
  if (!kept_of_inference.empty()) kept.set("inferenceConfig", json::Value(std::move(kept_of_inference)));
  if (const Field config = body["toolConfig"]; config.object({"tools"}, {"toolChoice"})) {
    for (const Field& tool : config["tools"].elements()) read_tool(tool, out);
    read_tool_choice(config["toolChoice"], out);
  }
  keep(out, std::move(kept));
}

class Nova final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int, int allowed, std::string_view) const override {
    return {"ValidationException", 400,
            fmt::format("The maximum tokens you requested exceeds the model limit of {0}. Try again with a maximum tokens value that is "
                        "lower than {0}.",
                        allowed)};
  }
  std::string write(CollectedAnswer answer, const AnswerFacts&) const override { return write_answer(answer); }
  std::unique_ptr<DialectStream> stream(const AnswerFacts&) const override { return stream_answer(); }
};

}  // namespace
}  // namespace outcrop::inference::nova

namespace outcrop::inference {

const Dialect& nova_dialect() {
  static const nova::Nova dialect;
  return dialect;
}

}  // namespace outcrop::inference
