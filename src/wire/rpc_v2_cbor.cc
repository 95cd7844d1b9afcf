// rpcv2Cbor: POST /service/NAME/operation/NAME, one CBOR map each way, and a header that names the protocol.
#include <fmt/format.h>

#include <algorithm>

#include "wire/cbor_shapes.h"
#include "wire/cbor_writer.h"
#include "wire/error_writing.h"
#include "wire/http_binding.h"
#include "wire/payload_format.h"
#include "wire/protocol.h"
#include "wire/query_codes.h"

namespace outcrop::wire {
namespace {

bool has_stream(const Shape& shape) {
  return std::ranges::any_of(shape.members, [](const Member& member) { return member.location == Location::stream; });
}

class RpcV2Cbor final : public Protocol {
 public:
  Result<void> decode(const ServiceModel& service, const Operation& operation, const Request& request, void* input,
                      Missing& missing) const override {
    std::string type = media_type_of(request.head.headers);
    if (!request.body.empty() && type != "application/cbor" && !has_stream(*operation.input))
      return fail("UnsupportedMediaTypeException", 415, fmt::format("The content type '{}' is not supported: send application/cbor", type));
    return read_cbor(*operation.input, request.body, input, missing);
  }

  Response encode(const ServiceModel& service, const Operation& operation, const void* output, std::string_view request_id) const override {
    Response response = respond(200, request_id);
    if (operation.output->name.empty()) return response;  // no output in the model: an empty body
    response.head.headers.add("content-type", "application/cbor");
    write_cbor(*operation.output, output, response.body);
    return response;
  }

  Response encode_fault(const ServiceModel* service, const Fault& fault, std::string_view request_id) const override {
    const ErrorShape* known = service ? service->find_error(fault.code) : nullptr;
    Response response = respond(fault.status, request_id);
    response.head.headers.add("content-type", "application/cbor");
    add_query_error(service, known, fault, response.head.headers);
    CborWriter writer(response.body);
    writer.begin_open_map();
    writer.text("__type");
    writer.text(known ? known->type : std::string_view(fault.code));
    write_error_members(fault, known ? known->message_name : "message", writer);
    writer.end_open();
    return response;
  }

  const PayloadFormat* payload_format() const override { return &cbor_payload; }

 private:
  static Response respond(int status, std::string_view request_id) {
    return {.head = {.status = status, .headers = {{"x-amzn-RequestId", std::string(request_id)}, {"smithy-protocol", "rpc-v2-cbor"}}}};
  }
};

}  // namespace

const Protocol& rpc_v2_cbor() {
  static const RpcV2Cbor protocol;
  return protocol;
}

}  // namespace outcrop::wire
