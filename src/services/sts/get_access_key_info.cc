// GetAccessKeyInfo: the account of an access key id. It needs no permission.
#include "gen/sts/get_access_key_info.h"

#include "auth/access_key_id.h"
#include "auth/authenticator.h"
#include "services/sts/session/wording.h"
#include "services/sts/sts.h"

namespace outcrop::sts {

Task<Result<GetAccessKeyInfoOutput>> get_access_key_info(Sts& sts, Call& call, GetAccessKeyInfoInput input) {
  if (auto key = sts.keys() ? sts.keys()->find(input.access_key_id, {}) : nullptr)
    co_return GetAccessKeyInfoOutput{.account = key->identity.account};
  std::optional<std::string> account = auth::account_of_access_key_id(input.access_key_id);
  if (!account && !call.enforced) account = auth::default_account;  // where such a key calls from in open mode
  if (!account) co_return fail(validation_error(fmt::format("Invalid access key id: {}", input.access_key_id)));
  co_return GetAccessKeyInfoOutput{.account = std::move(account)};
}

}  // namespace outcrop::sts
