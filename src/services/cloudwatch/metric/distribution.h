// Distribution: how often which values came, for percentiles and their kin. Up to limits::exact_values_max distinct values it is
// exact; beyond, values share bins of a constant ratio (DDSketch: Masson, Rim, Lee, VLDB 2019), so that each is known to half a percent.
//
// Format on disk: 0x01 exact | 0x02 bins, then varint(count), then ascending
//   exact   value, 8 bytes little-endian; count
//   bins    zigzag varint of the difference to the bin before; count
// A count is varint(count << 1) when it is whole and below 2^52, else varint(1) and 8 bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::cloudwatch {

class Distribution {
 public:
  struct Slice {
    double value, count;
    bool operator==(const Slice&) const = default;
  };

  void add(double value, double count = 1);
  void merge(const Distribution& other);

  // Ascending by value.
  std::vector<Slice> slices() const;
  bool is_exact() const { return bins_.empty(); }
  size_t memory_bytes() const { return exact_.size() * sizeof(Slice) + bins_.size() * sizeof(Bin); }

  std::string encode() const;
  static std::optional<Distribution> decode(std::string_view bytes);

  bool operator==(const Distribution&) const = default;

 private:
  struct Bin {
    int32_t index;  // 0: zero; above: positive, growing; below: their mirror
    double count;
    bool operator==(const Bin&) const = default;
  };
  static int32_t bin_of(double value);
  static double value_of(int32_t bin);
  void add_to_bin(int32_t index, double count);
  void become_bins();

  std::vector<Slice> exact_;  // ascending by value
  std::vector<Bin> bins_;     // ascending by index; used once it is not empty
};

}  // namespace outcrop::cloudwatch
