#include "expr/velocity.h"

#include <fmt/format.h>

#include "expr/limits.h"
#include "expr/velocity/parser.h"
#include "expr/velocity/renderer.h"

namespace outcrop::expr {
namespace {

// Whatever stands behind "#macro(" is the name of a call wherever it is called: macros may be defined behind their calls.
velocity::MacroNames macro_names_in(std::string_view text) {
  constexpr std::string_view directive = "macro";
  velocity::MacroNames names;
  for (size_t at = text.find(directive); at != text.npos; at = text.find(directive, at)) {
    velocity::Cursor in(text.substr(at + directive.size()));
    at += directive.size();
    in.take("}");
    in.pass_blanks();
    if (!in.take("(")) continue;
    in.pass_space();
    if (const std::string_view name = in.take_name(); !name.empty()) names.emplace(name);
  }
  return names;
}

}  // namespace

std::expected<VelocityTemplate, TemplateError> VelocityTemplate::parse(std::string_view text) {
  if (text.size() > limits::template_bytes_max)
    return std::unexpected(
        TemplateError{TemplateError::Kind::syntax, 1, 1, fmt::format("the template is larger than {} bytes", limits::template_bytes_max)});
  const velocity::MacroNames names = macro_names_in(text);
  auto compiled = std::make_shared<CompiledTemplate>();
  velocity::Parser parser(text, names);
  if (!parser.whole(compiled->block, compiled->macros)) return std::unexpected(parser.error());
  return VelocityTemplate(std::move(compiled));
}

std::expected<RenderedTemplate, TemplateError> VelocityTemplate::render(const TemplateInput& input) const {
  return velocity::Renderer(*compiled_, input).whole();
}

}  // namespace outcrop::expr
