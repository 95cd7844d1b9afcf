// Policy documents as untrusted text: whatever parses must evaluate, to a decision that a denial of everybody overrules.
#include "auth/policy.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Identity user{Identity::Kind::user, "111122223333", "arn:aws:iam::111122223333:user/alice", "AIDAEXAMPLEEXAMPLE", ""};
  auth::PolicyContext context = auth::context_of(user, {"127.0.0.1", "fuzz", "us-east-1", true, instant_from_ms(1'795'374'812'000)});
  auth::AccessRequest request{user, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:orders", "111122223333", context};
  for (auth::PolicyKind kind : {auth::PolicyKind::identity, auth::PolicyKind::resource, auth::PolicyKind::trust}) {
    auto document = auth::parse_policy(text, kind);
    if (!document) continue;
    auth::Decision decision = auth::authorize(request, {}, &*document);
    check(!auth::denial_message(request, decision, "sqs:sendmessage").empty(), "a decision without words");
    std::vector<auth::PolicyDocument> policies = {*document};
    (void)auth::authorize(request, policies, nullptr);

    auth::Statement& denial = document->statements.emplace_back();
    denial.principals = {{auth::PolicyPrincipal::Kind::anyone, ""}};
    denial.actions = {"*"};
    check(auth::authorize(request, {}, &*document).outcome == auth::Outcome::explicitly_denied, "a denial did not win");
  }
  return 0;
}
