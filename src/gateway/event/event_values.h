// EventValues: what expressions and mappings of an event ask for by name. Body and context are read as JSON when they are first asked for,
// once.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "expr/selection_expression.h"
#include "gateway/event/handshake_values.h"
#include "gateway/event/integration_result.h"
#include "gateway/event/route_event.h"

namespace outcrop::gateway {

class EventValues final : public expr::SelectionSource {
 public:
  // Both must outlive it, and stay as they are as long as somebody asks.
  EventValues(RouteEvent& event, std::string_view body) : event_(event), body_(body) {}

  const json::Value* document(expr::SelectionVariable variable) const override;
  std::optional<std::string> text(expr::SelectionVariable variable, std::string_view name) const override;

  // What the integration answered, which must outlive it too.
  void set_response(const IntegrationResult& response) { response_ = &response; }

  std::string_view body() const { return body_; }
  RouteEvent& event() const { return event_; }
  // $context, as an object.
  const json::Value& context() const;
  // The event is not what it was when somebody may have asked for its context.
  void context_changed() { context_ = {}; }
  // Of $connect: by name, the last value of each.
  json::Value handshake_headers() const;
  json::Value handshake_parameters() const;

 private:
  struct Document {
    bool is_read = false;
    std::optional<json::Value> value;
  };
  static const json::Value* read(Document& document, std::string_view text);
  const NamedValues* headers() const;
  const NamedValues* parameters() const;

  RouteEvent& event_;
  const std::string_view body_;
  const IntegrationResult* response_ = nullptr;
  mutable Document request_, context_, answer_;
  mutable std::optional<NamedValues> headers_, parameters_;  // of the handshake
};

}  // namespace outcrop::gateway
