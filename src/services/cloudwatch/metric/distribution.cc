#include "services/cloudwatch/metric/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "services/cloudwatch/limits.h"

namespace outcrop::cloudwatch {
namespace {

// Bins of 2^-360 … 2^360 are -25,078 … 25,078 by their logarithm; shifted, those of positive values are above zero.
constexpr int32_t bin_shift = 30'000;
constexpr double smallest_value = 0x1p-360;  // what is closer to zero counts as zero there
constexpr char exact_format = 1, bins_format = 2;
constexpr double whole_count_max = 0x1p52;

void append_varint(std::string& out, uint64_t number) {
  for (; number >= 128; number >>= 7) out += char(number | 128);
  out += char(number);
}

void append_double(std::string& out, double number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof bytes);
}

void append_count(std::string& out, double count) {
  if (count >= 0 && count < whole_count_max && count == std::floor(count)) return append_varint(out, uint64_t(count) << 1);
  append_varint(out, 1);
  append_double(out, count);
}

// Takes the format apart; once something does not fit, everything is none.
struct Bytes {
  std::string_view rest;

  std::optional<uint64_t> varint() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      const uint8_t byte = uint8_t(rest.front());
      rest.remove_prefix(1);
      number |= uint64_t(byte & 127) << shift;
      if (byte < 128) return number;
    }
    return std::nullopt;
  }
  std::optional<double> real() {
    double number;
    if (rest.size() < sizeof number) return std::nullopt;
    std::memcpy(&number, rest.data(), sizeof number);
    rest.remove_prefix(sizeof number);
    return number;
  }
  std::optional<double> count() {
    auto head = varint();
    if (!head) return std::nullopt;
    return *head & 1 ? real() : std::optional(double(*head >> 1));
  }
};

}  // namespace

int32_t Distribution::bin_of(double value) {
  if (std::fabs(value) < smallest_value) return 0;
  static const double ratio_logarithm = std::log(limits::bin_ratio);
  const int32_t bin = int32_t(std::ceil(std::log(std::fabs(value)) / ratio_logarithm)) + bin_shift;
  return value > 0 ? bin : -bin;
}

// The value in the middle of what the bin holds.
double Distribution::value_of(int32_t bin) {
  if (bin == 0) return 0;
  const double value = 2 * std::pow(limits::bin_ratio, std::abs(bin) - bin_shift) / (1 + limits::bin_ratio);
  return bin > 0 ? value : -value;
}

void Distribution::add(double value, double count) {
  if (!bins_.empty()) return add_to_bin(bin_of(value), count);
  auto at = std::ranges::lower_bound(exact_, value, {}, &Slice::value);
  if (at != exact_.end() && at->value == value) {
    at->count += count;
  } else if (exact_.size() < limits::exact_values_max) {
    exact_.insert(at, {value, count});
  } else {
    become_bins();
    add_to_bin(bin_of(value), count);
  }
}

void Distribution::merge(const Distribution& other) {
  if (!other.bins_.empty() && bins_.empty()) become_bins();
  for (const Slice& slice : other.exact_) add(slice.value, slice.count);
  for (const Bin& bin : other.bins_) add_to_bin(bin.index, bin.count);
}

void Distribution::become_bins() {
  for (const Slice& slice : std::exchange(exact_, {})) add_to_bin(bin_of(slice.value), slice.count);
}

// Beyond the most bins the lowest two become one: high percentiles stay what they are.
void Distribution::add_to_bin(int32_t index, double count) {
  auto at = std::ranges::lower_bound(bins_, index, {}, &Bin::index);
  if (at != bins_.end() && at->index == index) {
    at->count += count;
    return;
  }
  bins_.insert(at, {index, count});
  if (bins_.size() <= limits::bins_max) return;
  bins_[1].count += bins_[0].count;
  bins_.erase(bins_.begin());
}

std::vector<Distribution::Slice> Distribution::slices() const {
  if (bins_.empty()) return exact_;
  std::vector<Slice> slices;
  slices.reserve(bins_.size());
  for (const Bin& bin : bins_) slices.push_back({value_of(bin.index), bin.count});
  return slices;
}

std::string Distribution::encode() const {
  std::string out(1, bins_.empty() ? exact_format : bins_format);
  append_varint(out, bins_.empty() ? exact_.size() : bins_.size());
  for (const Slice& slice : exact_) {
    append_double(out, slice.value);
    append_count(out, slice.count);
  }
  int32_t before = 0;
  for (const Bin& bin : bins_) {
    const int32_t difference = bin.index - before;
    append_varint(out, uint32_t(difference) << 1 ^ uint32_t(difference >> 31));
    append_count(out, bin.count);
    before = bin.index;
  }
  return out;
}

std::optional<Distribution> Distribution::decode(std::string_view bytes) {
  if (bytes.empty() || (bytes[0] != exact_format && bytes[0] != bins_format)) return std::nullopt;
  Bytes in{bytes.substr(1)};
  auto count = in.varint();
  if (!count || *count > limits::bins_max) return std::nullopt;
  Distribution distribution;
  int32_t index = 0;
  for (uint64_t i = 0; i < *count; ++i) {
    if (bytes[0] == exact_format) {
      auto value = in.real();
      auto times = in.count();
      if (!value || !times) return std::nullopt;
      distribution.exact_.push_back({*value, *times});
    } else {
      auto difference = in.varint();
      auto times = in.count();
      if (!difference || !times) return std::nullopt;
      index += int32_t(uint32_t(*difference >> 1) ^ (0 - uint32_t(*difference & 1)));
      distribution.bins_.push_back({index, *times});
    }
  }
  if (!in.rest.empty()) return std::nullopt;
  return distribution;
}

}  // namespace outcrop::cloudwatch
