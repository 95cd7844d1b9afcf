// Reading form bodies into one buffer.
#include "wire/form.h"

#include <algorithm>

#include "base/encoding.h"
#include "json/utf8.h"
#include "wire/limits.h"

namespace outcrop::wire {

namespace {

int form_hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Decodes `raw` at the end of `to`, which has room; none on a wrong escape.
std::optional<std::string_view> decode_component(std::string_view raw, std::vector<char>& to) {
  size_t start = to.size();
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%') {
      int high = i + 2 < raw.size() ? form_hex_digit(raw[i + 1]) : -1, low = high >= 0 ? form_hex_digit(raw[i + 2]) : -1;
      if (low < 0) return std::nullopt;
      to.push_back(char(high << 4 | low));
      i += 2;
    } else {
      to.push_back(raw[i] == '+' ? ' ' : raw[i]);
    }
  }
  return std::string_view(to.data() + start, to.size() - start);
}

// Cuts the next field off the front of `text`; empty fields ("a&&b") are passed over by the callers.
std::string_view next_field(std::string_view& text) {
  size_t end = std::min(text.find('&'), text.size());
  std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return field;
}

FormField split_field(std::string_view field) {
  size_t equals = field.find('=');
  if (equals == field.npos) return {field, {}};
  return {field.substr(0, equals), field.substr(equals + 1)};
}

bool is_utf8(std::string_view text) { return json::valid_utf8_prefix(text) == text.size(); }

Fault malformed_query(std::string message) { return {"MalformedQueryString", 400, std::move(message)}; }

}  // namespace

Result<Form> Form::parse(std::span<const std::string_view> texts) {
  Form form;
  size_t bytes = 0, fields = 0;
  for (std::string_view text : texts) {
    bytes += text.size();
    fields += size_t(std::ranges::count(text, '&')) + 1;
  }
  form.text_.reserve(bytes);  // what is decoded is never longer, so the views stay
  form.fields_.reserve(std::min(fields, limits::form_fields_max));
  for (std::string_view text : texts) {
    while (!text.empty()) {
      std::string_view raw = next_field(text);
      if (raw.empty()) continue;
      if (form.fields_.size() == limits::form_fields_max) return fail(malformed_query("The request has too many parameters"));
      FormField encoded = split_field(raw);
      std::optional<std::string_view> name = decode_component(encoded.name, form.text_);
      std::optional<std::string_view> value = decode_component(encoded.value, form.text_);
      if (!name || !value) return fail(malformed_query("The query string contains a malformed escape"));
      if (!is_utf8(*name) || !is_utf8(*value)) return fail(malformed_query("The query string is not valid UTF-8"));
      form.fields_.push_back({*name, *value});
    }
  }
  return form;
}

std::optional<std::string> find_form_value(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    FormField field = split_field(next_field(text));
    if (field.name == name || percent_decode(field.name, true) == name) return percent_decode(field.value, true);
  }
  return std::nullopt;
}

}  // namespace outcrop::wire
