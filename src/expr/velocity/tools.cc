#include "expr/velocity/tools.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "expr/json_path.h"
#include "expr/text.h"
#include "expr/velocity/utf16.h"
#include "json/utf8.h"

namespace outcrop::expr::velocity {
namespace {

using Kind = TemplateError::Kind;

// java.net.URLEncoder.
std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ')
      out += '+';
    else if (is_letter(c) || is_digit(c) || std::string_view(".-*_").contains(c))
      out += c;
    else
      out += fmt::format("%{:02X}", uint8_t(c));
  }
  return out;
}

// StringEscapeUtils.escapeJavaScript() of Apache Commons.
std::string javascript_escaped(std::string_view text) {
  constexpr std::string_view characters = "\b\n\t\f\r'\"\\/", names = "bntfr'\"\\/";
  std::string out;
  for (const char16_t unit : to_utf16(text)) {
    const size_t known = unit < 0x80 ? characters.find(char(unit)) : characters.npos;
    if (known != characters.npos)
      (out += '\\') += names[known];
    else if (unit < 0x20 || unit > 0x7f)
      out += fmt::format("\\u{:04X}", uint32_t(unit));
    else
      out += char(unit);
  }
  return out;
}

// As lenient as Apache Commons': what is no letter of base64, its URL form included, is passed over.
std::string base64_decoded(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (c == '=') break;
    if (is_letter(c) || is_digit(c) || c == '+' || c == '/') letters += c;
    if (c == '-') letters += '+';
    if (c == '_') letters += '/';
  }
  if (letters.size() % 4 == 1) letters.pop_back();
  letters.append((4 - letters.size() % 4) % 4, '=');
  std::string out;
  json::append_as_utf8(out, unbase64(letters).value_or(""));
  return out;
}

}  // namespace

Value InputTool::property(std::string_view name) {
  if (name == "body") return body();
  if (name == "params") return all_parameters();
  return {};
}

Value InputTool::call(std::string_view name, Arguments arguments) {
  if (name == "getBody" && arguments.empty()) return body();
  if (name == "params" && arguments.empty()) return all_parameters();
  if (arguments.size() != 1 || arguments.front().is_null()) return {};
  const std::string argument = runtime_.text_of(arguments.front());
  if (name == "json") return json(argument);
  if (name == "path") return path(argument);
  if (name == "params") return parameter(argument);
  return {};
}

Value InputTool::body() { return runtime_.make_text(input_.body.empty() ? "{}" : std::string(input_.body)); }

const json::Value* InputTool::document() {
  if (document_) return &*document_;
  auto parsed = json::parse(input_.body.empty() ? "{}" : input_.body, {.values = limits::template_steps_max});
  if (!parsed) {
    runtime_.refuse(Kind::bad_body, "Could not parse request body into json: " + parsed.error().message());
    return nullptr;
  }
  if (!runtime_.pay_memory(input_.body.size())) return nullptr;
  return &document_.emplace(std::move(*parsed));
}

// A path that does not begin with '$' begins at the document, as Jayway has it.
std::optional<json::Value> InputTool::read(const std::string& text) {
  const json::Value* whole = document();
  if (!whole) return std::nullopt;
  auto path = JsonPath::parse(text.starts_with('$') ? text : "$." + text);
  if (!path) {
    runtime_.refuse(Kind::bad_argument, fmt::format("\"{}\" is not a JSONPath: {}", text, path.error()));
    return std::nullopt;
  }
  auto found = path->read(*whole, runtime_.steps_left());
  if (!found) runtime_.refuse(Kind::too_much, found.error());
  return found ? std::move(*found) : std::nullopt;
}

Value InputTool::json(const std::string& path) {
  const auto found = read(path);
  return runtime_.make_text(found ? json::write(*found) : "\"\"");
}

Value InputTool::path(const std::string& path) {
  if (input_.body.empty()) return {};
  const auto found = read(path);
  return found ? runtime_.from_json(*found) : Value();
}

Value InputTool::all_parameters() {
  Map* all = runtime_.make_map();
  runtime_.put(*all, "path", runtime_.from_json(input_.path_parameters));
  runtime_.put(*all, "querystring", runtime_.from_json(input_.querystring));
  runtime_.put(*all, "header", runtime_.from_json(input_.headers));
  return all;
}

// The empty text where there is none.
Value InputTool::parameter(const std::string& name) {
  for (const json::Value* place : {&input_.path_parameters, &input_.querystring, &input_.headers})
    if (const json::Value* value = place->find(name)) return runtime_.from_json(*value);
  return runtime_.make_text("");
}

Value call_util(Runtime& runtime, std::string_view name, Arguments arguments) {
  if (arguments.size() != 1) return {};
  if (arguments.front().is_null()) return name == "escapeJavaScript" ? runtime.make_text("null") : Value();
  const std::string text = runtime.text_of(arguments.front());
  if (name == "escapeJavaScript") return runtime.make_text(javascript_escaped(text));
  if (name == "urlEncode") return runtime.make_text(url_encoded(text));
  if (name == "base64Encode") return runtime.make_text(base64(text));
  if (name == "base64Decode") return runtime.make_text(base64_decoded(text));
  if (name == "urlDecode") {
    const auto decoded = percent_decode(text, true);
    if (!decoded) return runtime.refuse(Kind::bad_argument, "$util.urlDecode(): an escape is malformed"), Value();
    std::string out;
    json::append_as_utf8(out, *decoded);
    return runtime.make_text(std::move(out));
  }
  if (name == "parseJson") {
    auto parsed = json::parse(text, {.values = limits::template_steps_max});
    if (!parsed) return runtime.refuse(Kind::bad_argument, "$util.parseJson(): " + parsed.error().message()), Value();
    return runtime.from_json(*parsed);
  }
  return {};
}

}  // namespace outcrop::expr::velocity
