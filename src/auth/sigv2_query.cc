#include "auth/sigv2_query.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "auth/query_parameters.h"
#include "auth/refusal.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

// Parameters that are part of the resource, sorted: what they name is another object than the plain path.
constexpr std::string_view sub_resources[] = {
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
};

bool is_amz_name(std::string_view name) { return name.starts_with("x-amz-"); }

// A header that was signed travels in the query when the URL is to be enough.
std::string header_or_parameter(const net::RequestHead& head, std::string_view name) {
  if (std::optional<std::string_view> value = find_query_parameter(head.query, name, true))
    return percent_decode(*value).value_or(std::string(*value));
  return std::string(head.headers.get(name));
}

std::string canonical_amz_headers(const net::RequestHead& head) {
  std::map<std::string, std::string> values;
  auto add = [&](std::string name, std::string_view value) {
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    std::string& all = values[std::move(name)];
    if (!all.empty()) all += ',';
    all += value;
  };
  for (const net::Header& header : head.headers) {
    std::string name = ascii_lower(header.name);
    if (is_amz_name(name)) add(std::move(name), header.value);
  }
  for_each_query_parameter(head.query, [&](std::string_view raw_name, std::string_view value) {
    std::string name = ascii_lower(raw_name);
    if (is_amz_name(name)) add(std::move(name), percent_decode(value).value_or(std::string(value)));
  });
  std::string text;
  for (const auto& [name, value] : values) text += name + ":" + value + "\n";
  return text;
}

// The path with its bucket, and the sub-resources with their values decoded.
std::string canonical_resource(const net::RequestHead& head, std::string_view bucket) {
  std::string text;
  if (!bucket.empty()) text += "/" + std::string(bucket);
  text += head.path.empty() ? "/" : head.path;
  std::vector<std::pair<std::string_view, std::string_view>> named;
  for_each_query_parameter(head.query, [&](std::string_view name, std::string_view value) {
    if (std::ranges::binary_search(sub_resources, name)) named.emplace_back(name, value);
  });
  std::ranges::sort(named);
  char separator = '?';
  for (const auto& [name, value] : named) {
    text += separator;
    text += name;
    if (!value.empty()) text += "=" + percent_decode(value).value_or(std::string(value));
    separator = '&';
  }
  return text;
}

}  // namespace

bool has_sigv2_query(const net::RequestHead& head) {
  return find_query_parameter(head.query, "AWSAccessKeyId").has_value() && !find_query_parameter(head.query, "SignatureVersion");
}

Result<SigV2Query> parse_sigv2_query(const net::RequestHead& head, Instant now) {
  SigV2Query query{.access_key_id = decoded_query_parameter(head.query, "AWSAccessKeyId"),
                   .expires = decoded_query_parameter(head.query, "Expires"),
                   .signature = decoded_query_parameter(head.query, "Signature"),
                   .security_token = header_or_parameter(head, "x-amz-security-token")};
  if (query.access_key_id.empty() || query.expires.empty() || query.signature.empty())
    return fail("AccessDenied", 403, "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
  int64_t expires = 0;
  auto [end, error] = std::from_chars(query.expires.data(), query.expires.data() + query.expires.size(), expires);
  if (error != std::errc() || end != query.expires.data() + query.expires.size())
    return fail("AccessDenied", 403, fmt::format("Invalid date (should be seconds since epoch): {}", query.expires.substr(0, 64)));
  if (expires < seconds_since_epoch(now)) return fail("AccessDenied", 403, "Request has expired");
  return query;
}

std::string sigv2_string_to_sign(const net::RequestHead& head, const SigV2Query& query, std::string_view bucket) {
  return head.method + "\n" + header_or_parameter(head, "content-md5") + "\n" + header_or_parameter(head, "content-type") + "\n" +
         query.expires + "\n" + canonical_amz_headers(head) + canonical_resource(head, bucket);
}

Result<void> check_sigv2_query(const net::RequestHead& head, const SigV2Query& query, std::string_view secret, std::string_view bucket) {
  std::string expected = base64(hmac_sha1(secret, sigv2_string_to_sign(head, query, bucket)));
  if (equal_in_constant_time(expected, query.signature)) return {};
  return fail(refuse(Dialect::s3, Refusal::signature_mismatch,
                     "The request signature we calculated does not match the signature you provided. Check your key and signing method."));
}

}  // namespace outcrop::auth
