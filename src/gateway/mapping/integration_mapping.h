// IntegrationMapping: what an integration that is no proxy makes of a message for its backend, and of the backend's answer for the client:
// templates, parameters and conversions, compiled once for a deployment.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/mapping/template_set.h"
#include "gateway/mapping/value_mapping.h"
#include "gen/records/gateway.h"

namespace outcrop::gateway {

// What ContentHandling asks for; none: the body is passed on as it is.
enum class ContentHandling : uint8_t { none, to_text, to_binary };

// What an integration response does.
struct ResponseMapping {
  TemplateSet templates;
  ParameterMappings parameters;
  ContentHandling content_handling = ContentHandling::none;
};

class IntegrationMapping {
 public:
  enum class Passthrough : uint8_t { when_no_match, when_no_templates, never };

  // `responses` by their keys.
  IntegrationMapping(const IntegrationRecord& record, const std::map<std::string, IntegrationResponseRecord, std::less<>>& responses);

  const TemplateSet& request_templates() const { return request_templates_; }
  const ParameterMappings& request_parameters() const { return request_parameters_; }
  ContentHandling content_handling() const { return content_handling_; }
  Passthrough passthrough() const { return passthrough_; }

  // By a status ("200") or by what a function failed with; "$default" where no pattern fits. Null when there is none.
  const ResponseMapping* find_response(std::string_view subject) const;
  bool has_responses() const { return default_response_ || !responses_.empty(); }

 private:
  TemplateSet request_templates_;
  ParameterMappings request_parameters_;
  ContentHandling content_handling_;
  Passthrough passthrough_;
  std::vector<std::pair<expr::SelectionKey, ResponseMapping>> responses_;
  std::optional<ResponseMapping> default_response_;
};

}  // namespace outcrop::gateway
