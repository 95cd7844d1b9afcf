// The service of sample.json, as a service's folder would define it.
#pragma once
#include <string>

#include "gen/sample/delete_thing.h"
#include "gen/sample/put_thing.h"

namespace outcrop::sample {

class Sample {
 public:
  std::string last_name;
};

}  // namespace outcrop::sample
