#include "net/resolver.h"

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>

#include "net/limits.h"

namespace outcrop::net {

namespace {

using Addresses = std::vector<SocketAddress>;

// RFC 8305 section 4: the families in turn, beginning with the one the system prefers, so that a broken one costs
// no more than every other attempt.
void interleave(Addresses& addresses) {
  if (addresses.empty()) return;
  bool first = addresses.front().is_v6();
  Addresses preferred, others;
  for (SocketAddress& address : addresses) (address.is_v6() == first ? preferred : others).push_back(address);
  addresses.clear();
  for (size_t i = 0; i < std::max(preferred.size(), others.size()); ++i) {
    if (i < preferred.size()) addresses.push_back(preferred[i]);
    if (i < others.size()) addresses.push_back(others[i]);
  }
}

}  // namespace

Result<Addresses> Resolver::system_lookup(const std::string& name) {
  addrinfo wanted{.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  if (int error = ::getaddrinfo(name.c_str(), nullptr, &wanted, &found); error != 0) {
    return fail("HostNotFound", 502, fmt::format("Could not resolve {}: {}.", name, ::gai_strerror(error)));
  }
  Addresses addresses;
  for (addrinfo* each = found; each; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
    SocketAddress& address = addresses.emplace_back();
    std::copy_n(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen, reinterpret_cast<char*>(&address.storage));
    address.length = each->ai_addrlen;
  }
  ::freeaddrinfo(found);
  return addresses;
}

std::optional<Addresses> Resolver::recall(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = names_.find(name);
  if (found == names_.end() || found->second.until <= clock_.steady()) return std::nullopt;
  return found->second.addresses;
}

void Resolver::remember(const std::string& name, Addresses addresses) {
  SteadyTime now = clock_.steady();
  std::lock_guard lock(mutex_);
  std::erase_if(names_, [now](auto& entry) { return entry.second.until <= now; });
  if (names_.size() >= limits::resolved_names_max) names_.erase(names_.begin());
  names_.insert_or_assign(name, Remembered{std::move(addresses), now + limits::resolved_name_age});
}

Task<Result<Addresses>> Resolver::resolve(std::string host, uint16_t port, SteadyTime due, std::stop_token stop) {
  if (auto literal = SocketAddress::from_literal(host, port)) co_return Addresses{*literal};
  std::optional<Addresses> addresses = recall(host);
  if (!addresses) {
    if (shared_->under_way.fetch_add(1) >= limits::lookups_max) {
      shared_->under_way.fetch_sub(1);
      co_return fail("HostNotFound", 502, fmt::format("Could not resolve {}: too many names are being resolved.", host));
    }
    Executor& home = *Executor::current();
    Completion<Result<Addresses>> done(home);
    auto setter = done.setter();
    pool_.post([shared = shared_, host, setter] {
      Result<Addresses> found = shared->lookup(host);
      shared->under_way.fetch_sub(1);
      setter.set(std::move(found));
    });
    Timer late = home.start_timer(due, [=] { setter.set(fail("ConnectTimeout", 504, fmt::format("Resolving {} took too long.", host))); });
    auto cancel = [&] { setter.set(fail("Cancelled", 499, "The request was cancelled while its host was being resolved.")); };
    std::stop_callback on_stop(stop, cancel);
    addresses = co_await (co_await done);
    if (addresses->empty()) co_return fail("HostNotFound", 502, fmt::format("Could not resolve {}: it has no address.", host));
    interleave(*addresses);
    remember(host, *addresses);
  }
  for (SocketAddress& address : *addresses) address.set_port(port);
  co_return std::move(*addresses);
}

}  // namespace outcrop::net
