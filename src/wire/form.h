// application/x-www-form-urlencoded text (WHATWG URL section 5): the parameters of the query protocol.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::wire {

struct FormField {
  std::string_view name, value;
};

// All fields, decoded, in the order they came. Moves keep the views valid.
class Form {
 public:
  Form() = default;
  Form(Form&&) noexcept = default;
  Form& operator=(Form&&) noexcept = default;

  // Reads the texts one after the other (a URL's query, then a body). Fault: MalformedQueryString 400 on a wrong
  // escape, invalid UTF-8 or more than limits::form_fields_max fields.
  static Result<Form> parse(std::span<const std::string_view> texts);
  static Result<Form> parse(std::string_view text) { return parse(std::span(&text, 1)); }

  std::span<const FormField> fields() const { return fields_; }

 private:
  std::vector<char> text_;
  std::vector<FormField> fields_;
};

// The value of the first field of that name in a text that may be otherwise malformed; for routing by Action and
// Version before the text is read.
std::optional<std::string> find_form_value(std::string_view text, std::string_view name);

}  // namespace outcrop::wire
