// restJson1: a JSON object each way, beside labels, queries and headers; or one member as the whole body.
#include <fmt/format.h>

#include "base/encoding.h"
#include "wire/blame.h"
#include "wire/error.h"
#include "wire/error_writing.h"
#include "wire/http_binding.h"
#include "wire/json_codec.h"
#include "wire/payload_format.h"
#include "wire/protocol.h"

namespace outcrop::wire {
namespace {

std::unexpected<Fault> unreadable(std::string message) { return fail("SerializationException", 400, std::move(message)); }

// AWS's services take JSON without a type, but not under a wrong one.
Result<void> check_is_json(const net::Headers& headers) {
  if (!headers.find("content-type")) return {};
  std::string type = media_type_of(headers);
  if (type.empty() || type == "application/json" || type.starts_with("application/x-amz-json-")) return {};
  return fail("UnsupportedMediaTypeException", 415, fmt::format("The content type {} is not supported: send application/json", type));
}

Result<bool> read_payload(const Member& member, const Request& request, void* input, Missing& missing) {
  switch (member.shape->kind) {
    case Kind::string:
    case Kind::blob:
      if (request.body.empty()) return false;
      if (member.shape->kind == Kind::string && !is_valid_utf8(request.body)) return unreadable("The body is not valid UTF-8");
      static_cast<std::string*>(member.emplace(input))->assign(request.body);
      return true;
    default:
      break;
  }
  if (is_blank(request.body)) return false;
  if (Result<void> json = check_is_json(request.head.headers); !json) return fail(std::move(json.error()));
  Result<void> read = read_json_value(*member.shape, request.body, JsonNames::wire, member.emplace(input), missing, Path().child(member));
  if (!read) return fail(std::move(read.error()));
  return true;
}

class RestJson final : public Protocol {
 public:
  Result<void> decode(const ServiceModel& service, const Operation& operation, const Request& request, void* input,
                      Missing& missing) const override {
    const Shape& shape = *operation.input;
    auto bound = read_bindings(shape, request, input);
    if (!bound) return unreadable(std::move(bound.error()));
    uint64_t seen = *bound;
    if (size_t payload = payload_position(shape); payload != no_payload) {
      Result<bool> came = read_payload(shape.members[payload], request, input, missing);
      if (!came) return fail(std::move(came.error()));
      if (*came) seen |= Missing::bit(payload);
    } else if (has_body_members(shape) && !is_blank(request.body)) {
      if (Result<void> json = check_is_json(request.head.headers); !json) return json;
      return read_json(shape, request.body, JsonNames::wire, input, missing, seen);
    }
    missing.note(shape, seen, Path());
    return {};
  }

  Response encode(const ServiceModel& service, const Operation& operation, const void* output, std::string_view request_id) const override {
    const Shape& shape = *operation.output;
    Response response{.head = {.status = operation.status, .headers = {{"x-amzn-RequestId", std::string(request_id)}}}};
    write_bindings(shape, output, response.head);
    if (!status_allows_body(response.head.status)) return response;
    if (size_t payload = payload_position(shape); payload != no_payload) {
      write_payload(shape.members[payload], output, response);
    } else if (has_body_members(shape) || (shape.members.empty() && !shape.name.empty())) {
      set_type(response, "application/json");
      json::Writer writer(response.body);
      write_json(shape, output, JsonNames::wire, writer);
    }
    return response;
  }

  Response encode_fault(const ServiceModel* service, const Fault& fault, std::string_view request_id) const override {
    const ErrorShape* known = service ? service->find_error(fault.code) : nullptr;
    Response response{.head = {.status = fault.status}};
    response.head.headers.add("x-amzn-RequestId", std::string(request_id));
    response.head.headers.add("x-amzn-ErrorType", fault.code);
    const ErrorDetails* details = details_of(fault);
    if (known && !details && fault.message.empty() && known->blame_name.empty()) return response;  // has nothing to say
    response.head.headers.add("content-type", "application/json");
    if (details) write_bindings(details->shape, details->structure(), response.head);
    json::Writer writer(response.body);
    writer.begin_object();
    if (known && !known->blame_name.empty() && says_blame(fault)) {
      writer.name(known->blame_name);
      writer.string(known->sender ? "User" : "Service");
    }
    write_error_members(fault, known ? known->message_name : "message", JsonNames::wire, writer);
    writer.end_object();
    return response;
  }

  const PayloadFormat* payload_format() const override { return &rest_json_payload; }

 private:
  // A member that is bound to the type comes first.
  static void set_type(Response& response, std::string_view type) {
    if (!response.head.headers.find("content-type")) response.head.headers.add("content-type", std::string(type));
  }

  static void write_payload(const Member& member, const void* output, Response& response) {
    const void* value = member.get(output);
    if (!value) return;
    if (member.shape->kind == Kind::string || member.shape->kind == Kind::blob) {
      set_type(response, member.shape->kind == Kind::string ? "text/plain" : "application/octet-stream");
      response.body = *static_cast<const std::string*>(value);
      return;
    }
    set_type(response, "application/json");
    json::Writer writer(response.body);
    write_json_value(*member.shape, value, JsonNames::wire, writer);
  }
};

}  // namespace

const Protocol& rest_json_1() {
  static const RestJson protocol;
  return protocol;
}

}  // namespace outcrop::wire
