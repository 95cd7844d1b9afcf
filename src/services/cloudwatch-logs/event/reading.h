// Reading events from the store: of one stream in either direction, and pages' positions as callers hold them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gen/records/cloudwatch-logs.h"
#include "services/cloudwatch-logs/group/keys.h"
#include "store/store.h"

namespace outcrop::cloudwatch_logs {

struct ReadEvent {
  Position at;
  EventRecord record;
};

// Events of a stream at from <= position < to, in the order of time: the first of them, or the last when `from_tail`, as many as a page
// holds.
struct PageWanted {
  GroupKeys keys;
  std::string stream_id;
  Position from, to;
  bool from_tail = false;
  size_t events_max = 0;
};
Task<Result<std::vector<ReadEvent>>> read_page(store::Store& store, const PageWanted& wanted);

// 40 digits.
std::string digits_of(Position at);
std::optional<Position> position_of_digits(std::string_view digits);

}  // namespace outcrop::cloudwatch_logs
