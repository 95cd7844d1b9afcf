#include "core/router.h"

#include <algorithm>

#include "base/check.h"

namespace outcrop {

void Router::add(std::string path_prefix, net::Handler& handler, Takes takes) {
  check(path_prefix.starts_with('/') && path_prefix.ends_with('/'), "a route's prefix starts and ends with '/'");
  auto behind = std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.path_prefix.size() < path_prefix.size(); });
  entries_.insert(behind, {std::move(path_prefix), &handler, std::move(takes)});
}

void Router::add_first(net::Handler& handler, Takes takes) { first_.push_back({"", &handler, std::move(takes)}); }

Task<void> Router::serve(net::Exchange& exchange) {
  for (const Entry& entry : first_) {
    if (entry.takes(exchange.head())) return entry.handler->serve(exchange);
  }
  const std::string_view path = exchange.head().path;
  for (const Entry& entry : entries_) {
    const std::string_view without_slash = std::string_view(entry.path_prefix).substr(0, entry.path_prefix.size() - 1);
    if (!path.starts_with(entry.path_prefix) && path != without_slash) continue;
    if (!entry.takes || entry.takes(exchange.head())) return entry.handler->serve(exchange);
  }
  return otherwise_.serve(exchange);
}

}  // namespace outcrop
