#include "services/lambda/code/code_front.h"

#include <fmt/format.h>

#include <charconv>
#include <span>

#include "base/digest.h"
#include "base/encoding.h"
#include "services/lambda/code/limits.h"

namespace outcrop::lambda {

namespace {

constexpr size_t secret_bytes = 32;
constexpr std::string_view expires_parameter = "Expires=", signature_parameter = "&Signature=";

std::unexpected<Fault> refused(std::string_view why) { return fail("AccessDenied", 403, std::string(why)); }

// "Expires=1800000600&Signature=…", as location() writes it.
std::optional<std::pair<std::string_view, std::string_view>> read_query(std::string_view query) {
  if (!query.starts_with(expires_parameter)) return std::nullopt;
  query.remove_prefix(expires_parameter.size());
  const size_t at = query.find(signature_parameter);
  if (at == std::string_view::npos) return std::nullopt;
  return std::pair{query.substr(0, at), query.substr(at + signature_parameter.size())};
}

}  // namespace

CodeFront::CodeFront(World& world) : world_(world), secret_(secret_bytes, '\0') {
  world_.random.fill(std::as_writable_bytes(std::span(secret_)));
}

std::string CodeFront::signature(std::string_view blob, std::string_view expires) const {
  return hex(hmac_sha256(secret_, fmt::format("{}/{}", blob, expires)));
}

std::optional<std::string> CodeFront::location(const Call& call, const CodeRecord& code) const {
  if (code.blob.empty()) return std::nullopt;
  const std::string expires = std::to_string(seconds_since_epoch(world_.clock.wall() + limits::code_location_life));
  return fmt::format("{}{}{}?{}{}{}{}", call.endpoint, path_prefix, code.blob, expires_parameter, expires, signature_parameter,
                     signature(code.blob, expires));
}

Result<std::string_view> CodeFront::blob_of(const net::RequestHead& head) const {
  if (head.method != "GET" && head.method != "HEAD") return fail("MethodNotAllowed", 405, "The package of a function can be read only.");
  const auto query = read_query(head.query);
  if (!query) return refused("The URL is not one that GetFunction gave.");
  const auto [expires, given] = *query;
  const std::string_view blob = std::string_view(head.path).substr(path_prefix.size());
  if (!equal_in_constant_time(signature(blob, expires), given)) return refused("The URL is not one that GetFunction gave.");
  int64_t seconds = 0;
  std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
  if (seconds < seconds_since_epoch(world_.clock.wall())) return refused("The URL has expired.");
  return blob;
}

Task<Result<std::unique_ptr<store::BlobReader>>> CodeFront::open(const net::RequestHead& head) {
  const std::string_view blob = co_await blob_of(head);
  co_return co_await keep(world_.blobs.open(blob));
}

Task<Result<void>> CodeFront::send(net::Exchange& exchange, store::BlobReader& package) {
  net::ResponseHead head{.status = 200, .headers = {{"content-type", "application/zip"}, {"cache-control", "no-store"}}};
  co_await exchange.start(std::move(head), package.size());
  while (exchange.head().method == "GET") {
    const std::string part = co_await package.next();
    if (part.empty()) break;
    co_await exchange.write(part);
  }
  co_return co_await keep(exchange.finish());
}

Task<void> CodeFront::serve(net::Exchange& exchange) {
  const Result<std::unique_ptr<store::BlobReader>> package = co_await keep(open(exchange.head()));
  if (package) {
    if (!co_await keep(send(exchange, **package))) exchange.abort();
    co_return;
  }
  net::ResponseHead head{.status = package.error().status, .headers = {{"content-type", "text/plain"}}};
  if (!co_await keep(exchange.respond(std::move(head), package.error().message + "\n"))) exchange.abort();
}

}  // namespace outcrop::lambda
