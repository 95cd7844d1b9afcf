// Identity: who acts, as every layer above authentication sees it.
#pragma once
#include <string>

namespace outcrop {

struct Identity {
  enum class Kind { root, user, role, service, anonymous };
  Kind kind = Kind::root;
  std::string account = "000000000000";  // 12 digits
  std::string arn;                       // "arn:aws:iam::000000000000:root"; of a service its principal, "sns.amazonaws.com"
  std::string user_id;                   // root: the account; else AIDA…/AROA…:session
  std::string access_key_id;
};

}  // namespace outcrop
