#include "inference/embedded/exact_math.h"

#include <bit>

namespace outcrop::embedded {

namespace {

// log2 of a positive number in units of 2^-16, one bit of the fraction for each squaring.
int64_t log2_units(uint64_t number) {
  int whole = int(std::bit_width(number)) - 1;
  // The number scaled into [2^31, 2^32): 1.0 to 2.0 with 31 binary places.
  uint64_t scaled = whole <= 31 ? number << (31 - whole) : number >> (whole - 31);
  int64_t units = int64_t(whole) << 16;
  for (int bit = 15; bit >= 0; --bit) {
    scaled = scaled * scaled >> 31;
    if (scaled < uint64_t(1) << 32) continue;
    scaled >>= 1;
    units |= int64_t(1) << bit;
  }
  return units;
}

}  // namespace

double log2_ratio(uint64_t numerator, uint64_t denominator) { return double(log2_units(numerator) - log2_units(denominator)) / 65536.0; }

}  // namespace outcrop::embedded
