// A service for tests of core: a post office that says what it was told, loses parcels and breaks when asked.
#pragma once
#include "core/call.h"
#include "core/directory.h"
#include "gen/parcel/forward_parcel.h"
#include "gen/parcel/manifest.h"
#include "gen/parcel/send_parcel.h"

namespace outcrop::parcel {

class Parcel {
 public:
  Directory* directory = nullptr;  // forward_parcel sends through it
  std::vector<std::string> sent;   // "ACCOUNT REGION TO"
};

}  // namespace outcrop::parcel
