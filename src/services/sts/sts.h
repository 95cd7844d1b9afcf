// Sts: the AWS Security Token Service. One file beside this is one operation; what they share about the sessions they make is in
// session/.
//
// It keeps one record, global/sts/secret: what session tokens are sealed with. A session itself is its token (auth/sessions.h), so that
// none is stored and none can be forgotten.
#pragma once
#include <memory>
#include <string_view>

#include "auth/access_keys.h"
#include "auth/sessions.h"
#include "auth/web_identity.h"
#include "core/call.h"
#include "core/world.h"

namespace outcrop::sts {

// What the configuration says.
struct StsOptions {
  std::shared_ptr<const auth::AccessKeys> keys = {};  // long-term ones; null in open mode
  auth::WebIdentities web_identities = auth::WebIdentities();
};

class Sts {
 public:
  Sts(World& world, StsOptions options) : world_(world), options_(std::move(options)) {}

  // Reads or makes the secret. Before anything else.
  Task<Result<void>> start();

  const std::shared_ptr<const auth::Sessions>& sessions() const { return sessions_; }
  const auth::AccessKeys* keys() const { return options_.keys.get(); }
  const auth::WebIdentities& web_identities() const { return options_.web_identities; }

 private:
  World& world_;
  const StsOptions options_;
  std::shared_ptr<const auth::Sessions> sessions_;
};

}  // namespace outcrop::sts
