#include "inference/response_fields.h"

#include <fmt/format.h>

#include "inference/refusal.h"

namespace outcrop::inference {

namespace {

std::vector<json::Pointer> pointers_of(const std::vector<std::string>& paths) {
  std::vector<json::Pointer> pointers;
  for (const std::string& path : paths) {
    if (auto pointer = json::Pointer::parse(path)) pointers.push_back(std::move(*pointer));
  }
  return pointers;
}

}  // namespace

ResponseFields::ResponseFields(const std::vector<std::string>& paths) : pointers_(pointers_of(paths)) {}

// A part of a stream has null where it will have something later, or had.
void ResponseFields::take(std::string_view body) {
  const auto parsed = json::parse(body);
  if (!parsed) return;
  for (const json::Pointer& pointer : pointers_) {
    const json::Value* value = pointer.find(*parsed);
    if (value && (!value->is_null() || !pointer.find(found_))) pointer.copy(*parsed, found_);
  }
}

void ResponseFields::add_missing(std::string_view body) {
  const auto parsed = json::parse(body);
  if (!parsed) return;
  for (const json::Pointer& pointer : pointers_) {
    if (!pointer.find(found_)) pointer.copy(*parsed, found_);
  }
}

void ResponseFields::begin_with(json::Value fields) { found_ = std::move(fields); }

json::Value ResponseFields::finish() { return std::move(found_); }

Result<void> check_response_field_paths(const std::vector<std::string>& paths) {
  for (size_t i = 0; i < paths.size(); ++i) {
    if (!paths[i].empty() && json::Pointer::parse(paths[i])) continue;
    return refused(
        fmt::format("The format of the value at additionalModelResponseFieldPaths.{} is invalid. Provide a JSON Pointer for the "
                    "field and try again.",
                    i));
  }
  return {};
}

}  // namespace outcrop::inference
