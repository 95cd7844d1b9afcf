// Roles as STS sees them: an ARN, from which the names of its sessions are made.
#pragma once
#include <string>
#include <string_view>

#include "core/call.h"
#include "gen/sts/assume_role.h"

namespace outcrop::sts {

struct Role {
  std::string arn;      // "arn:aws:iam::111122223333:role/path/reader"
  std::string account;  // 12 digits
  std::string name;     // "reader"
  std::string id;       // "AROA…": until IAM gives out ids, made of the ARN

  std::string session_arn(std::string_view session_name) const;
  std::string session_id(std::string_view session_name) const { return id + ":" + std::string(session_name); }
};

// Fault: ValidationError 400 when it is no role's ARN.
Result<Role> parse_role(std::string_view arn);

// Faults with AccessDenied 403 unless the caller may assume it as asked for, which takes sts:AssumeRole, with tags sts:TagSession and with
// a source identity sts:SetSourceIdentity. Until IAM knows roles: callers of the role's account may, within their session policies, but
// not federated users. In open mode everybody may.
Result<void> check_may_assume(const Call& call, const Role& role, const AssumeRoleInput& input);

}  // namespace outcrop::sts
