// Parameters that are mapped: what an integration's request, or a route's response, is given beside its body, and where it comes from
// (API Gateway Developer Guide, "Set up data mapping for WebSocket APIs").
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/selection_expression.h"
#include "wire/map.h"

namespace outcrop::gateway {

// A source: "route.request.body.user.id", "route.request.header.cookie", "integration.response.header.etag", "context.connectionId",
// "stageVariables.table", or "'a text'".
class ValueMapping {
 public:
  // Fault: BadRequestException 400.
  static Result<ValueMapping> parse(std::string_view text);

  // None where there is no such thing.
  std::optional<std::string> value(const expr::SelectionSource& source) const;

 private:
  explicit ValueMapping(expr::SelectionExpression expression) : expression_(std::move(expression)) {}
  expr::SelectionExpression expression_;
};

// Where a value goes.
struct ParameterTarget {
  enum class Place : uint8_t { header, querystring, path };
  Place place;
  std::string name;
};

class ParameterMappings {
 public:
  enum class Side : uint8_t { integration_request, route_response };

  ParameterMappings() = default;
  // "integration.request.header.X", "….querystring.X", "….path.X", or "route.response.header.X", each with its source. What is none of
  // these is in problem().
  ParameterMappings(Side side, const wire::Map<std::string>& mappings);

  struct Value {
    const ParameterTarget& target;
    std::string text;
  };
  // Those that there are.
  std::vector<Value> values(const expr::SelectionSource& source) const;

  const std::optional<std::string>& problem() const { return problem_; }

 private:
  struct Entry {
    ParameterTarget target;
    ValueMapping source;
  };
  std::vector<Entry> entries_;
  std::optional<std::string> problem_;
};

}  // namespace outcrop::gateway
