#include "server/server_tls.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <filesystem>

#include "auth/credentials_file.h"
#include "base/encoding.h"
#include "base/log.h"
#include "server/own_authority.h"
#include "store/files.h"

namespace outcrop::server {

namespace {

namespace fs = std::filesystem;

constexpr size_t file_bytes_max = 1 << 20;  // ours: a mistaken path must not be read into memory
// How long what was found holds: files that change meanwhile, or are mended, wait for so long.
constexpr Milliseconds look_interval{60'000};
// Apple's platforms refuse certificates of more than 398 days, and demand no more of an own authority's.
constexpr std::chrono::days own_lifetime{397}, own_renewal{30};
// Certificates that are kept for APIs' names, one a Region; AWS has fewer Regions. Others are made anew.
constexpr size_t api_contexts_max = 64;

Result<std::string> read(std::string_view setting, const std::string& path) {
  auto text = store::read_file(path, file_bytes_max);
  if (text && *text) return std::move(**text);
  std::string problem = text ? fmt::format("there is no file {}", path) : text.error().message;
  return fail("InvalidConfiguration", 400, fmt::format("{}: {}", setting, problem));
}

class CertificateFiles final : public CertificateSource {
 public:
  explicit CertificateFiles(const TlsFiles& files) : files_(files) {}

  Result<net::CertifiedKey> load(Instant) override {
    Times found = times();  // before reading: what changes meanwhile is read again
    if (auto guarded = auth::check_secret_file(files_.key, "a private key"); !guarded) return fail(std::move(guarded.error()));
    auto certificate = read("tls.certificate", files_.certificate);
    if (!certificate) return fail(std::move(certificate.error()));
    auto key = read("tls.key", files_.key);
    if (!key) return fail(std::move(key.error()));
    loaded_ = found;
    return net::CertifiedKey{std::move(*certificate), std::move(*key)};
  }

  bool is_stale(Instant) override { return times() != loaded_; }

  Result<std::string> to_be_trusted(Instant) override {
    auto certificate = read("tls.certificate", files_.certificate);
    if (!certificate) return certificate;
    return net::certificates_in(*certificate);
  }

 private:
  using Times = std::pair<fs::file_time_type, fs::file_time_type>;
  Times times() const {
    std::error_code none;  // a file that is not there has no time, and reading it says so
    return {fs::last_write_time(files_.certificate, none), fs::last_write_time(files_.key, none)};
  }

  const TlsFiles files_;
  Times loaded_;
};

class OwnCertificates final : public CertificateSource {
 public:
  OwnCertificates(const std::string& data, std::vector<std::string> names) : data_(data), names_(std::move(names)) {}

  Result<net::CertifiedKey> load(Instant now) override {
    auto authority = this->authority(now);
    if (!authority) return fail(std::move(authority.error()));
    renew_at_ = now + own_lifetime - own_renewal;
    return (*authority)->issue(names_, {now - std::chrono::days(1), now + own_lifetime});
  }

  bool is_stale(Instant now) override { return now >= renew_at_; }

  // It ends no earlier than those that load() gave.
  Result<std::optional<net::CertifiedKey>> load_for(const std::vector<std::string>& names, Instant now) override {
    auto authority = this->authority(now);
    if (!authority) return fail(std::move(authority.error()));
    return (*authority)->issue(names, {now - std::chrono::days(1), now + own_lifetime});
  }

  Result<std::string> to_be_trusted(Instant now) override {
    auto authority = this->authority(now);
    if (!authority) return fail(std::move(authority.error()));
    return (*authority)->pem().certificate;
  }

 private:
  Result<const net::CertificateAuthority*> authority(Instant now) {
    if (authority_) return &*authority_;
    if (data_ == ":memory:") return &authority_.emplace(make_authority(now));
    if (auto made = ensure_own_authority(data_, now); !made) return fail(std::move(made.error()));
    auto read = read_own_authority(data_);
    if (!read) return fail(std::move(read.error()));
    return &authority_.emplace(std::move(*read));
  }

  const std::string data_;
  const std::vector<std::string> names_;
  std::optional<net::CertificateAuthority> authority_;
  Instant renew_at_;
};

// Of the machine's interfaces, one family's.
std::vector<std::string> own_addresses(int family) {
  std::vector<std::string> addresses;
  ifaddrs* interfaces = nullptr;
  if (::getifaddrs(&interfaces) != 0) return addresses;
  for (ifaddrs* each = interfaces; each; each = each->ifa_next) {
    if (!each->ifa_addr || each->ifa_addr->sa_family != family) continue;
    char text[INET6_ADDRSTRLEN] = "";
    const void* bytes = family == AF_INET ? static_cast<void*>(&reinterpret_cast<sockaddr_in*>(each->ifa_addr)->sin_addr)
                                          : &reinterpret_cast<sockaddr_in6*>(each->ifa_addr)->sin6_addr;
    addresses.push_back(inet_ntop(family, bytes, text, sizeof text));
  }
  ::freeifaddrs(interfaces);
  return addresses;
}

}  // namespace

std::vector<std::string> certified_names(const Config& config) {
  std::vector<std::string> names = {"localhost", "*.localhost", "127.0.0.1", "::1"};
  auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const ListenAddress& address : config.listen) {
    bool is_any = address.host == "0.0.0.0" || address.host == "::";
    if (!is_any) add(address.host);
    // A socket for all IPv6 addresses is one for all IPv4 addresses too.
    if (is_any) std::ranges::for_each(own_addresses(AF_INET), add);
    if (address.host == "::") std::ranges::for_each(own_addresses(AF_INET6), add);
  }
  for (const std::string& name : config.allowed_hosts) {
    if (name.starts_with("*.")) add(name.substr(2));  // which "*.NAME" stands for too
    add(name);
  }
  return names;
}

std::unique_ptr<CertificateSource> certificate_files(const TlsFiles& files) { return std::make_unique<CertificateFiles>(files); }

std::unique_ptr<CertificateSource> own_certificates(const std::string& data, std::vector<std::string> names) {
  return std::make_unique<OwnCertificates>(data, std::move(names));
}

std::unique_ptr<CertificateSource> certificate_source(const Config& config) {
  return config.tls ? certificate_files(*config.tls) : own_certificates(config.data, certified_names(config));
}

Result<void> check_certificate_files(const TlsFiles& files, Instant now) {
  auto loaded = CertificateFiles(files).load(now);
  if (!loaded) return fail(std::move(loaded.error()));
  if (auto usable = net::TlsServerContext::from_pem(loaded->certificate, loaded->key); !usable) {
    return fail("InvalidConfiguration", 400, fmt::format("tls: {} with {}: {}", files.certificate, files.key, usable.error().message));
  }
  auto facts = net::read_certificate(loaded->certificate);
  if (facts && facts->validity.until <= now) {
    log::warning("the TLS certificate has expired", {{"file", files.certificate}, {"until", iso8601(facts->validity.until)}});
  }
  return {};
}

std::optional<std::string> api_certificate_name(std::string_view host) {
  constexpr std::string_view mark = ".execute-api.", ends[] = {".amazonaws.com", ".amazonaws.com.cn"};
  constexpr size_t id_bytes_max = 63;      // RFC 1035 section 2.3.4
  constexpr size_t region_bytes_max = 32;  // ours: with it the name fits into a certificate's subject, X.520's ub-common-name of 64
  const std::string name = ascii_lower(host);
  const size_t id_end = name.find(mark);
  const auto is_label = [](std::string_view text, size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  };
  for (std::string_view end : ends) {
    if (id_end == name.npos || !name.ends_with(end)) continue;
    const size_t region = id_end + mark.size(), region_end = name.size() - end.size();
    if (region >= region_end || !is_label(std::string_view(name).substr(0, id_end), id_bytes_max) ||
        !is_label(std::string_view(name).substr(region, region_end - region), region_bytes_max))
      continue;
    return "*" + name.substr(id_end);
  }
  return std::nullopt;
}

net::Ssl ServerTls::accept() {
  std::shared_ptr<net::TlsServerContext> context;
  {
    std::lock_guard lock(mutex_);
    SteadyTime now = clock_.steady();
    if (looked_at_ == SteadyTime::min() || now - looked_at_ >= look_interval) renew(now);
    context = context_;
  }
  return context ? context->accept() : nullptr;
}

// Keeps what there is when the new is bad.
void ServerTls::renew(SteadyTime now) {
  Instant wall = clock_.real_wall();
  looked_at_ = now;
  if (context_ && !source_->is_stale(wall)) return;
  auto loaded = source_->load(wall);
  net::TlsServerOptions options{.context_for = [this](std::string_view host) { return context_for(host); }};
  auto made =
      loaded ? net::TlsServerContext::from_pem(loaded->certificate, loaded->key, std::move(options)) : fail(std::move(loaded.error()));
  if (!made) return log::error("there is no new TLS certificate", {{"reason", made.error().message}, {"keeps_old", context_ != nullptr}});
  if (context_) log::info("new connections get a new TLS certificate");
  context_ = std::move(*made);
  names_ = net::read_certificate(loaded->certificate).value_or(net::CertificateFacts{}).names;
  api_contexts_.clear();
}

std::shared_ptr<net::TlsServerContext> ServerTls::context_for(std::string_view host) {
  const auto name = api_certificate_name(host);
  if (!name) return nullptr;
  std::lock_guard lock(mutex_);
  if (std::ranges::find(names_, *name) != names_.end() || std::ranges::find(names_, ascii_lower(host)) != names_.end()) return nullptr;
  auto found = api_contexts_.find(*name);
  if (found != api_contexts_.end()) return found->second;
  if (api_contexts_.size() >= api_contexts_max) api_contexts_.erase(api_contexts_.begin());  // any
  return api_contexts_[*name] = make_api_context(*name);
}

// Null, and an event in the log, when there is none.
std::shared_ptr<net::TlsServerContext> ServerTls::make_api_context(const std::string& name) {
  auto loaded = source_->load_for({name}, clock_.real_wall());
  if (loaded && !*loaded) {
    log::warning("the TLS certificate is not for the names that APIs have on AWS: functions cannot reach APIs by them", {{"name", name}});
    return nullptr;
  }
  auto made = loaded ? net::TlsServerContext::from_pem((*loaded)->certificate, (*loaded)->key) : fail(std::move(loaded.error()));
  if (made) return std::move(*made);
  log::error("there is no TLS certificate for the names of APIs", {{"name", name}, {"reason", made.error().message}});
  return nullptr;
}

Result<std::string> ServerTls::to_be_trusted() {
  std::lock_guard lock(mutex_);
  return source_->to_be_trusted(clock_.real_wall());
}

}  // namespace outcrop::server
