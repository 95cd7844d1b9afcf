// A request head as untrusted text: "METHOD path query host\nName: value\n…\n\nbody". It must be refused or read, never crash; and
// what is signed from it must verify, whatever stands in it.
#include "auth/authenticator.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "request_text.h"

namespace {

using namespace outcrop;

net::RequestHead read_head(std::string_view& text) {
  net::RequestHead head;
  std::string_view line = take_until(text, '\n');
  head.method = take_until(line, ' ');
  head.path = take_until(line, ' ');
  head.query = take_until(line, ' ');
  head.host = line;
  for (size_t fields = 0; fields < 100 && !text.empty(); ++fields) {
    std::string_view field = take_until(text, '\n');
    if (field.empty()) break;
    std::string name(take_until(field, ':'));
    head.headers.add(std::move(name), std::string(field));
  }
  return head;
}

auth::Authenticator enforcing(const Clock& clock) {
  auth::CredentialsConfig config;
  config.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}};
  return {clock, std::move(*auth::ConfiguredAccessKeys::from(config))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static StandingClock clock;
  static auth::Authenticator open(clock), enforce = enforcing(clock);
  std::string_view body(reinterpret_cast<const char*>(data), size);
  net::RequestHead head = read_head(body);
  auto body_hash = [&] { return hex(sha256(body)); };
  for (auth::Dialect dialect : {auth::Dialect::query, auth::Dialect::rest_json, auth::Dialect::s3}) {
    auth::Addressed addressed{dialect == auth::Dialect::s3 ? "s3" : "sqs", dialect};
    (void)open.authenticate(head, body_hash, addressed);
    (void)enforce.authenticate(head, body_hash, addressed);
  }
  bool had_token = head.headers.find("x-amz-security-token") != nullptr;
  auth::sign(head, {"AKIDEXAMPLE", "secret"}, "us-east-1", "sqs", body_hash(), clock.real_wall());
  auto caller = enforce.authenticate(head, body_hash, {"sqs", auth::Dialect::query});
  // Names that cannot be listed in SignedHeaders cannot be signed; an HTTP parser lets none of them through.
  bool has_odd_names = false;
  for (const net::Header& header : head.headers)
    has_odd_names |= header.name.empty() || header.name.find_first_of(" \t,;=") != std::string::npos;
  check(caller || had_token || has_odd_names || caller.error().code == "IncompleteSignature", "what was signed does not verify");
  return 0;
}
