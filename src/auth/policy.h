// Evaluates policies: whether an identity may do an action to a resource, and which statement said so (IAM User Guide,
// "Policy evaluation logic"). Pure: no clock, no store; what conditions see comes in the context.
//
// An explicit deny in any policy wins. Otherwise
//  - within one account an identity policy or the resource policy alone may allow;
//  - across accounts both must allow, the identity's in its account and the resource's in its own;
//  - a service principal or an anonymous caller has no identity policies: the resource policy must allow;
//  - the root of an account may do everything in it that no policy denies;
//  - a session may do what its session policies allow too, unless the resource policy names that very session.
// Until IAM describes users and roles, temporary credentials hold what their account holds, within their session policies.
// A resource policy that names an account trusts that account's administrators to decide: it allows the root, and allows
// other identities of the account only together with their identity policy.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "auth/identity.h"
#include "auth/policy_context.h"
#include "auth/policy_document.h"

namespace outcrop::auth {

struct AccessRequest {
  const Identity& identity;
  std::string_view action;            // "sqs:SendMessage"
  std::string_view resource;          // ARN
  std::string_view resource_account;  // of the owner
  const PolicyContext& context;
};

enum class Outcome {
  allowed,
  explicitly_denied,  // a statement says no
  implicitly_denied,  // no statement says yes
};

struct Decision {
  Outcome outcome = Outcome::implicitly_denied;
  const Statement* statement = nullptr;  // that decided; null when implicit, and for an account's root
  bool by_resource_policy = false;       // where the statement stands or, when implicit, where it is missing
  bool by_session_policy = false;        // the same

  bool is_allowed() const { return outcome == Outcome::allowed; }
};

// `resource_policy` may be null. Statements point into the documents.
Decision authorize(const AccessRequest& request, std::span<const PolicyDocument> identity_policies, const PolicyDocument* resource_policy);

// "User: arn:… is not authorized to perform: sqs:sendmessage on resource: arn:… because no identity-based policy allows the
// sqs:sendmessage action": AWS's text for a denial. `action` as the service writes it in errors.
std::string denial_message(const AccessRequest& request, const Decision& decision, std::string_view action);

}  // namespace outcrop::auth
