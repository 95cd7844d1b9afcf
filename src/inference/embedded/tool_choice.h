// Decides whether a message calls for one of the tools that a conversation offers, and with which arguments. By itself it calls
// only a tool that the message is about and whose required arguments the message states.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace outcrop::embedded {

struct Tool {
  std::string_view name, description;
  const json::Value* input_schema = nullptr;
};

struct ToolCall {
  size_t tool = 0;  // which of the tools
  json::Value input = json::Value::object();
  double fit = 0;                    // 0 to 1: how much of the message the tool's words share
  std::vector<std::string> missing;  // JSON pointers of required arguments that the message does not state
};

// A tool fits when it shares this much with the message. Ours: below it, calls are accidents of one common word.
inline constexpr double tool_fit_min = 0.2;

// Converse's toolChoice auto: a call without missing arguments, or none.
std::optional<ToolCall> choose_tool(std::span<const Tool> tools, std::string_view message);

// Converse's toolChoice any and tool: the best call there is, with what it lacks. `name` names the tool; empty leaves the choice.
// None only when there is no such tool.
std::optional<ToolCall> forced_tool(std::span<const Tool> tools, std::string_view message, std::string_view name = {});

}  // namespace outcrop::embedded
