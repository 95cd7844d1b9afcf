// Which recording answers a request: the request as recordings hold it, and the keys it is found by.
#pragma once
#include <string>
#include <string_view>

#include "inference/replay/cassette.h"

namespace outcrop::inference {

enum class Match {
  exact,       // what was asked, to the letter
  normalised,  // without what differs from run to run: see normalised()
};

struct RecordedRequest {
  ExchangeKind kind = ExchangeKind::answer;
  std::string model_id;
  json::Value value;  // a cassette's "request"
};

// Whether an answer is streamed is not a part of it, nor by which profile a model was asked for.
RecordedRequest recorded_request(const ModelRequest& request, ExchangeKind kind);
RecordedRequest recorded_request(const EmbeddingRequest& request);

// A request without what differs from run to run, in this order:
// - requestMetadata are left out;
// - ids of tool uses are numbered by their first appearance: "<tool use 1>";
// - in every other text UUIDs become "<uuid>", dates and times of ISO 8601 "<time>" (2026-11-26, 2026-11-26T16:00:00.123Z, and with a space
//   instead of the T), and each run of white space one space, none at the ends;
// - members of objects are put in the order of their names.
json::Value normalised(const json::Value& request);

// 32 hexadecimal digits. Exact and normalised ones do not meet.
std::string key_of(const RecordedRequest& request, Match match);

// How near two requests are: the share of their texts and numbers that are the same at the same place, and the first place where they
// are not.
struct Difference {
  double likeness = 0;  // from 0 to 1
  std::string place;    // "messages[0].content[0].text"; empty where nothing differs
  std::string here, there;
};
Difference difference(const json::Value& here, const json::Value& there);

}  // namespace outcrop::inference
