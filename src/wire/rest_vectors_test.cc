// The protocol test vectors that the AWS SDKs share, for restJson1 and restXml. They lie outside the project:
// OUTCROP_CONFORMANCE names the folder.
#include <gtest/gtest.h>

#include <fstream>

#include "base/encoding.h"
#include "wire/http_binding.h"
#include "wire/route.h"
#include "wire/testing/vector_error.h"

namespace outcrop::wire::testing {
namespace {

constexpr ProtocolKind json_kinds[] = {ProtocolKind::rest_json_1};
constexpr ProtocolKind xml_kinds[] = {ProtocolKind::rest_xml};
constexpr Shape nothing = {.kind = Kind::structure};

std::string_view text_of(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  return found && found->is_string() ? found->as_string() : "";
}

int status_in(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  return found ? static_cast<int>(found->as_int64().value()) : 200;
}

// One vector, with its operation and service as tables.
class RestVector {
 public:
  explicit RestVector(const json::Value& from)
      : given(*from.find("case")), shapes_(ShapeSet::from_botocore(*from.find("shapes"))), protocol_(text_of(from, "protocol")) {
    const json::Value& facts = *given.find("given");
    const json::Value& http = *facts.find("http");
    operation = {.name = text_of(facts, "name"), .method = text_of(http, "method"), .uri = text_of(http, "requestUri")};
    operation.status = status_in(http, "responseCode");
    operation.input = side(facts, "input");
    operation.output = side(facts, "output");
    unbind_request_places();
    service = {.name = "vectors", .signing_name = "vectors", .protocols = kinds(), .operations = {&operation, 1}};
  }
  RestVector(const RestVector&) = delete;

  const Protocol& protocol() const { return *protocol_of(kinds().front()); }
  const ShapeSet& shapes() const { return shapes_; }

  const json::Value& given;
  Operation operation;
  ServiceModel service;

 private:
  std::span<const ProtocolKind> kinds() const { return protocol_ == "rest-json" ? json_kinds : xml_kinds; }
  const Shape* side(const json::Value& facts, std::string_view name) const {
    const json::Value* reference = facts.find(name);
    return reference ? &shapes_.at(text_of(*reference, "shape")) : &nothing;
  }

  // Of an answer only headers and the status are bound.
  void unbind_request_places() {
    output_ = *operation.output;
    members_.assign(output_.members.begin(), output_.members.end());
    for (Member& member : members_) {
      if (member.location == Location::path || member.location == Location::query) member.location = Location::body;
    }
    output_.members = members_;
    operation.output = &output_;
  }

  ShapeSet shapes_;
  const std::string_view protocol_;
  Shape output_ = nothing;
  std::vector<Member> members_;
};

net::Headers headers_of(const json::Value& message) {
  net::Headers headers;
  if (const json::Value* given = message.find("headers")) {
    for (const json::Member& header : given->as_object()) headers.add(std::string(header.name()), std::string(header.value.as_string()));
  }
  return headers;
}

net::RequestHead head_of(const json::Value& serialized) {
  std::string_view uri = text_of(serialized, "uri"), host = text_of(serialized, "host");
  // Below a path in the endpoint's URL, which is taken off before requests are routed.
  if (size_t slash = host.find('/'); slash != std::string_view::npos) uri.remove_prefix(host.size() - slash);
  size_t question = uri.find('?');
  net::RequestHead head = {.method = std::string(text_of(serialized, "method")), .path = std::string(uri.substr(0, question))};
  if (question != std::string_view::npos) head.query = uri.substr(question + 1);
  head.headers = headers_of(serialized);
  return head;
}

// Clients cannot tell an empty structure as payload from none, nor do they say what is null.
json::Value as_clients_say(const Shape& shape, const json::Value& parameters) {
  json::Object out;
  for (const json::Member& member : parameters.as_object()) {
    size_t payload = payload_position(shape);
    bool is_payload = payload != no_payload && shape.members[payload].name == member.name();
    bool is_empty = member.value.is_object() && member.value.as_object().empty();
    if (!member.value.is_null() && !(is_payload && is_empty)) out.set(member.name(), member.value);
  }
  return json::Value(std::move(out));
}

// Servers put all parameters into a map of parameters, clients only those without a member of their own.
void leave_out_bound_parameters(const Shape& shape, const json::Value& expected, json::Value& read) {
  for (const Member& map : shape.members) {
    if (map.location != Location::query || map.shape->kind != Kind::map || !read.find(map.name)) continue;
    const json::Value* wanted = expected.find(map.name);
    for (const Member& bound : shape.members) {
      if (!wanted || !wanted->find(bound.wire_name)) read.find(map.name)->as_object().erase(bound.wire_name);
    }
    if (!wanted && read.find(map.name)->as_object().empty()) read.as_object().erase(map.name);
  }
}

void check_rest_request(RestVector& vector) {
  const json::Value& serialized = *vector.given.find("serialized");
  net::RequestHead head = head_of(serialized);
  Router router({&vector.service});
  auto route = router.route(head, "", text_of(serialized, "body"));
  ASSERT_TRUE(route) << head.path;
  EXPECT_EQ(route->protocol, &vector.protocol());
  Dynamic input;
  Missing missing;
  Result<void> decoded = route->protocol->decode(
      vector.service, vector.operation, {.head = head, .body = text_of(serialized, "body"), .labels = route->labels}, &input, missing);
  ASSERT_TRUE(decoded) << decoded.error().message;
  json::Value read = as_clients_say(*vector.operation.input, to_parameters(*vector.operation.input, &input));
  json::Value expected = as_clients_say(*vector.operation.input, *vector.given.find("params"));
  leave_out_bound_parameters(*vector.operation.input, expected, read);
  EXPECT_TRUE(read == expected) << json::write(read) << "\n" << json::write(expected);
}

// An answer read as if it were a request: with headers and a body.
json::Value read_back(const RestVector& vector, const net::Headers& headers, std::string_view body) {
  net::RequestHead head = {.method = "POST", .path = "/", .headers = headers};
  Operation operation = {.input = vector.operation.output};
  Dynamic output;
  Missing missing;
  Result<void> decoded = vector.protocol().decode(vector.service, operation, {.head = head, .body = body}, &output, missing);
  EXPECT_TRUE(decoded) << decoded.error().message << "\n" << body;
  return as_clients_say(*operation.input, to_parameters(*operation.input, &output));
}

void check_rest_answer(RestVector& vector) {
  const json::Value& response = *vector.given.find("response");
  const json::Value& result = *vector.given.find("result");
  Dynamic output = from_parameters(*vector.operation.output, result);
  Response encoded = vector.protocol().encode(vector.service, vector.operation, &output, "request");
  EXPECT_EQ(encoded.head.status, status_in(response, "status_code"));
  net::Headers headers = headers_of(response);
  for (const net::Header& header : headers) {
    if (ascii_equal_ignoring_case(header.name, "content-length")) continue;
    bool has_body = !ascii_equal_ignoring_case(header.name, "content-type") || !encoded.body.empty();
    if (has_body) EXPECT_EQ(encoded.head.headers.get(header.name), header.value) << header.name;
  }
  json::Value expected = as_clients_say(*vector.operation.output, result);
  for (const Member& member : vector.operation.output->members) {
    if (member.location == Location::status_code) expected.as_object().erase(member.name);
  }
  json::Value ours = read_back(vector, encoded.head.headers, encoded.body);
  json::Value theirs = read_back(vector, headers, text_of(response, "body"));
  EXPECT_TRUE(ours == expected) << encoded.body << "\n" << json::write(ours) << "\n" << json::write(expected);
  EXPECT_TRUE(theirs == expected) << json::write(theirs) << "\n" << json::write(expected);
}

void check_rest_error(const json::Value& from, RestVector& vector) {
  VectorError error(from, vector.shapes());
  std::string code(text_of(vector.given, "errorCode"));
  const json::Value& response = *vector.given.find("response");
  Response encoded = vector.protocol().encode_fault(&vector.service, error.fault(code), "request");
  EXPECT_EQ(encoded.head.status, error.status());
  EXPECT_EQ(encoded.head.headers.get("x-amzn-errortype"), code);
  EXPECT_EQ(encoded.head.headers.get("x-header"), headers_of(response).get("x-header"));
  std::string_view body = text_of(response, "body");
  json::Value theirs = json::parse(body.empty() ? "{}" : body).value();
  for (std::string_view name : {"__type", "code"}) theirs.as_object().erase(name);
  EXPECT_TRUE(json::parse(encoded.body).value() == theirs) << encoded.body;
}

// By protocol: requests, answers, errors.
struct RestCounts {
  std::string protocol;
  int requests, answers, errors;
};

class RestVectors : public ::testing::TestWithParam<RestCounts> {};

TEST_P(RestVectors, AreReadAndWritten) {
  const char* folder = std::getenv("OUTCROP_CONFORMANCE");
  if (!folder) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  std::ifstream file(std::string(folder) + "/botocore_protocols/cases.jsonl");
  ASSERT_TRUE(file.good());
  int requests = 0, answers = 0, errors = 0;
  for (std::string line; std::getline(file, line);) {
    auto from = json::parse(line);
    ASSERT_TRUE(from);
    if (text_of(*from, "protocol") != GetParam().protocol) continue;
    SCOPED_TRACE(text_of(*from, "id"));
    RestVector vector(*from);
    if (text_of(*from, "direction") == "input") {
      ++requests;
      check_rest_request(vector);
    } else if (vector.given.find("errorCode")) {
      ++errors;
      check_rest_error(*from, vector);
    } else {
      ++answers;
      check_rest_answer(vector);
    }
  }
  EXPECT_EQ(requests, GetParam().requests);
  EXPECT_EQ(answers, GetParam().answers);
  EXPECT_EQ(errors, GetParam().errors);
}

INSTANTIATE_TEST_SUITE_P(Protocols, RestVectors, ::testing::Values(RestCounts{"rest-json", 68, 41, 8}, RestCounts{"rest-xml", 61, 46, 0}),
                         [](const auto& info) { return info.param.protocol == "rest-json" ? "RestJson" : "RestXml"; });

}  // namespace
}  // namespace outcrop::wire::testing
