// Protocol: how one AWS protocol writes inputs, outputs and errors in HTTP. Each is one .cc over the shape
// tables; protocol.cc names them all.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "wire/operation.h"

namespace outcrop::wire {

struct PayloadFormat;

// A label of an operation's URI as it stands in the path, still percent-encoded.
struct Label {
  std::string_view name, value;
};

struct Request {
  const net::RequestHead& head;
  std::string_view body;               // whole, decompressed
  std::span<const Label> labels = {};  // of the route
};

struct Response {
  net::ResponseHead head;
  std::string body;
};

class Protocol {
 public:
  virtual ~Protocol() = default;

  // Fills `input`, a fresh struct of operation.input. Faults with what AWS answers to a body it cannot read
  // (SerializationException, MalformedInput, …). Notes required members that did not come in `missing`.
  virtual Result<void> decode(const ServiceModel& service, const Operation& operation, const Request& request, void* input,
                              Missing& missing) const = 0;
  // `output` is a struct of operation.output.
  virtual Response encode(const ServiceModel& service, const Operation& operation, const void* output,
                          std::string_view request_id) const = 0;
  // `service` is null when the request was not even routed.
  virtual Response encode_fault(const ServiceModel* service, const Fault& fault, std::string_view request_id) const = 0;
  // How it writes messages of event streams; null when it has none.
  virtual const PayloadFormat* payload_format() const { return nullptr; }
};

// The protocol of a kind, or null when Outcrop does not speak it yet.
const Protocol* protocol_of(ProtocolKind kind);

// Each in its own file.
const Protocol& aws_json_1_0();
const Protocol& aws_json_1_1();
const Protocol& aws_query();
const Protocol& rest_json_1();
const Protocol& rest_xml();
const Protocol& rpc_v2_cbor();

// Fills absent members marked as idempotency tokens with `uuid()`, as SDKs do; what Python and curl callers omit.
void fill_idempotency_tokens(const Shape& shape, void* structure, Missing& missing, const std::function<std::string()>& uuid);

}  // namespace outcrop::wire
