// The protocol test vectors that the AWS SDKs share, for the protocols this folder speaks. They lie outside the
// project: OUTCROP_CONFORMANCE names the folder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "wire/json_codec.h"
#include "wire/protocol.h"
#include "wire/testing/vector_error.h"

namespace outcrop::wire::testing {
namespace {

std::string_view string_at(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  return found && found->is_string() ? found->as_string() : "";
}

// Members that are null say nothing.
json::Value without_nulls(const json::Value& value) {
  if (!value.is_object()) return value;
  json::Object out;
  for (const json::Member& member : value.as_object()) {
    if (!member.value.is_null()) out.set(member.name(), without_nulls(member.value));
  }
  return json::Value(std::move(out));
}

// One vector with its operation and service as tables.
struct VectorCase {
  explicit VectorCase(const json::Value& from) : given(*from.find("case")), shapes(ShapeSet::from_botocore(*from.find("shapes"))) {
    static constexpr ProtocolKind json_protocols[] = {ProtocolKind::aws_json_1_0};
    service = {.name = "vectors", .api_version = string_at(*from.find("metadata"), "apiVersion"), .protocols = json_protocols};
    const json::Value& facts = *given.find("given");
    operation = {
        .name = string_at(facts, "name"), .method = "POST", .uri = "/", .input = side(facts, "input"), .output = side(facts, "output")};
  }

  const Shape* side(const json::Value& facts, std::string_view which) {
    const json::Value* reference = facts.find(which);
    return reference ? &shapes.at(string_at(*reference, "shape")) : &nothing;
  }

  const json::Value& given;
  ShapeSet shapes;
  Shape nothing = {.kind = Kind::structure};
  ServiceModel service;
  Operation operation;
};

void check_request(VectorCase& vector, const Protocol& protocol) {
  const json::Value& serialized = *vector.given.find("serialized");
  net::RequestHead head{.method = std::string(string_at(serialized, "method")), .path = "/"};
  Dynamic input;
  Missing missing;
  Result<void> decoded =
      protocol.decode(vector.service, vector.operation, {.head = head, .body = string_at(serialized, "body")}, &input, missing);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(to_parameters(*vector.operation.input, &input), *vector.given.find("params"));
}

void check_answer(VectorCase& vector, const Protocol& protocol) {
  const json::Value& response = *vector.given.find("response");
  const json::Value* result = vector.given.find("result");
  Dynamic output = from_parameters(*vector.operation.output, *result);
  Response encoded = protocol.encode(vector.service, vector.operation, &output, "request");
  EXPECT_EQ(encoded.head.status, response.find("status_code")->as_int64());
  // What we write is what clients would have read from the vector: both are read by the tables.
  Dynamic ours, theirs;
  Missing missing;
  ASSERT_TRUE(read_json(*vector.operation.output, encoded.body, JsonNames::model, &ours, missing)) << encoded.body;
  ASSERT_TRUE(read_json(*vector.operation.output, string_at(response, "body"), JsonNames::model, &theirs, missing));
  EXPECT_EQ(to_parameters(*vector.operation.output, &ours), to_parameters(*vector.operation.output, &output));
  EXPECT_EQ(without_nulls(to_parameters(*vector.operation.output, &theirs)), without_nulls(*result));
}

// What an error's body says beside which error it is.
json::Value without_type(std::string_view body) {
  json::Value read = json::parse(body.empty() ? "{}" : body).value();
  for (std::string_view name : {"__type", "code"}) read.as_object().erase(name);
  return read;
}

void check_error(const json::Value& from, VectorCase& vector, const Protocol& protocol) {
  VectorError error(from, vector.shapes);
  std::string code(string_at(vector.given, "errorCode"));
  Response encoded = protocol.encode_fault(&vector.service, error.fault(code), "request");
  EXPECT_EQ(encoded.head.status, error.status());
  EXPECT_EQ(string_at(json::parse(encoded.body).value(), "__type"), code);
  EXPECT_TRUE(without_type(encoded.body) == without_type(string_at(*vector.given.find("response"), "body"))) << encoded.body;
}

TEST(ProtocolVectors, OfAwsJsonAreReadAndWritten) {
  const char* folder = std::getenv("OUTCROP_CONFORMANCE");
  if (!folder) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  std::ifstream file(std::string(folder) + "/botocore_protocols/cases.jsonl");
  ASSERT_TRUE(file.good());
  using Counts = std::map<std::string_view, int>;
  Counts checked;
  for (std::string line; std::getline(file, line);) {
    auto from = json::parse(line);
    ASSERT_TRUE(from);
    if (string_at(*from, "protocol") != "json") continue;
    SCOPED_TRACE(string_at(*from, "id"));
    VectorCase vector(*from);
    bool newer = string_at(*from->find("metadata"), "jsonVersion") == "1.1";
    const Protocol& protocol = newer ? aws_json_1_1() : aws_json_1_0();
    if (vector.given.find("given")->find("requestcompression")) {
      ++checked["compressed requests without their body"];  // gzip_test.cc and core/api_front_test.cc send some
    } else if (string_at(*from, "direction") == "input") {
      ++checked["requests"];
      check_request(vector, protocol);
    } else if (vector.given.find("errorCode")) {
      ++checked["errors"];
      check_error(*from, vector, protocol);
    } else {
      ++checked["answers"];
      check_answer(vector, protocol);
    }
  }
  EXPECT_EQ(checked, (Counts{{"requests", 38}, {"answers", 41}, {"errors", 14}, {"compressed requests without their body", 1}}));
}

// EC2's dialect of the query protocol is that of no service Outcrop has: its vectors are not tried.
TEST(ProtocolVectors, AllHaveATestButThoseOfEc2) {
  const char* folder = std::getenv("OUTCROP_CONFORMANCE");
  if (!folder) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  std::ifstream file(std::string(folder) + "/botocore_protocols/cases.jsonl");
  std::map<std::string, int, std::less<>> vectors;
  for (std::string line; std::getline(file, line);) ++vectors[std::string(string_at(json::parse(line).value(), "protocol"))];
  EXPECT_EQ(vectors, (decltype(vectors){
                         {"ec2", 31}, {"json", 94}, {"query", 46}, {"rest-json", 117}, {"rest-xml", 107}, {"smithy-rpc-v2-cbor", 33}}));
}

}  // namespace
}  // namespace outcrop::wire::testing
