// The Velocity Template Language as API Gateway runs it: the mapping templates of integrations and responses.
//
//     #set($root = $input.path('$'))
//     {"names": [#foreach($pet in $root.pets)"$pet.name"#if($foreach.hasNext), #end#end]}
//
// The language is Apache Velocity 1.7's with Java's methods on strings, numbers, lists and maps, but #parse, #include and #evaluate; what
// is null renders as nothing, as API Gateway has it. Templates see $input, $context, $stageVariables and $util (API Gateway Developer
// Guide, "Mapping template and access logging variable reference"), and nothing of the server besides.
//
// What AWS does beyond its documentation, as recorded by others:
//  - A body that is empty is "{}" as $input.body and to $input.json('$').
//  - $input.path() of what is not there is null.
//  - Maps are written as {a=1, b=2}; lists that come of JSON as JSON, also within maps; other lists as [a, b].
// What nobody recorded and we chose: $input.json() of what is not there is "" in its quotes, and a #foreach ends silently after its
// 1000th turn, as Velocity's do at their limit.
#pragma once
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "json/json.h"

namespace outcrop::expr {

struct TemplateError {
  enum class Kind : uint8_t {
    syntax,        // of the template
    too_much,      // a limit of rendering: steps, memory, output, depth
    bad_body,      // $input.json() or $input.path() of a body that is no JSON: the client's fault, 400
    bad_argument,  // $util.parseJson() of what is no JSON, a JSONPath that is none
  } kind;
  size_t line = 1, column = 1;  // of the template; columns in bytes
  std::string problem;
  std::string message() const;  // "line 3, column 14: …"
};

// What a template is rendered with.
struct TemplateInput {
  std::string_view body;                                // as it came; must outlive the rendering
  json::Value path_parameters = json::Value::object();  // strings by name
  json::Value querystring = json::Value::object();
  json::Value headers = json::Value::object();
  json::Value context = json::Value::object();  // $context
  json::Value stage_variables = json::Value::object();
};

struct RenderedTemplate {
  std::string text;
  // What the template put into $context.requestOverride (header, path, querystring) and $context.responseOverride (header, status).
  json::Value request_override, response_override;
};

struct CompiledTemplate;

// Immutable, so that threads may share it; copies share what they are made of.
class VelocityTemplate {
 public:
  static std::expected<VelocityTemplate, TemplateError> parse(std::string_view text);

  std::expected<RenderedTemplate, TemplateError> render(const TemplateInput& input) const;

 private:
  explicit VelocityTemplate(std::shared_ptr<const CompiledTemplate> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const CompiledTemplate> compiled_;
};

}  // namespace outcrop::expr
