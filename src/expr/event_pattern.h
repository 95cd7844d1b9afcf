// Event patterns: the JSON language in which customers say which events they want. EventBridge's rules, Lambda's event
// source mappings (FilterCriteria) and EventBridge Pipes ask it of events; SNS has a language of its own.
//
//     {"source": ["aws.ec2"], "detail": {"state": [{"anything-but": "running"}], "count": [{"numeric": [">", 0]}]}}
//
// Every field must match; a field matches when one of its alternatives matches one of its values. An alternative is a string,
// a number, true, false or null, or one of {"prefix"}, {"suffix"}, {"equals-ignore-case"}, {"anything-but"}, {"numeric"},
// {"exists"}, {"cidr"}, {"wildcard"}; prefix and suffix take {"equals-ignore-case"}, anything-but takes all of these four and
// lists. {"$or": [{…}, {…}]} stands for fields of which one object is enough.
//
// What the language means is what AWS's engine makes of it (aws/event-ruler), which is more than its documentation says:
//  - Of an event's arrays any element may match, but values of several fields from one array of objects must come from one
//    object. {"exists": false} looks at the elements that fields before it, in the order of their names, came from.
//  - Only values have existence: {"exists": true} is not true of an object, nor of an empty array.
//  - Numbers are compared as IEEE doubles, 1 equals 1.0; one that a double cannot hold (of more than 17 digits) equals only
//    what is written alike, and "numeric" does not take it. A number is never a string.
//  - A string that is an IP address matches that address in any spelling.
//  - Of two fields of one path the last counts. A path may be written as one name with dots.
//
// What callers see to themselves:
//  - EventBridge takes patterns of 2,048 characters unless a quota says more, and counts the rules of a bus that have
//    wildcards. "Event pattern is not valid" is its sentence; TestEventPattern refuses an event that is no JSON object.
//  - Lambda takes 4,096 characters and up to ten patterns, of which one must match, and answers for a bad one with an error of
//    its own. What its sources hold as text (SQS: body; Kinesis, Kafka and MQ: data and value) it parses before it asks. A
//    pattern with an object there drops records whose text is no JSON; one with an array there asks for plain text, and
//    drops those whose text is.
//  - Pipes do the same, and have neither wildcards nor anything-but of anything but values.
#pragma once
#include <memory>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace outcrop::expr {

struct CompiledPattern;

// Immutable, so that threads may share it; copies share what they are made of.
class EventPattern {
 public:
  // InvalidEventPatternException in AWS's words: "Event pattern is not valid. Reason: …".
  static Result<EventPattern> parse(std::string_view text);

  // In one walk through the event, whatever the pattern. False for what is no object.
  bool matches(const json::Value& event) const;

 private:
  explicit EventPattern(std::shared_ptr<const CompiledPattern> compiled);

  std::shared_ptr<const CompiledPattern> compiled_;
};

}  // namespace outcrop::expr
