// A request line with a query as untrusted text: "METHOD path query host". It must be refused or read, never crash; and what is presigned
// from it must verify.
#include "auth/presigned_query.h"
#include "auth/authenticator.h"
#include "auth/query_parameters.h"
#include "auth/sigv2_query.h"
#include "base/check.h"
#include "enforced.h"
#include "request_text.h"

using namespace outcrop;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static StandingClock clock;
  static auth::Authenticator open(clock), enforce(clock, one_key());
  std::string_view text(reinterpret_cast<const char*>(data), size);
  net::RequestHead head;
  head.method = take_until(text, ' ');
  head.path = take_until(text, ' ');
  head.query = take_until(text, ' ');
  head.host = text;
  auto no_body = [] { return std::string(auth::empty_body_hash); };
  (void)auth::scope_service(head);
  for (auth::Dialect dialect : {auth::Dialect::query, auth::Dialect::s3}) {
    auth::Addressed addressed{dialect == auth::Dialect::s3 ? "s3" : "sts", dialect};
    (void)open.authenticate(head, no_body, addressed);
    (void)enforce.authenticate(head, no_body, addressed);
  }
  (void)auth::presigned_request_of("bedrock-api-key-" + head.query);
  bool had_signature = auth::has_presigned_query(head) || head.query.contains("X-Amz-");
  auth::presign(head, {"AKIDEXAMPLE", "secret"}, "us-east-1", "sts", auth::empty_body_hash, {clock.real_wall()});
  auto caller = enforce.authenticate(head, no_body, {"sts", auth::Dialect::query});
  check(caller || had_signature, "what was presigned does not verify");
  return 0;
}
