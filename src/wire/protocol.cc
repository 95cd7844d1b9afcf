// The protocols by kind, and what all of them share.
#include "wire/protocol.h"

#include <algorithm>

namespace outcrop::wire {

const Protocol* protocol_of(ProtocolKind kind) {
  switch (kind) {
    case ProtocolKind::aws_json_1_0:
      return &aws_json_1_0();
    case ProtocolKind::aws_json_1_1:
      return &aws_json_1_1();
    case ProtocolKind::aws_query:
      return &aws_query();
    case ProtocolKind::rest_json_1:
      return &rest_json_1();
    case ProtocolKind::rest_xml:
      return &rest_xml();
    case ProtocolKind::rpc_v2_cbor:
      return &rpc_v2_cbor();
  }
  return nullptr;
}

void fill_idempotency_tokens(const Shape& shape, void* structure, Missing& missing, const std::function<std::string()>& uuid) {
  for (const Member& member : shape.members) {
    if (!member.is(Member::idempotency_token)) continue;
    if (member.is(Member::required)) {
      auto absent = std::ranges::find(missing.paths, member.name);
      if (absent == missing.paths.end()) continue;
      missing.paths.erase(absent);
    } else if (member.get(structure)) {
      continue;
    }
    *static_cast<std::string*>(member.emplace(structure)) = uuid();
  }
}

}  // namespace outcrop::wire
