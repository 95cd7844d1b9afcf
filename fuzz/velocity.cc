// Templates and bodies as untrusted text, separated by a zero byte: what parses renders within its bounds, the same each time; what does
// not says where.
#include "expr/velocity.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(text.find('\0'), size);
  const auto parsed = expr::VelocityTemplate::parse(text.substr(0, end));
  if (!parsed) {
    check(!parsed.error().problem.empty() && parsed.error().line > 0, "a template refused without a place");
    return 0;
  }
  expr::TemplateInput input{.body = text.substr(std::min(end + 1, size))};
  input.querystring = json::Value(json::Object{{"q", "1"}});
  const auto first = parsed->render(input), second = parsed->render(input);
  check(first.has_value() == second.has_value(), "a template renders once and fails once");
  check(!first || first->text == second->text, "a template renders in two ways");
  return 0;
}
