// DecodeAuthorizationMessage: what a service sealed into a refusal for administrators to read (auth::Sessions::encode_message).
#include "gen/sts/decode_authorization_message.h"

#include "gen/sts/errors.h"
#include "services/sts/session/permission.h"
#include "services/sts/sts.h"

namespace outcrop::sts {

Task<Result<DecodeAuthorizationMessageOutput>> decode_authorization_message(Sts& sts, Call& call, DecodeAuthorizationMessageInput input) {
  const auth::PolicyContext context = auth::context_of(call.identity, facts_of(call));
  co_await check_allowed(call, {call.identity, "sts:DecodeAuthorizationMessage", "*", call.account(), context});
  std::optional<std::string> message = sts.sessions()->decode_message(input.encoded_message);
  if (!message) co_return fail(invalid_authorization_message_exception("The encoded message is not one of this server's."));
  co_return DecodeAuthorizationMessageOutput{.decoded_message = std::move(message)};
}

}  // namespace outcrop::sts
