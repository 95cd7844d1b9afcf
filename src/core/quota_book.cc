#include "core/quota_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace outcrop {

namespace {

std::string quota_key(std::string_view account, std::string_view region, std::string_view service, std::string_view quota) {
  return fmt::format("{}/{}/{}/{}", account, region, service, quota);
}

}  // namespace

double Quota::default_in(std::string_view region) const {
  auto differing = regions.find(region);
  return differing == regions.end() ? value : differing->second;
}

bool Quota::is_offered_in(std::string_view region) const { return offered_in.empty() || std::ranges::count(offered_in, region) > 0; }

const std::vector<Quota>& QuotaBook::Service::quotas() const {
  std::call_once(once_, [this] {
    quotas_ = describe();
    std::ranges::sort(quotas_, {}, &Quota::code);
    check(std::ranges::adjacent_find(quotas_, {}, &Quota::code) == quotas_.end(), "two quotas of a service have one code");
  });
  return quotas_;
}

const Quota* QuotaBook::Service::find(std::string_view quota_code) const {
  auto quota = std::ranges::lower_bound(quotas(), quota_code, {}, &Quota::code);
  return quota != quotas_.end() && quota->code == quota_code ? &*quota : nullptr;
}

void QuotaBook::add(std::string service_code, std::string service_name, std::function<std::vector<Quota>()> describe) {
  auto service = std::make_unique<Service>();
  service->code = service_code;
  service->name = std::move(service_name);
  service->describe = std::move(describe);
  const bool is_new = services_.emplace(std::move(service_code), std::move(service)).second;
  check(is_new, "a service describes its quotas twice");
}

std::vector<const QuotaBook::Service*> QuotaBook::services() const {
  std::vector<const Service*> services;
  for (const auto& [code, service] : services_) services.push_back(service.get());
  return services;
}

const QuotaBook::Service* QuotaBook::find(std::string_view service_code) const {
  auto service = services_.find(service_code);
  return service == services_.end() ? nullptr : service->second.get();
}

std::atomic<double>& QuotaBook::value_of(std::string_view account, std::string_view region, std::string_view service,
                                         std::string_view quota) {
  std::lock_guard lock(mutex_);
  return values_.try_emplace(quota_key(account, region, service, quota), 0).first->second;
}

QuotaBook::Applied QuotaBook::applied(std::string_view account, std::string_view region, std::string_view service, std::string_view quota,
                                      double by_default) {
  return {value_of(account, region, service, quota), by_default};
}

std::optional<double> QuotaBook::raised(std::string_view account, std::string_view region, std::string_view service,
                                        std::string_view quota) const {
  std::lock_guard lock(mutex_);
  auto value = values_.find(quota_key(account, region, service, quota));
  if (value == values_.end() || value->second == 0) return std::nullopt;
  return value->second.load();
}

void QuotaBook::raise(std::string_view account, std::string_view region, std::string_view service, std::string_view quota, double value) {
  check(value > 0, "a quota is raised to nothing");
  value_of(account, region, service, quota) = value;
  tell_change();
}

void QuotaBook::restore_defaults(const std::optional<std::string>& account) {
  const std::string prefix = account ? *account + "/" : "";
  {
    std::lock_guard lock(mutex_);
    for (auto value = values_.lower_bound(prefix); value != values_.end() && value->first.starts_with(prefix); ++value) value->second = 0;
  }
  tell_change();
}

void QuotaBook::tell_change() const {
  for (const auto& listener : listeners_) listener();
}

}  // namespace outcrop
