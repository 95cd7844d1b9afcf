#include "gateway/mapping/integration_mapping.h"

#include <algorithm>

namespace outcrop::gateway {

namespace {

ContentHandling handling_of(const std::optional<std::string>& text) {
  if (text == "CONVERT_TO_TEXT") return ContentHandling::to_text;
  if (text == "CONVERT_TO_BINARY") return ContentHandling::to_binary;
  return ContentHandling::none;
}

IntegrationMapping::Passthrough passthrough_of(const std::optional<std::string>& text) {
  using enum IntegrationMapping::Passthrough;
  if (text == "WHEN_NO_TEMPLATES") return when_no_templates;
  return text == "NEVER" ? never : when_no_match;
}

ParameterMappings mappings_of(ParameterMappings::Side side, const std::optional<wire::Map<std::string>>& mappings) {
  return mappings ? ParameterMappings(side, *mappings) : ParameterMappings();
}

ResponseMapping mapping_of(const IntegrationResponseRecord& response) {
  return {.templates = TemplateSet(response.template_selection_expression, response.templates),
          .parameters = mappings_of(ParameterMappings::Side::route_response, response.parameters),
          .content_handling = handling_of(response.content_handling)};
}

}  // namespace

IntegrationMapping::IntegrationMapping(const IntegrationRecord& record,
                                       const std::map<std::string, IntegrationResponseRecord, std::less<>>& responses)
    : request_templates_(record.template_selection_expression, record.request_templates),
      request_parameters_(mappings_of(ParameterMappings::Side::integration_request, record.request_parameters)),
      content_handling_(handling_of(record.content_handling)),
      passthrough_(passthrough_of(record.passthrough)) {
  for (const auto& [key, response] : responses) {
    if (key == "$default") {
      default_response_ = mapping_of(response);
    } else if (auto parsed = expr::SelectionKey::parse(key)) {  // no integration response is made with another
      responses_.emplace_back(std::move(*parsed), mapping_of(response));
    }
  }
}

const ResponseMapping* IntegrationMapping::find_response(std::string_view subject) const {
  auto at = std::ranges::find_if(responses_, [&](const auto& response) { return response.first.matches(subject); });
  if (at != responses_.end()) return &at->second;
  return default_response_ ? &*default_response_ : nullptr;
}

}  // namespace outcrop::gateway
