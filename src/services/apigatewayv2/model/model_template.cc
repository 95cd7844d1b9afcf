#include "services/apigatewayv2/model/model_template.h"

#include <fmt/format.h>

#include <string_view>

#include "expr/json_schema.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view first_line = "#set($inputRoot = $input.path('$'))\n";
constexpr std::string_view loop_begin = "##The loop is to go over an array of the input.\n#foreach($elem in $inputRoot)\n";
constexpr std::string_view loop_end = "#if($foreach.hasNext),#end\n\n#end\n";

std::string_view text_of(const json::Value* value) { return value && value->is_string() ? value->as_string() : std::string_view(); }

// The first of several; by what it has where it says none.
std::string_view type_of(const json::Value& schema) {
  const json::Value* type = schema.find("type");
  if (type && type->is_array() && !type->as_array().empty()) type = &type->as_array().front();
  if (const std::string_view told = text_of(type); !told.empty()) return told;
  return schema.find("items") ? "array" : "object";
}

class SampleWriter {
 public:
  explicit SampleWriter(const json::Value& root) : root_(root) {}

  std::string write() {
    text_ = first_line;
    write_value(root_, 0);
    return std::move(text_);
  }

 private:
  void write_value(const json::Value& schema, int depth) {
    // A schema that refers to itself has no end.
    if (depth > limits::model_template_depth_max || text_.size() > limits::model_template_bytes_max) return add("null");
    if (const std::string_view reference = text_of(schema.find("$ref")); !reference.empty()) {
      const json::Value* target = expr::find_reference(root_, reference);
      return target ? write_value(*target, depth + 1) : add("null");
    }
    const std::string_view type = type_of(schema);
    if (type == "object") return write_object(schema, depth);
    if (type == "array") return write_list(schema, depth);
    if (type == "string") return add("\"foo\"");
    if (type == "boolean") return add("true");
    add(type == "null" ? "null" : "42");
  }

  void write_object(const json::Value& schema, int depth) {
    const json::Value* members = schema.find("properties");
    if (!members || !members->is_object() || members->as_object().empty()) return add("{ }");
    std::string_view separator = "{\n";
    for (const json::Member& member : members->as_object()) {
      add(std::exchange(separator, ",\n"));
      indent(depth + 1);
      add(json::write(json::Value(member.name())));
      add(" : ");
      write_value(member.value, depth + 1);
    }
    add("\n");
    indent(depth);
    add("}");
  }

  void write_list(const json::Value& schema, int depth) {
    const json::Value* items = schema.find("items");
    if (items && items->is_array()) items = items->as_array().empty() ? nullptr : &items->as_array().front();
    if (!items) return add("[ ]");
    add("[\n");
    add(loop_begin);
    indent(depth + 1);
    write_value(*items, depth + 1);
    add(loop_end);
    indent(depth);
    add("]");
  }

  void add(std::string_view text) { text_ += text; }
  void indent(int depth) { text_.append(2 * size_t(depth), ' '); }

  const json::Value& root_;
  std::string text_;
};

}  // namespace

std::string model_template(const json::Value& schema) { return SampleWriter(schema).write(); }

}  // namespace outcrop::apigatewayv2
