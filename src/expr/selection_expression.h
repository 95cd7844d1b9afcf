// Selection expressions of API Gateway's WebSocket APIs: what makes of a message the key of a route, of a response the key of a template.
//
//     $request.body.action          ${request.body.service}/${request.body.action}          \$default
//
// A variable begins with '$', may be put in braces, and is replaced once; what surrounds it stands for itself, and "\$" for a dollar
// sign. Variables are
//  - request.body and integration.response.body, alone or with a JSONPath behind them (".a.b[0]"); context.PATH likewise;
//  - request.header.NAME, request.querystring.NAME, both also as request.multivalue…; request.basepath, request.method, request.path;
//  - stageVariables.NAME; integration.response.statuscode, .header.NAME and .multivalueheader.NAME.
// What is not there becomes the empty text, and what is no string the text that Java makes of it: "[a, b]", "{a=1}".
// Source: API Gateway Developer Guide, "WebSocket selection expressions" and "Route selection expressions".
#pragma once
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace outcrop::expr {

enum class SelectionVariable : uint8_t {
  request_body,
  request_header,
  request_querystring,
  request_multivalue_header,
  request_multivalue_querystring,
  request_base_path,
  request_method,
  request_path,
  context,
  stage_variable,
  response_body,
  response_status_code,
  response_header,
  response_multivalue_header
};

// What an expression is evaluated against; asked only for what the expression names.
class SelectionSource {
 public:
  virtual ~SelectionSource() = default;

  // Of request_body, response_body and context. Null where there is none, or where it is no JSON. Valid as long as the source is.
  virtual const json::Value* document(SelectionVariable variable) const { return nullptr; }
  // Of the others; `name` is empty for those that have none.
  virtual std::optional<std::string> text(SelectionVariable variable, std::string_view name) const { return std::nullopt; }
};

struct CompiledSelection;

// Immutable, so that threads may share it; copies share what they are made of.
class SelectionExpression {
 public:
  // BadRequestException for what is no expression: an unknown variable, a brace that is not closed, a path that is none. "$default"
  // without its backslash, which AWS's own examples have, is the reserved key.
  static Result<SelectionExpression> parse(std::string_view text);

  // None where the expression asks for a body that is no JSON: such a message goes to $default, whatever its key would be. A body that
  // costs too much to search is one of these.
  std::optional<std::string> evaluate(const SelectionSource& source) const;

  // Whether it asks for nothing but these; AWS allows each kind of expression some variables only.
  bool asks_only_for(std::initializer_list<SelectionVariable> variables) const;
  // Whether it is the same for all: a text without variables.
  bool is_static() const { return asks_only_for({}); }

 private:
  explicit SelectionExpression(std::shared_ptr<const CompiledSelection> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const CompiledSelection> compiled_;
};

// A key that may be a pattern: "200" is itself, "/2\d\d/" every text that the expression between the slashes matches as a whole.
class SelectionKey {
 public:
  // BadRequestException for a pattern that is none.
  static Result<SelectionKey> parse(std::string_view text);

  bool matches(std::string_view value) const;

 private:
  struct Pattern;
  std::string text_;
  std::shared_ptr<const Pattern> pattern_;  // null for a plain key
};

}  // namespace outcrop::expr
