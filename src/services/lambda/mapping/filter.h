// MappingFilter: FilterCriteria: which messages of a queue a function gets. What no pattern wants is deleted without it.
//
// A pattern's "body" is an object, which asks for messages whose body is JSON and looks into it, or an array, which asks for
// plain text (Developer Guide, "Using event filtering with an Amazon SQS event source"):
//   body of the pattern   text                  JSON
//   array                 is compared           does not match
//   object                does not match        is looked into
//   none                  the rest of the record alone is looked at
// JSON is an object or an array here: of a text that is a number nobody can tell which was meant, and text is what was sent.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/event_pattern.h"

namespace outcrop::lambda {

// Immutable.
class MappingFilter {
 public:
  // InvalidParameterValueException 400 in AWS's words when one is no pattern. None: every message matches.
  static Result<MappingFilter> parse(std::span<const std::string> patterns);

  bool wants_all() const { return filters_.empty(); }
  // Of a record as the function would get it, and the body in it.
  bool matches(std::string_view record, std::string_view body) const;

 private:
  struct Filter {
    expr::EventPattern pattern;
    bool wants_text = false, wants_json = false;
  };
  static bool matches(const Filter& filter, const json::Value& as_text, const json::Value* as_json);

  std::vector<Filter> filters_;
};

}  // namespace outcrop::lambda
