// A service for tests of core: a post office that says what it was told, loses parcels and breaks when asked.
#pragma once
#include <atomic>

#include "core/call.h"
#include "core/directory.h"
#include "gen/parcel/copy_parcel.h"
#include "gen/parcel/escort_parcel.h"
#include "gen/parcel/forward_parcel.h"
#include "gen/parcel/manifest.h"
#include "gen/parcel/send_parcel.h"
#include "gen/parcel/track_parcel.h"

namespace outcrop::parcel {

class Parcel {
 public:
  Directory* directory = nullptr;  // forward_parcel sends through it
  std::vector<std::string> sent;   // "ACCOUNT REGION TO"

  // Of parcels that are tracked or escorted.
  std::function<void(int day)> before_move = [](int) {};
  std::atomic<int> moves = 0;          // made
  std::atomic<int> journeys_over = 0;  // of streams that ended, however
};

}  // namespace outcrop::parcel
