// A Bedrock API key as untrusted text: the URL in a short-term key, and the same text as the whole header. It is refused unless it is
// signed, whatever stands in it.
#include "auth/authenticator.h"
#include "auth/bearer_keys.h"
#include "auth/presigned_query.h"
#include "base/check.h"
#include "base/encoding.h"
#include "enforced.h"
#include "request_text.h"

namespace {

using namespace outcrop;

Result<auth::Caller> call_with(auth::Authenticator& authenticator, std::string authorization) {
  net::RequestHead head = {.method = "POST", .path = "/model/m/invoke", .host = "localhost:4566"};
  head.headers.add("authorization", std::move(authorization));
  return authenticator.authenticate(head, [] { return std::string(auth::empty_body_hash); }, {"bedrock", auth::Dialect::rest_json});
}

std::string short_term_key(const net::RequestHead& url) {
  return "Bearer bedrock-api-key-" + base64(url.host + url.path + "?" + url.query + "&Version=1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static StandingClock clock;
  static auth::Authenticator enforce(clock, one_key()), open(clock);
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const std::string& key : {"Bearer " + text, "Bearer bedrock-api-key-" + text, "Bearer bedrock-api-key-" + base64(text)}) {
    Result<auth::Caller> caller = call_with(enforce, key);
    check(!caller || text.contains("X-Amz-Signature"), "a key that is not signed was accepted");
    (void)call_with(open, key);
  }
  std::optional<net::RequestHead> url = auth::presigned_request_of("bedrock-api-key-" + base64(text));
  if (!url || url->query.contains("X-Amz-")) return 0;
  auth::presign(*url, {"AKIDEXAMPLE", "secret"}, "us-east-1", "bedrock", auth::empty_body_hash, {clock.real_wall()});
  check(call_with(enforce, short_term_key(*url)).has_value(), "what was presigned does not verify");
  return 0;
}
