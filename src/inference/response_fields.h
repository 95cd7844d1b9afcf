// What a caller wants to have of a model's own response body beside the answer: additionalModelResponseFieldPaths (Amazon Bedrock API
// reference, Converse).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/pointer.h"

namespace outcrop::inference {

class ResponseFields {
 public:
  // Of paths that check_response_field_paths let pass.
  explicit ResponseFields(const std::vector<std::string>& paths);

  bool wanted() const { return !pointers_.empty(); }
  // From the text of a body, or of the next part of one that comes in parts: what a later part has counts. Nothing of what is no JSON.
  void take(std::string_view body);
  // What no part had so far.
  void add_missing(std::string_view body);
  // What others found, which counts before what comes.
  void begin_with(json::Value fields);
  // An object with each field in its place, or null where the model said none of them.
  json::Value finish();

 private:
  const std::vector<json::Pointer> pointers_;
  json::Value found_;
};

// Fault: ValidationException 400 for what is no JSON Pointer.
Result<void> check_response_field_paths(const std::vector<std::string>& paths);

}  // namespace outcrop::inference
