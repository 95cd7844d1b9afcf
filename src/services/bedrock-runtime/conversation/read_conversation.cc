#include "services/bedrock-runtime/conversation/read_conversation.h"

#include <fmt/format.h>

#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/conversation/read_blocks.h"

namespace outcrop::bedrock_runtime {

namespace {

Result<inference::Message> read_message(Message message) {
  inference::Message read{.role = message.role == "assistant" ? inference::Role::assistant : inference::Role::user};
  read.content.reserve(message.content.size());
  for (ContentBlock& block : message.content) {
    auto content = read_block(std::move(block));
    if (!content) return fail(std::move(content.error()));
    read.content.push_back(std::move(*content));
  }
  return read;
}

Result<inference::SystemBlock> read_system(SystemContentBlock block) {
  if (block.text) return inference::TextBlock{std::move(*block.text)};
  if (block.cache_point) return read_cache_point(*block.cache_point);
  if (!block.guard_content) return fail(validation_exception("A system content block has no member that is known here."));
  auto guarded = read_guard(std::move(*block.guard_content));
  if (!guarded) return fail(std::move(guarded.error()));
  return std::move(*guarded);
}

Result<inference::Tool> read_tool(Tool tool) {
  if (tool.cache_point) return read_cache_point(*tool.cache_point);
  if (tool.system_tool) return inference::SystemTool{std::move(tool.system_tool->name)};
  if (!tool.tool_spec) return fail(validation_exception("A tool has no member that is known here."));
  ToolSpecification& specification = *tool.tool_spec;
  if (!specification.input_schema.json) return fail(validation_exception("The input schema of a tool has no member that is known here."));
  return inference::ToolSpecification{.name = std::move(specification.name),
                                      .description = std::move(specification.description).value_or(""),
                                      .input_schema = std::move(*specification.input_schema.json),
                                      .strict = specification.strict};
}

inference::ToolChoice read_tool_choice(ToolChoice choice) {
  if (choice.any) return {inference::ToolChoice::Kind::any, {}};
  if (choice.tool) return {inference::ToolChoice::Kind::tool, std::move(choice.tool->name)};
  return {};
}

// Each element of `from` through `read`, appended to `to`.
template <class From, class To, class Read>
Result<void> read_each(std::optional<std::vector<From>>& from, std::vector<To>& to, Read read) {
  if (!from) return {};
  to.reserve(from->size());
  for (From& element : *from) {
    auto value = read(std::move(element));
    if (!value) return fail(std::move(value.error()));
    to.push_back(std::move(*value));
  }
  return {};
}

}  // namespace

Result<inference::Conversation> read_conversation(ConversationInput input) {
  inference::Conversation conversation;
  if (auto read = read_each(input.system, conversation.system, read_system); !read) return fail(std::move(read.error()));
  if (auto read = read_each(input.messages, conversation.messages, read_message); !read) return fail(std::move(read.error()));
  if (input.tools) {
    std::optional<std::vector<Tool>> tools = std::move(input.tools->tools);
    if (auto read = read_each(tools, conversation.tools, read_tool); !read) return fail(std::move(read.error()));
    if (input.tools->tool_choice) conversation.tool_choice = read_tool_choice(std::move(*input.tools->tool_choice));
  }
  if (input.additional_fields) conversation.additional_fields = std::move(*input.additional_fields);
  return conversation;
}

inference::InferenceParameters read_parameters(InferenceConfiguration configuration) {
  return {.max_tokens = configuration.max_tokens,
          .temperature = configuration.temperature,
          .top_p = configuration.top_p,
          .stop_sequences = std::move(configuration.stop_sequences).value_or(std::vector<std::string>())};
}

Result<std::optional<inference::JsonOutput>> read_json_output(std::optional<OutputConfig> configuration) {
  if (!configuration || !configuration->text_format) return std::nullopt;
  auto& definition = configuration->text_format->structure.json_schema;
  if (!definition) return fail(validation_exception("The structure of outputConfig.textFormat has no member that is known here."));
  auto schema = json::parse(definition->schema);
  if (!schema)
    return fail(
        validation_exception(fmt::format("The JSON schema of outputConfig.textFormat is malformed: {}.", schema.error().message())));
  return inference::JsonOutput{.name = std::move(definition->name).value_or(""),
                               .description = std::move(definition->description).value_or(""),
                               .schema = std::move(*schema)};
}

}  // namespace outcrop::bedrock_runtime
