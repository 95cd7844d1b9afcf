// awsJson1_0 and awsJson1_1: one JSON object each way, the operation named in X-Amz-Target.
#include "wire/error_writing.h"
#include "wire/json_codec.h"
#include "wire/payload_format.h"
#include "wire/protocol.h"
#include "wire/query_codes.h"

namespace outcrop::wire {
namespace {

class AwsJson final : public Protocol {
 public:
  explicit AwsJson(std::string_view content_type) : content_type_(content_type) {}

  Result<void> decode(const ServiceModel& service, const Operation& operation, const Request& request, void* input,
                      Missing& missing) const override {
    return read_json(*operation.input, request.body, JsonNames::model, input, missing);
  }

  Response encode(const ServiceModel& service, const Operation& operation, const void* output, std::string_view request_id) const override {
    Response response = respond(200, request_id);
    if (operation.output->name.empty()) return response;  // no output in the model: an empty body
    json::Writer writer(response.body);
    write_json(*operation.output, output, JsonNames::model, writer);
    return response;
  }

  Response encode_fault(const ServiceModel* service, const Fault& fault, std::string_view request_id) const override {
    const ErrorShape* known = service ? service->find_error(fault.code) : nullptr;
    Response response = respond(fault.status, request_id);
    add_query_error(service, known, fault, response.head.headers);
    json::Writer writer(response.body);
    writer.begin_object();
    writer.name("__type");
    writer.string(type_of(service, known, fault.code));
    write_error_members(fault, known ? known->message_name : "message", JsonNames::model, writer);
    writer.end_object();
    return response;
  }

  const PayloadFormat* payload_format() const override { return &aws_json_payload; }

 private:
  Response respond(int status, std::string_view request_id) const {
    Response response{.head = {.status = status}};
    response.head.headers.reserve(3);
    response.head.headers.add("x-amzn-RequestId", std::string(request_id));
    response.head.headers.add("content-type", std::string(content_type_));
    return response;
  }

  // Services that name their errors with a namespace have the framework's errors in the framework's.
  static std::string type_of(const ServiceModel* service, const ErrorShape* known, const std::string& code) {
    if (known) return std::string(known->type);
    if (!service || service->error_namespace.empty()) return code;
    return "com.amazon.coral.service#" + code;
  }

  const std::string_view content_type_;
};

}  // namespace

const Protocol& aws_json_1_0() {
  static const AwsJson protocol("application/x-amz-json-1.0");
  return protocol;
}

const Protocol& aws_json_1_1() {
  static const AwsJson protocol("application/x-amz-json-1.1");
  return protocol;
}

}  // namespace outcrop::wire
