// Field: one value of a request body, and where it stands. Reading goes on after a problem, because the families that check
// bodies against a JSON Schema tell all problems at once; each has its own words for them.
#pragma once
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/conversation.h"

namespace outcrop::inference {

// json_schema: Bedrock's own check, which most families pass ("#/messages/0: required key [content] not found").
// pydantic: Anthropic ("messages.0.content: Field required"). serde: OpenAI's models ("messages[0]: missing field `content`").
enum class Wording { json_schema, pydantic, serde };

class Problems {
 public:
  explicit Problems(Wording wording) : wording_(wording) {}

  Wording wording() const { return wording_; }
  bool none() const { return texts_.empty(); }
  void add(std::string_view path, std::string_view text);
  // ValidationException 400. Of at least one problem.
  Fault fault() const;

 private:
  const Wording wording_;
  std::vector<std::string> texts_;
};

// Bounds, both included.
struct Range {
  double min = -std::numeric_limits<double>::infinity(), max = std::numeric_limits<double>::infinity();
};

class Field {
 public:
  using Names = std::span<const std::string_view>;

  Field(const json::Value& root, Problems& problems) : value_(&root), problems_(&problems) {}

  // There, and not null.
  explicit operator bool() const { return value_ && !value_->is_null(); }
  bool is(json::Kind kind) const { return value_ && value_->kind() == kind; }
  // Null where it is absent.
  const json::Value& value() const;

  // Whether it is an object. What `required` names and is missing, and what neither names, is told. Nothing is when it is absent.
  bool object(Names required, Names optional) const;
  bool object(std::initializer_list<std::string_view> required, std::initializer_list<std::string_view> optional = {}) const {
    return object(Names(required.begin(), required.size()), Names(optional.begin(), optional.size()));
  }
  // Likewise, whatever members it has.
  bool open_object() const;
  // The member of that name, which may be absent.
  Field operator[](std::string_view name) const;
  // The elements of an array; none of what is no array, which is told.
  std::vector<Field> elements(Range count = {}) const;

  // None where it is absent, and where it is something else, which is told.
  std::optional<std::string_view> text(Range characters = {}) const;       // valid while the body is
  std::string string() const { return std::string(text().value_or("")); }  // empty where it is none
  std::optional<int> integer(Range range = {}) const;
  std::optional<double> number(Range range = {}) const;
  std::optional<bool> boolean() const;
  std::vector<std::string> texts(Range count = {}) const;
  std::optional<std::string> bytes() const;  // of base64
  std::optional<std::string_view> one_of(std::initializer_list<std::string_view> values) const;

  // Tells a problem of this field in the family's own words.
  void wrong(std::string_view text) const { problems_->add(path_, text); }
  Wording wording() const { return problems_->wording(); }
  const std::string& path() const { return path_; }
  // The same value under a longer path: pydantic names the alternative that was chosen ("content.0.image.source").
  Field as(std::string_view alternative) const;

 private:
  Field(const json::Value* value, Problems& problems, std::string path) : value_(value), problems_(&problems), path_(std::move(path)) {}
  std::string path_to(std::string_view step) const;
  void missing(std::string_view name) const;
  void extra(std::string_view name) const;
  bool expect(json::Kind kind, std::string_view type) const;
  void wrong_type(std::string_view expected) const;
  template <class Number>
  void check_range(Number number, Range range) const;
  void check_count(size_t count, Range range) const;
  void check_length(size_t characters, Range range) const;

  const json::Value* value_;
  Problems* problems_;
  std::string path_;
};

// That the number at `path` ("/max_tokens") is above its maximum, in the words of a JSON Schema.
Fault above_maximum(std::string_view path, int number, int maximum);

// The body as JSON. Faults with ValidationException 400.
Result<json::Value> parse_body(std::string_view text);

// Reads a body by `read_fields(const Field& body, Out& out)`. Likewise.
template <class Out = Conversation, class F>
Result<Out> read_body(std::string_view text, Wording wording, F read_fields) {
  Result<json::Value> root = parse_body(text);
  if (!root) return fail(std::move(root.error()));
  Problems problems(wording);
  Out out;
  read_fields(Field(*root, problems), out);
  if (!problems.none()) return fail(problems.fault());
  return out;
}

}  // namespace outcrop::inference
