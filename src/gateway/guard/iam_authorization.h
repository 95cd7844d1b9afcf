// IAM decides who may connect: the handshake is signed, in its headers or, by browsers, in its query (Guide, "Control access to WebSocket
// APIs with IAM authorization"). In open mode every handshake is let through, as every call is; who signed it is believed.
#pragma once
#include "auth/authenticator.h"
#include "core/world.h"
#include "gateway/event/route_event.h"

namespace outcrop::gateway {

class IamAuthorization {
 public:
  // Both must outlive it.
  IamAuthorization(World& world, auth::Authenticator& authenticator) : world_(world), authenticator_(authenticator) {}

  // Adds who signed to `connection`'s record. Faults: 403 and those of a signature, which the event has too.
  Result<void> authorize(RouteEvent& event, ConnectionContext& connection);

 private:
  Result<auth::Caller> authenticate(RouteEvent& event);
  Result<void> check_policies(RouteEvent& event, const Identity& identity);

  World& world_;
  auth::Authenticator& authenticator_;
};

}  // namespace outcrop::gateway
