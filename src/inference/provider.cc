#include "inference/provider.h"

#include <array>

namespace outcrop::inference {

namespace {

constexpr std::array<std::pair<Latency, std::string_view>, 2> latency_words = {
    {{Latency::standard, "standard"}, {Latency::optimized, "optimized"}}};
constexpr std::array<std::pair<ServiceTier, std::string_view>, 4> tier_words = {{{ServiceTier::standard, "default"},
                                                                                 {ServiceTier::priority, "priority"},
                                                                                 {ServiceTier::flex, "flex"},
                                                                                 {ServiceTier::reserved, "reserved"}}};

template <class Words>
auto called(const Words& words, std::string_view word) -> std::optional<decltype(words[0].first)> {
  for (const auto& [value, name] : words) {
    if (name == word) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view word_of(Latency latency) { return latency_words[size_t(latency)].second; }
std::string_view word_of(ServiceTier tier) { return tier_words[size_t(tier)].second; }
std::optional<Latency> latency_called(std::string_view word) { return called(latency_words, word); }
std::optional<ServiceTier> tier_called(std::string_view word) { return called(tier_words, word); }

}  // namespace outcrop::inference
