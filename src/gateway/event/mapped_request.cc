#include "gateway/event/mapped_request.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "net/syntax.h"

namespace outcrop::gateway {

namespace {

Fault configuration_error(RouteEvent& event, std::string problem) {
  event.integration_error = fmt::format("Execution failed due to configuration error: {}", problem);
  return integration_cannot_be_asked();
}

Fault template_failed(RouteEvent& event, const expr::TemplateError& error) {
  if (error.kind != expr::TemplateError::Kind::bad_body) return configuration_error(event, error.message());
  event.integration_error = error.message();
  return bad_request_body();
}

json::Value strings_of(const wire::Map<std::string>& map) {
  json::Object object;
  for (const auto& [name, value] : map) object.set(name, value);
  return object;
}

Result<expr::RenderedTemplate> render(RouteEvent& event, const TemplateSet::Template& given, const EventValues& values,
                                      std::string_view body) {
  if (!given) return fail(template_failed(event, given.error()));
  expr::TemplateInput input{.body = body, .context = values.context(), .stage_variables = strings_of(event.stage->record.variables)};
  if (event.handshake) {
    input.headers = values.handshake_headers();
    input.querystring = values.handshake_parameters();
  }
  auto rendered = given->render(input);
  if (!rendered) return fail(template_failed(event, rendered.error()));
  return std::move(*rendered);
}

// Base64 becomes what it stands for, or the other way round.
Result<void> convert(RouteEvent& event, ContentHandling handling, std::string& body) {
  if (handling == ContentHandling::to_text) body = base64(body);
  if (handling != ContentHandling::to_binary) return {};
  auto bytes = unbase64(body);
  if (!bytes) {
    event.integration_error = "The body is to be converted to binary and is no base64.";
    return fail(bad_request_body());
  }
  body = std::move(*bytes);
  return {};
}

bool passes_as_it_is(const IntegrationMapping& mapping) {
  switch (mapping.passthrough()) {
    case IntegrationMapping::Passthrough::when_no_match:
      return true;
    case IntegrationMapping::Passthrough::when_no_templates:
      return mapping.request_templates().empty();
    case IntegrationMapping::Passthrough::never:
      return false;
  }
  return false;
}

void place(MappedRequest& request, ParameterTarget::Place place, std::string_view name, std::string text) {
  switch (place) {
    case ParameterTarget::Place::header:
      request.headers.set(name, std::move(text));
      break;
    case ParameterTarget::Place::querystring:
      request.querystring.emplace_back(name, std::move(text));
      break;
    case ParameterTarget::Place::path:
      request.path.insert_or_assign(std::string(name), std::move(text));
      break;
  }
}

// $context.requestOverride of a template: by what it overrides, by name.
void override_parameters(MappedRequest& request, const json::Value& overrides) {
  static constexpr std::pair<std::string_view, ParameterTarget::Place> kinds[] = {{"header", ParameterTarget::Place::header},
                                                                                  {"querystring", ParameterTarget::Place::querystring},
                                                                                  {"path", ParameterTarget::Place::path}};
  for (const auto& [kind, where] : kinds) {
    const json::Value* given = overrides.find(kind);
    if (!given || !given->is_object()) continue;
    for (const json::Member& member : given->as_object()) {
      const json::Value& value = member.value;
      place(request, where, member.name(), value.is_string() ? std::string(value.as_string()) : json::write(value));
    }
  }
}

Result<void> check_headers(RouteEvent& event, const net::Headers& headers) {
  for (const net::Header& header : headers) {
    if (!net::is_token(header.name) || !net::all_are(header.value, net::value_byte))
      return fail(configuration_error(event, fmt::format("the header {} cannot be sent", header.name)));
  }
  return {};
}

// A handshake's fields are its own where they say how the connection is made.
bool is_passed_on(std::string_view header) {
  for (std::string_view own :
       {"host", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions", "content-length", "expect"}) {
    if (ascii_equal_ignoring_case(header, own)) return false;
  }
  return true;
}

Result<void> place_parameters(RouteEvent& event, const IntegrationMapping& mapping, const EventValues& values, MappedRequest& request) {
  if (const auto& problem = mapping.request_parameters().problem()) return fail(configuration_error(event, *problem));
  for (auto& [target, text] : mapping.request_parameters().values(values)) place(request, target.place, target.name, std::move(text));
  return check_headers(event, request.headers);
}

}  // namespace

std::string query_of(const MappedRequest& request) {
  std::string query;
  for (const auto& [name, value] : request.querystring)
    query += fmt::format("{}{}={}", query.empty() ? "" : "&", percent_encode(name), percent_encode(value));
  return query;
}

Result<MappedRequest> pass_request(RouteEvent& event, const IntegrationMapping& mapping, EventValues& values) {
  MappedRequest request{.body = std::string(values.body())};
  for (const json::Member& header : values.handshake_headers().as_object()) {
    if (is_passed_on(header.name())) request.headers.set(header.name(), std::string(header.value.as_string()));
  }
  for (const json::Member& parameter : values.handshake_parameters().as_object())
    request.querystring.emplace_back(parameter.name(), parameter.value.as_string());
  if (auto placed = place_parameters(event, mapping, values, request); !placed) return fail(std::move(placed.error()));
  return request;
}

Result<MappedRequest> map_request(RouteEvent& event, const IntegrationMapping& mapping, EventValues& values) {
  MappedRequest request;
  if (auto placed = place_parameters(event, mapping, values, request); !placed) return fail(std::move(placed.error()));
  const TemplateSet::Template* chosen = mapping.request_templates().find(values);
  if (chosen) {
    Result<expr::RenderedTemplate> rendered = render(event, *chosen, values, values.body());
    if (!rendered) return fail(std::move(rendered.error()));
    request.body = std::move(rendered->text);
    override_parameters(request, rendered->request_override);
  } else if (passes_as_it_is(mapping)) {
    request.body = values.body();
    // A text that is to be text is what it is.
    if (mapping.content_handling() == ContentHandling::to_binary) {
      if (auto converted = convert(event, ContentHandling::to_binary, request.body); !converted) return fail(std::move(converted.error()));
    }
  } else {
    event.integration_error = "No template of the integration fits the message.";
    return fail(unsupported_media_type());
  }
  if (auto checked = check_headers(event, request.headers); !checked) return fail(std::move(checked.error()));
  return request;
}

Result<IntegrationResult> map_response(RouteEvent& event, const IntegrationMapping& mapping, EventValues& values, IntegrationResult answer,
                                       std::string_view subject) {
  values.set_response(answer);
  const ResponseMapping* response = mapping.find_response(subject);
  if (!response && mapping.has_responses())
    return fail(configuration_error(event, fmt::format("No match for output mapping and no default output mapping configured. "
                                                       "Endpoint Response Status Code: {}",
                                                       answer.status)));
  if (!response) {
    if (answer.status >= 400) return fail(integration_failed());
    return answer;
  }
  IntegrationResult result{.status = answer.status, .body = answer.body};
  for (auto& [target, text] : response->parameters.values(values)) result.headers.set(target.name, std::move(text));
  if (auto converted = convert(event, response->content_handling, result.body); !converted) return fail(integration_failed());
  if (const TemplateSet::Template* chosen = response->templates.find(values)) {
    Result<expr::RenderedTemplate> rendered = render(event, *chosen, values, result.body);
    if (!rendered) return fail(std::move(rendered.error()));
    result.body = std::move(rendered->text);
  }
  if (auto checked = check_headers(event, result.headers); !checked) return fail(std::move(checked.error()));
  result.is_binary = !is_valid_utf8(result.body);
  return result;
}

}  // namespace outcrop::gateway
