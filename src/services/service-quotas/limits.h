// The limits of Service Quotas, each with its source.
#pragma once
#include <chrono>
#include <cstddef>

namespace outcrop::service_quotas::limits {

inline constexpr size_t results_max = 100;            // of a page, and without MaxResults: API Reference, ListServiceQuotas
inline constexpr std::chrono::days history_kept{90};  // API Reference, ListRequestedServiceQuotaChangeHistory
inline constexpr size_t tags_max = 50;                // of a quota: User Guide, "Tagging in Service Quotas"
inline constexpr size_t history_scan_max = 10'000;    // changes that one page looks at. Ours

}  // namespace outcrop::service_quotas::limits
