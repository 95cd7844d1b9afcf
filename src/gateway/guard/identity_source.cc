#include "gateway/guard/identity_source.h"

#include <algorithm>

#include "auth/query_parameters.h"
#include "base/encoding.h"
#include "gateway/record/context_variables.h"

namespace outcrop::gateway {

namespace {

struct SourceKind {
  std::string_view prefix;
  IdentitySource::Kind kind;
};

constexpr SourceKind source_kinds[] = {{"route.request.header.", IdentitySource::Kind::header},
                                       {"route.request.querystring.", IdentitySource::Kind::query},
                                       {"context.", IdentitySource::Kind::context},
                                       {"stageVariables.", IdentitySource::Kind::stage_variable}};

bool is_of_source_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::optional<std::string> find_value(const IdentitySource& source, const RouteEvent& event) {
  switch (source.kind) {
    case IdentitySource::Kind::header: {
      const std::string* value = event.handshake->head.headers.find(source.name);
      return value ? std::optional(*value) : std::nullopt;
    }
    case IdentitySource::Kind::query:
      return find_query_value(event.handshake->head.query, source.name);
    case IdentitySource::Kind::context:
      return find_context_variable(event, source.name);
    case IdentitySource::Kind::stage_variable: {
      const std::string* value = event.stage->record.variables.find(source.name);
      return value ? std::optional(*value) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<IdentitySource> parse_identity_source(std::string_view expression) {
  for (const SourceKind& kind : source_kinds) {
    if (!expression.starts_with(kind.prefix)) continue;
    const std::string_view name = expression.substr(kind.prefix.size());
    if (name.empty() || !std::ranges::all_of(name, is_of_source_name)) return std::nullopt;
    return IdentitySource{kind.kind, name};
  }
  return std::nullopt;
}

std::optional<std::string> value_of(const IdentitySource& source, const RouteEvent& event) {
  std::optional<std::string> value = find_value(source, event);
  return value && !value->empty() ? value : std::nullopt;
}

std::optional<std::string> find_query_value(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  auth::for_each_query_parameter(query, [&](std::string_view key, std::string_view value) {
    if (percent_decode(key, /* plus_is_space */ true) == name)
      found = percent_decode(value, /* plus_is_space */ true).value_or(std::string(value));
  });
  return found;
}

}  // namespace outcrop::gateway
