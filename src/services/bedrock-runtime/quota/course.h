// Course: how answers of a model have gone lately: how long they took and how much of what they had reserved they gave back. By it a
// request that waits is told when others will be done.
#pragma once
#include "base/time.h"

namespace outcrop::bedrock_runtime {

class Course {
 public:
  // `returned`: of what was reserved, from 0 to 1.
  void ended(Milliseconds took, double returned) {
    const double weight = known_ ? newest_weight : 1;
    known_ = true;
    took_ms_ += (double(took.count()) - took_ms_) * weight;
    returned_ += (returned - returned_) * weight;
  }

  bool is_known() const { return known_; }
  Milliseconds took() const { return Milliseconds(int64_t(took_ms_)); }
  double returned() const { return returned_; }

 private:
  static constexpr double newest_weight = 1.0 / 8;  // ours: as TCP smooths round trips (RFC 6298)

  bool known_ = false;
  double took_ms_ = 0, returned_ = 0;
};

}  // namespace outcrop::bedrock_runtime
