// GetCallerIdentity: who the credentials of this request belong to. The first call of most tools, and the one
// that needs no permission at all.
#include "gen/sts/get_caller_identity.h"

#include "core/call.h"
#include "services/sts/sts.h"

namespace outcrop::sts {

Task<Result<GetCallerIdentityOutput>> get_caller_identity(Sts&, Call& call, GetCallerIdentityInput) {
  co_return GetCallerIdentityOutput{.user_id = call.identity.user_id, .account = call.identity.account, .arn = call.identity.arn};
}

}  // namespace outcrop::sts
