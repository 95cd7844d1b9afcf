// restXml: XML each way, beside labels, queries and headers; or one member as the whole body. S3 is the one service
// of weight that speaks it, so what the protocol leaves open is as S3 has it.
#include <fmt/format.h>

#include "base/encoding.h"
#include "wire/error.h"
#include "wire/error_writing.h"
#include "wire/http_binding.h"
#include "wire/payload_format.h"
#include "wire/protocol.h"
#include "wire/xml_shapes.h"

namespace outcrop::wire {
namespace {

// S3's words; what follows them says where, which S3 leaves to guess.
std::unexpected<Fault> malformed_xml(std::string_view problem) {
  return fail("MalformedXML", 400,
              fmt::format("The XML you provided was not well-formed or did not validate against our published schema: {}", problem));
}

bool is_white(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

Result<bool> read_xml_payload(const Member& member, const Request& request, void* input, Missing& missing) {
  if (!member.shape->is_structure()) {
    if (request.body.empty()) return false;
    if (member.shape->kind == Kind::string && !is_valid_utf8(request.body)) {
      return fail("InvalidRequest", 400, "The body is not valid UTF-8");
    }
    static_cast<std::string*>(member.emplace(input))->assign(request.body);
    return true;
  }
  if (is_white(request.body)) return false;
  auto document = XmlDocument::parse(request.body);
  if (!document) return malformed_xml(document.error().message());
  auto read = read_xml_members(document->root(), *member.shape, member.emplace(input), missing, Path().child(member));
  if (!read) return malformed_xml(read.error());
  return true;
}

class RestXml final : public Protocol {
 public:
  Result<void> decode(const ServiceModel& service, const Operation& operation, const Request& request, void* input,
                      Missing& missing) const override {
    const Shape& shape = *operation.input;
    auto bound = read_bindings(shape, request, input);
    if (!bound) return fail("InvalidArgument", 400, std::move(bound.error()));
    uint64_t seen = *bound;
    if (size_t payload = payload_position(shape); payload != no_payload) {
      Result<bool> came = read_xml_payload(shape.members[payload], request, input, missing);
      if (!came) return fail(std::move(came.error()));
      if (*came) seen |= Missing::bit(payload);
    } else if (has_body_members(shape) && !is_white(request.body)) {
      auto document = XmlDocument::parse(request.body);
      if (!document) return malformed_xml(document.error().message());
      auto read = read_xml_members(document->root(), shape, input, missing, Path(), seen);
      if (!read) return malformed_xml(read.error());
      return {};
    }
    missing.note(shape, seen, Path());
    return {};
  }

  Response encode(const ServiceModel& service, const Operation& operation, const void* output, std::string_view request_id) const override {
    const Shape& shape = *operation.output;
    Response response{.head = {.status = operation.status}};
    add_request_id(response, &service, request_id);
    write_bindings(shape, output, response.head);
    if (!status_allows_body(response.head.status)) return response;
    if (size_t payload = payload_position(shape); payload != no_payload) {
      write_payload(service, shape.members[payload], output, response);
    } else if (operation.is_output_unwrapped) {
      write_unwrapped(service, shape, output, response);
    } else if (has_body_members(shape)) {
      write_root(response, shape.xml_name.empty() ? shape.name : shape.xml_name, namespace_of(service, shape), shape, output);
    }
    return response;
  }

  Response encode_fault(const ServiceModel* service, const Fault& fault, std::string_view request_id) const override {
    const ErrorShape* known = service ? service->find_error(fault.code) : nullptr;
    std::string_view code = known && !known->code.empty() ? known->code : std::string_view(fault.code);
    bool is_bare = service && service->bare_errors;
    Response response{.head = {.status = fault.status}};
    add_request_id(response, service, request_id);
    if (const ErrorDetails* details = details_of(fault)) write_bindings(details->shape, details->structure(), response.head);
    XmlWriter writer = begin_document(response);
    if (!is_bare) {
      writer.open("ErrorResponse");
      if (service && !service->xml_namespace.empty()) writer.xml_namespace(service->xml_namespace);
    }
    writer.open("Error");
    if (!is_bare) writer.element("Type", (known ? known->sender : fault.is_senders()) ? "Sender" : "Receiver");
    writer.element("Code", code);
    write_error_members(fault, writer);
    if (!is_bare) writer.close("Error");
    writer.element("RequestId", request_id);
    if (is_bare) writer.element("HostId", host_id(request_id));
    writer.close(is_bare ? "Error" : "ErrorResponse");
    return response;
  }

  const PayloadFormat* payload_format() const override { return &xml_payload; }

 private:
  // S3 names the host that answered too, as opaque text.
  static std::string host_id(std::string_view request_id) { return base64(fmt::format("outcrop/{}", request_id)); }

  static void add_request_id(Response& response, const ServiceModel* service, std::string_view request_id) {
    if (service && service->bare_errors) {
      response.head.headers.add("x-amz-request-id", std::string(request_id));
      response.head.headers.add("x-amz-id-2", host_id(request_id));
    } else {
      response.head.headers.add("x-amzn-RequestId", std::string(request_id));
    }
  }

  static void set_type(Response& response, std::string_view type) {
    if (!response.head.headers.find("content-type")) response.head.headers.add("content-type", std::string(type));
  }

  static XmlWriter begin_document(Response& response) {
    set_type(response, "application/xml");
    response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    return XmlWriter(response.body);
  }

  static std::string_view namespace_of(const ServiceModel& service, const Shape& shape) {
    return shape.xml_namespace.empty() ? service.xml_namespace : shape.xml_namespace;
  }

  static void write_root(Response& response, std::string_view name, std::string_view xml_namespace, const Shape& shape, const void* value) {
    XmlWriter writer = begin_document(response);
    writer.open(name);
    if (!xml_namespace.empty()) writer.xml_namespace(xml_namespace);
    if (value) write_xml_content(writer, shape, value);
    writer.close(name);
  }

  // Its element is called as the member where the model gives that a name of its own, else as the shape.
  static std::string_view root_name(const Member& member) {
    if (member.wire_name != member.name) return member.wire_name;
    return member.shape->xml_name.empty() ? member.shape->name : member.shape->xml_name;
  }

  static void write_payload(const ServiceModel& service, const Member& member, const void* output, Response& response) {
    const void* value = member.get(output);
    if (!value) return;
    if (!member.shape->is_structure()) {
      set_type(response, member.shape->kind == Kind::string ? "text/plain" : "application/octet-stream");
      response.body = *static_cast<const std::string*>(value);
      return;
    }
    std::string_view xml_namespace = member.xml_namespace.empty() ? namespace_of(service, *member.shape) : member.xml_namespace;
    write_root(response, root_name(member), xml_namespace, *member.shape, value);
  }

  // S3's GetBucketLocation: the one member is the root.
  static void write_unwrapped(const ServiceModel& service, const Shape& shape, const void* output, Response& response) {
    const Member& member = shape.members.front();
    write_root(response, member.wire_name, service.xml_namespace, *member.shape, member.get(output));
  }
};

}  // namespace

const Protocol& rest_xml() {
  static const RestXml protocol;
  return protocol;
}

}  // namespace outcrop::wire
