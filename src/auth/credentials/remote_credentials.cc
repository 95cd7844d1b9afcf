#include "auth/credentials/remote_credentials.h"

#include <fmt/format.h>

#include "auth/credentials/limits.h"
#include "base/encoding.h"
#include "json/json.h"
#include "store/files.h"
#include "wire/date_text.h"
#include "wire/xml_reader.h"

namespace outcrop::auth {

namespace {

// The addresses of ECS and of EKS Pod Identity (AWS SDKs and Tools reference guide).
constexpr std::string_view container_host = "http://169.254.170.2";
constexpr std::string_view container_addresses[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1", "localhost"};
constexpr std::string_view instance_host = "http://169.254.169.254";
constexpr std::string_view instance_token_seconds = "21600";
constexpr std::string_view security_credentials = "/latest/meta-data/iam/security-credentials/";

// The body of an answer with status 200.
Task<Result<std::string>> fetch(const CredentialWorld& world, net::ClientRequest request, Milliseconds timeout) {
  const std::string place = fmt::format("{}://{}", request.url.scheme(), request.url.authority());
  request.deadline = world.clock.steady() + timeout;
  request.may_be_repeated = true;
  auto exchange = co_await keep(world.clients.current().send(std::move(request)));
  if (!exchange) co_return no_credentials(fmt::format("{} cannot be asked: {}", place, exchange.error().message));
  auto body = co_await keep((*exchange)->read_whole(credential_answer_bytes_max));
  if (!body) co_return no_credentials(fmt::format("the answer of {} broke off: {}", place, body.error().message));
  const int status = (*exchange)->head().status;
  if (status != 200) co_return no_credentials(fmt::format("{} answered {}", place, status));
  co_return std::move(*body);
}

Result<net::ClientRequest> request_of(std::string method, std::string_view url) {
  auto parsed = net::parse_url(url);
  if (!parsed) return no_credentials(fmt::format("'{}' is no URL: {}", url, parsed.error().message));
  return net::ClientRequest{.method = std::move(method), .url = std::move(*parsed)};
}

Result<IssuedCredentials> issued(std::string key_id, std::string secret, std::string token, std::string_view expires) {
  if (key_id.empty() || secret.empty()) return no_credentials("the answer holds no credentials");
  IssuedCredentials credentials{{std::move(key_id), std::move(secret), std::move(token)}, {}};
  if (expires.empty()) return credentials;
  auto at = wire::parse_date_time(expires);
  if (!at) return no_credentials(fmt::format("the end of the credentials is no time: {}", at.error()));
  credentials.expires = *at;
  return credentials;
}

// {"AccessKeyId": …, "SecretAccessKey": …, "Token": …, "Expiration": …}
Result<IssuedCredentials> read_issued(std::string_view text) {
  const auto answer = json::parse(text);
  if (!answer || !answer->is_object()) return no_credentials("the answer is no JSON object");
  auto member = [&](std::string_view name) {
    const json::Value* value = answer->find(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  const std::string code = member("Code");
  if (!code.empty() && code != "Success") return no_credentials(fmt::format("the answer says {}", code));
  return issued(member("AccessKeyId"), member("SecretAccessKey"), member("Token"), member("Expiration"));
}

bool may_be_asked_plainly(const net::Url& url) {
  return url.host.starts_with("127.") ? net::parse_ip(url.host).has_value() : std::ranges::count(container_addresses, url.host) > 0;
}

Task<Result<std::string>> container_token(const CredentialWorld& world) {
  if (auto file = world.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
    co_return co_await keep(read_credential_file(world, std::move(*file)));
  co_return world.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
}

std::string_view without_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' - 1 && c < 0x7f; });
}

std::string form_of(const WebIdentityRole& role, std::string_view token) {
  const std::string session = role.session_name.empty() ? "outcrop" : role.session_name;
  return fmt::format("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={}&RoleSessionName={}&WebIdentityToken={}",
                     percent_encode(role.role_arn), percent_encode(session), percent_encode(token));
}

Result<IssuedCredentials> read_assumed(std::string_view text) {
  const auto document = wire::XmlDocument::parse(text);
  if (!document) return no_credentials("the answer of STS is no XML");
  const auto result = document->root().find("AssumeRoleWithWebIdentityResult");
  const auto credentials = result ? result->find("Credentials") : std::nullopt;
  if (!credentials) return no_credentials("the answer of STS holds no credentials");
  auto member = [&](std::string_view name) {
    const auto element = credentials->find(name);
    return element ? std::string(element->text()) : std::string();
  };
  return issued(member("AccessKeyId"), member("SecretAccessKey"), member("SessionToken"), member("Expiration"));
}

}  // namespace

std::string_view domain_of_region(std::string_view region) { return region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com"; }

Task<Result<std::string>> read_credential_file(const CredentialWorld& world, std::string path) {
  auto read = [&] { return store::read_file(path, credential_file_bytes_max); };
  Result<std::optional<std::string>> text = co_await keep(world.pool.run(read));
  if (!text) co_return no_credentials(text.error().message);
  if (!*text) co_return no_credentials(fmt::format("there is no file {}", path));
  co_return std::move(**text);
}

Task<Result<IssuedCredentials>> container_credentials(const CredentialWorld& world) {
  const auto relative = world.environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url =
      relative ? std::string(container_host) + *relative : world.environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").value_or("");
  net::ClientRequest request = co_await request_of("GET", url);
  if (!request.url.tls && !may_be_asked_plainly(request.url)) {
    co_return no_credentials(
        fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {}, which is neither https nor an address of this machine's", url));
  }
  const std::string token = co_await container_token(world);
  if (!is_field_value(without_end(token))) co_return no_credentials("the container's authorization token is not one line of text");
  if (!token.empty()) request.headers.add("authorization", std::string(without_end(token)));
  const std::string answer = co_await fetch(world, std::move(request), credential_request_timeout);
  co_return read_issued(answer);
}

Task<Result<IssuedCredentials>> instance_credentials(const CredentialWorld& world) {
  std::string host = world.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(std::string(instance_host));
  while (host.ends_with('/')) host.pop_back();
  net::ClientRequest open = co_await request_of("PUT", host + "/latest/api/token");
  open.headers.add("x-aws-ec2-metadata-token-ttl-seconds", std::string(instance_token_seconds));
  const std::string token = co_await fetch(world, std::move(open), instance_request_timeout);

  net::ClientRequest list = co_await request_of("GET", host + std::string(security_credentials));
  list.headers.add("x-aws-ec2-metadata-token", token);
  const std::string roles = co_await fetch(world, list, instance_request_timeout);
  const std::string_view role = without_end(std::string_view(roles).substr(0, roles.find('\n')));

  net::ClientRequest get = std::move(list);
  get.url.target += percent_encode(role);
  const std::string answer = co_await fetch(world, std::move(get), instance_request_timeout);
  co_return read_issued(answer);
}

Task<Result<IssuedCredentials>> web_identity_credentials(const CredentialWorld& world, const WebIdentityRole& role) {
  const std::string token = co_await read_credential_file(world, role.token_file);
  const std::string url =
      world.environment("AWS_ENDPOINT_URL_STS").value_or(fmt::format("https://sts.{}.{}/", role.region, domain_of_region(role.region)));
  net::ClientRequest request = co_await request_of("POST", url);
  request.headers.add("content-type", "application/x-www-form-urlencoded");
  request.body = form_of(role, without_end(token));
  const std::string answer = co_await fetch(world, std::move(request), credential_request_timeout);
  co_return read_assumed(answer);
}

}  // namespace outcrop::auth
