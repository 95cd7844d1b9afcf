#include "gateway/event/http_integration.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "gateway/event/limits.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view default_type = "application/json";

// "{name}" in the path becomes the mapped parameter of that name; others stay as they are, which a URL cannot have.
std::string with_path_parameters(std::string_view uri, const MappedRequest& request) {
  std::string path;
  while (true) {
    const size_t begin = uri.find('{');
    const size_t end = begin == uri.npos ? uri.npos : uri.find('}', begin);
    if (end == uri.npos) break;
    const auto given = request.path.find(uri.substr(begin + 1, end - begin - 1));
    path += uri.substr(0, begin);
    path += given != request.path.end() ? percent_encode(given->second) : std::string(uri.substr(begin, end - begin + 1));
    uri.remove_prefix(end + 1);
  }
  path += uri;
  return path;
}

std::string with_query(std::string uri, const MappedRequest& request) {
  const std::string query = query_of(request);
  if (!query.empty()) uri += (uri.contains('?') ? '&' : '?') + query;
  return uri;
}

// GET and HEAD ask without a body.
bool has_body(std::string_view method) { return method != "GET" && method != "HEAD"; }

bool took_too_long(const Fault& fault) { return fault.status == 504; }

}  // namespace

std::string endpoint_url(std::string_view uri, const MappedRequest& request) {
  return with_query(with_path_parameters(uri, request), request);
}

Task<Result<IntegrationResult>> ask_endpoint(World& world, net::HttpClients& clients, HttpCall call) {
  net::Url url = co_await net::parse_url(call.url);
  net::ClientRequest request{.method = std::move(call.method), .url = std::move(url), .headers = std::move(call.headers)};
  if (has_body(request.method)) {
    request.body = std::move(call.body);
    if (!request.headers.find("content-type")) request.headers.add("content-type", std::string(default_type));
  }
  if (!request.headers.find("user-agent")) request.headers.add("user-agent", "AmazonAPIGateway");
  request.deadline = world.clock.steady() + call.time_max;
  request.stop = std::move(call.stop);
  auto exchange = co_await keep(clients.current().send(std::move(request)));
  if (!exchange) co_return fail(took_too_long(exchange.error()) ? integration_timed_out() : std::move(exchange.error()));
  auto body = co_await keep((*exchange)->read_whole(limits::http_answer_bytes_max));
  if (!body) co_return fail(took_too_long(body.error()) ? integration_timed_out() : std::move(body.error()));
  const net::ResponseHead& head = (*exchange)->head();
  co_return IntegrationResult{.status = head.status, .headers = head.headers, .body = std::move(*body)};
}

}  // namespace outcrop::gateway
