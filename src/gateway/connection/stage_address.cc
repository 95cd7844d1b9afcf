#include "gateway/connection/stage_address.h"

#include "base/encoding.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view api_host_mark = ".execute-api.";

// Takes the first segment off a path: "/a/b" becomes "/b".
std::string_view take_segment(std::string_view& path) {
  if (!path.starts_with('/')) return {};
  const size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(1, end - 1);
  path.remove_prefix(end);
  return segment;
}

StageAddress address_of(std::string_view api_id, std::string_view path) {
  const std::string_view stage = take_segment(path);
  return {std::string(api_id), percent_decode(stage).value_or(std::string(stage)), std::string(path)};
}

}  // namespace

std::optional<StageAddress> StageAddress::of(std::string_view host, std::string_view path) {
  if (path.starts_with(path_prefix)) {
    path.remove_prefix(path_prefix.size() - 1);
    const std::string_view api_id = take_segment(path);
    return address_of(api_id, path);
  }
  const std::string name = bare_host(host);
  const size_t mark = name.find(api_host_mark);
  if (mark == std::string::npos || mark == 0) return std::nullopt;
  return address_of(std::string_view(name).substr(0, mark), path);
}

std::string bare_host(std::string_view host) {
  const size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  std::string name = ascii_lower(host.substr(0, has_port ? colon : host.size()));
  if (name.ends_with('.')) name.pop_back();
  return name;
}

bool is_connections_path(std::string_view path) {
  const size_t id = path.rfind('/');
  if (id == std::string_view::npos || id == 0) return false;
  const std::string_view before = path.substr(0, id);
  return before.ends_with("/@connections") || before.ends_with("/%40connections");
}

}  // namespace outcrop::gateway
