#include "gateway/event/event_values.h"

#include <fmt/format.h>

#include "gateway/event/request_context.h"

namespace outcrop::gateway {

namespace {

std::string joined_list(const std::vector<std::string>& values) { return fmt::format("[{}]", fmt::join(values, ", ")); }

const std::vector<std::string>* named(const NamedValues* values, std::string_view name) { return values ? values->find(name) : nullptr; }

json::Value last_values(const NamedValues* values) {
  json::Object object;
  if (values) values->for_each_last([&](std::string_view name, std::string_view value) { object.set(name, value); });
  return object;
}

std::optional<std::string> text_or_none(const std::string* text) { return text ? std::optional(*text) : std::nullopt; }

}  // namespace

const json::Value* EventValues::read(Document& document, std::string_view text) {
  if (!document.is_read) {
    document.is_read = true;
    if (auto parsed = json::parse(text)) document.value = std::move(*parsed);
  }
  return document.value ? &*document.value : nullptr;
}

const json::Value& EventValues::context() const {
  if (!context_.is_read) {
    std::string text;
    json::Writer writer(text);
    write_request_context(writer, event_);
    check(read(context_, text) != nullptr, "the context of an event is JSON");
  }
  return *context_.value;
}

const NamedValues* EventValues::headers() const {
  if (event_.handshake && !headers_) headers_ = header_values(event_.handshake->head, event_.trace_header);
  return headers_ ? &*headers_ : nullptr;
}

const NamedValues* EventValues::parameters() const {
  if (event_.handshake && !parameters_) parameters_ = query_values(event_.handshake->head);
  return parameters_ ? &*parameters_ : nullptr;
}

json::Value EventValues::handshake_headers() const { return last_values(headers()); }
json::Value EventValues::handshake_parameters() const { return last_values(parameters()); }

const json::Value* EventValues::document(expr::SelectionVariable variable) const {
  switch (variable) {
    case expr::SelectionVariable::request_body:
      return read(request_, body_);
    case expr::SelectionVariable::response_body:
      return response_ ? read(answer_, response_->body) : nullptr;
    case expr::SelectionVariable::context:
      return &context();
    default:
      return nullptr;
  }
}

std::optional<std::string> EventValues::text(expr::SelectionVariable variable, std::string_view name) const {
  using enum expr::SelectionVariable;
  switch (variable) {
    case request_header:
      if (const auto* values = named(headers(), name)) return values->back();
      return std::nullopt;
    case request_multivalue_header:
      if (const auto* values = named(headers(), name)) return joined_list(*values);
      return std::nullopt;
    case request_querystring:
      if (const auto* values = named(parameters(), name)) return values->back();
      return std::nullopt;
    case request_multivalue_querystring:
      if (const auto* values = named(parameters(), name)) return joined_list(*values);
      return std::nullopt;
    case stage_variable:
      return text_or_none(event_.stage->record.variables.find(name));
    case response_status_code:
      return response_ ? std::optional(std::to_string(response_->status)) : std::nullopt;
    case response_header:
    case response_multivalue_header:
      return response_ ? text_or_none(response_->headers.find(name)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace outcrop::gateway
