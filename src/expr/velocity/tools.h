// $input and $util.
#pragma once
#include <optional>

#include "expr/velocity/methods.h"

namespace outcrop::expr::velocity {

class InputTool {
 public:
  InputTool(Runtime& runtime, const TemplateInput& input) : runtime_(runtime), input_(input) {}

  Value property(std::string_view name);
  Value call(std::string_view name, Arguments arguments);

 private:
  Value body();
  Value json(const std::string& path);
  Value path(const std::string& path);
  Value all_parameters();
  Value parameter(const std::string& name);
  // Null once the rendering is over.
  const json::Value* document();
  std::optional<json::Value> read(const std::string& path);

  Runtime& runtime_;
  const TemplateInput& input_;
  std::optional<json::Value> document_;
};

Value call_util(Runtime& runtime, std::string_view name, Arguments arguments);

}  // namespace outcrop::expr::velocity
