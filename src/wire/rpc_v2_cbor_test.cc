#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/encoding.h"
#include "gen/sample/manifest.h"
#include "wire/cbor_shapes.h"
#include "wire/protocol.h"
#include "wire/route.h"

#include "wire/testing/sample_service.h"
#include "wire/testing/vector_error.h"

namespace outcrop::wire {
namespace {

using sample::PutThingInput;
using testing::Dynamic;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ShapeSet;

std::string bytes_of_hex(std::string_view text) { return unhex(text).value(); }

Result<void> read_thing(std::string_view bytes, PutThingInput& input, Missing& missing) {
  return read_cbor(PutThingInput::shape, bytes, &input, missing);
}

TEST(Cbor, ARequestIsReadByTheModelsNames) {
  PutThingInput input;
  Missing missing;
  // {"Name": "abc", "Amount": 5, "At": 1(1.5), "Data": h'01', "Wide": -3, "Unknown": [1, {}]}
  Result<void> read = read_thing(
      bytes_of_hex("bf644e616d656361626366416d6f756e7405624174c1f93e006444617461410164576964652267556e6b6e6f776e8201a0ff"), input, missing);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(input.name, "abc");
  EXPECT_EQ(input.amount, 5);
  EXPECT_EQ(input.at, instant_from_ms(1500));
  EXPECT_EQ(input.data, "\x01");
  EXPECT_EQ(input.wide, -3);
  EXPECT_THAT(missing.paths, ElementsAre());
}

TEST(Cbor, AnEmptyBodyIsAnEmptyInput) {
  for (std::string_view body : {"", "a0", "bfff"}) {
    PutThingInput input;
    Missing missing;
    EXPECT_TRUE(read_thing(bytes_of_hex(body), input, missing)) << body;
    EXPECT_THAT(missing.paths, ElementsAre("Name", "Amount"));
  }
}

TEST(Cbor, ValuesOfAWrongTypeAreRefused) {
  for (std::string_view body : {
           "a1644e616d6501",                      // a number as a string
           "a1644e616d65411",                     // cut off
           "a166416d6f756e74f93e00",              // 1.5 as an integer
           "a166416d6f756e741a80000000",          // 2^31 as an integer
           "a16457696465c249010000000000000000",  // a bignum
           "a162417401",                          // a timestamp without its tag
           "a1624174c201",                        // and with another
           "a1624174c1f97e00",                    // and not a number
           "a16853657474696e6773a0",              // a document
           "80",                                  // no map at all
           "a10102",                              // keys that are no text
       }) {
    PutThingInput input;
    Missing missing;
    std::optional<std::string> bytes = unhex(body.size() % 2 ? std::string(body) + "0" : std::string(body));
    Result<void> read = read_thing(bytes.value(), input, missing);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().code, "SerializationException");
    EXPECT_EQ(read.error().status, 400);
  }
}

TEST(RpcV2Cbor, ContentTypesOtherThanCborAreRefused) {
  const Operation& operation = *sample::model.find_operation("PutThing");
  net::RequestHead head = {.method = "POST", .path = "/"};
  head.headers.add("content-type", "application/json");
  PutThingInput input;
  Missing missing;
  const std::string body = bytes_of_hex("a0");
  EXPECT_EQ(rpc_v2_cbor().decode(sample::model, operation, {.head = head, .body = body}, &input, missing).error().status, 415);
  head.headers.set("content-type", "application/cbor");
  EXPECT_TRUE(rpc_v2_cbor().decode(sample::model, operation, {.head = head, .body = body}, &input, missing));
}

TEST(RpcV2Cbor, AnswersNameTheProtocol) {
  sample::PutThingOutput output = {.thing_id = "t", .created = instant_from_ms(1500)};
  Response response = rpc_v2_cbor().encode(sample::model, *sample::model.find_operation("PutThing"), &output, "id");
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(response.head.headers.get("smithy-protocol"), "rpc-v2-cbor");
  EXPECT_EQ(response.head.headers.get("content-type"), "application/cbor");
  EXPECT_EQ(hex(response.body), "bf675468696e67496461746743726561746564c1fb3ff8000000000000ff");
  sample::DeleteThingOutput nothing;
  response = rpc_v2_cbor().encode(sample::model, *sample::model.find_operation("DeleteThing"), &nothing, "id");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.head.headers.find("content-type"), nullptr);
}

TEST(RpcV2Cbor, AFaultIsATypeAndAMessage) {
  Response response = rpc_v2_cbor().encode_fault(&sample::model, {"ThingNotFound", 404, "No."}, "id");
  EXPECT_EQ(response.head.status, 404);
  EXPECT_EQ(response.body, std::string("\xbf\x66__type\x6dThingNotFound\x67message\x63No.\xff"));
}

TEST(RpcV2Cbor, IsRoutedByItsHeaderAndPath) {
  static constexpr ProtocolKind protocols[] = {ProtocolKind::aws_json_1_1, ProtocolKind::rpc_v2_cbor};
  ServiceModel model = sample::model;
  model.protocols = protocols;
  Router router({&model});
  auto routed = [&](std::string method, std::string path, std::string_view protocol = "rpc-v2-cbor") {
    net::RequestHead head = {.method = std::move(method), .path = std::move(path)};
    head.headers.add("smithy-protocol", std::string(protocol));
    return router.route(head, "", "");
  };
  auto route = routed("POST", "/service/Sample_20260131/operation/PutThing");
  ASSERT_TRUE(route);
  EXPECT_EQ(route->operation->name, "PutThing");
  EXPECT_EQ(route->protocol, &rpc_v2_cbor());
  EXPECT_TRUE(routed("POST", "/prefix/service/Sample_20260131/operation/PutThing"));
  EXPECT_EQ(routed("POST", "/service/Sample_20260131/operation/Fly").error().fault.status, 404);
  EXPECT_EQ(routed("POST", "/service/Other/operation/PutThing").error().fault.status, 404);
  EXPECT_EQ(routed("POST", "/service//operation/PutThing").error().fault.status, 404);
  EXPECT_EQ(routed("POST", "/service/operation/").error().fault.status, 404);
  EXPECT_EQ(routed("GET", "/service/Sample_20260131/operation/PutThing").error().fault.status, 405);
  EXPECT_EQ(routed("POST", "/service/Sample_20260131/operation/PutThing", "rpc-v3").error().fault.status, 404);
  EXPECT_EQ(routed("POST", "/").error().protocol, &rpc_v2_cbor());
}

// --- the vectors that the SDKs share

const json::Value* cbor_vector_at(const json::Value& value, std::initializer_list<std::string_view> names) {
  const json::Value* at = &value;
  for (std::string_view name : names) at = at ? at->find(name) : nullptr;
  return at;
}
std::string cbor_vector_text(const json::Value& value, std::initializer_list<std::string_view> names) {
  const json::Value* at = cbor_vector_at(value, names);
  return at && at->is_string() ? std::string(at->as_string()) : "";
}

json::Value without_null_members(const json::Value& value) {
  if (!value.is_object()) return value;
  json::Object out;
  for (const json::Member& member : value.as_object()) {
    if (!member.value.is_null()) out.set(member.name(), without_null_members(member.value));
  }
  return json::Value(std::move(out));
}

// Numbers by their value: 2.0 is 2.
bool same_values(const json::Value& a, const json::Value& b) {
  if (a.is_number() && b.is_number()) return a.as_double() == b.as_double();
  if (a.is_array() && b.is_array()) {
    if (a.as_array().size() != b.as_array().size()) return false;
    for (size_t i = 0; i < a.as_array().size(); ++i) {
      if (!same_values(a.as_array()[i], b.as_array()[i])) return false;
    }
    return true;
  }
  if (a.is_object() && b.is_object()) {
    if (a.as_object().size() != b.as_object().size()) return false;
    for (const json::Member& member : a.as_object()) {
      const json::Value* other = b.find(member.name());
      if (!other || !same_values(member.value, *other)) return false;
    }
    return true;
  }
  return a == b;
}

struct CborVector {
  explicit CborVector(const json::Value& from) : given(*from.find("case")), shapes(ShapeSet::from_botocore(*from.find("shapes"))) {
    service.query_compatible = cbor_vector_at(from, {"metadata", "awsQueryCompatible"}) != nullptr;
    operation = {.name = "Vector", .method = "POST", .uri = "/", .input = side("input"), .output = side("output")};
  }
  const Shape* side(std::string_view which) {
    std::string name = cbor_vector_text(given, {"given", which, "shape"});
    return name.empty() ? &nothing : &shapes.at(name);
  }

  void check_request() {
    const json::Value* headers = cbor_vector_at(given, {"serialized", "headers"});
    net::RequestHead head{.method = "POST", .path = cbor_vector_text(given, {"serialized", "uri"})};
    for (const json::Member& header : headers->as_object())
      head.headers.add(std::string(header.name()), std::string(header.value.as_string()));
    Dynamic input;
    Missing missing;
    std::string body = unbase64(cbor_vector_text(given, {"serialized", "body"})).value();
    Result<void> decoded = rpc_v2_cbor().decode(service, operation, {.head = head, .body = body}, &input, missing);
    ASSERT_TRUE(decoded) << decoded.error().message;
    json::Value read = testing::to_parameters(*operation.input, &input);
    EXPECT_TRUE(same_values(read, without_null_members(*given.find("params")))) << json::write(read);
  }

  void check_answer() {
    const json::Value& result = *given.find("result");
    Dynamic output = testing::from_parameters(*operation.output, result);
    Response encoded = rpc_v2_cbor().encode(service, operation, &output, "id");
    EXPECT_EQ(encoded.head.headers.get("smithy-protocol"), cbor_vector_text(given, {"response", "headers", "smithy-protocol"}));
    Dynamic ours, theirs;
    Missing missing;
    ASSERT_TRUE(read_cbor(*operation.output, encoded.body, &ours, missing));
    Result<void> read = read_cbor(*operation.output, unbase64(cbor_vector_text(given, {"response", "body"})).value(), &theirs, missing);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(same_values(testing::to_parameters(*operation.output, &ours), without_null_members(result)));
    EXPECT_TRUE(same_values(testing::to_parameters(*operation.output, &theirs), without_null_members(result)));
  }

  void check_error(const json::Value& from) {
    testing::VectorError as_modelled(from, shapes);
    Shape body = {.kind = Kind::structure, .members = members};
    struct Texts {
      std::optional<std::string> type, message;
    } theirs, ours;
    Missing missing;
    ASSERT_TRUE(read_cbor(body, unbase64(cbor_vector_text(given, {"response", "body"})).value(), &theirs, missing));
    // What the service's model says of the error.
    std::string code = cbor_vector_text(given, {"errorCode"}), name = theirs.type->substr(theirs.type->find('#') + 1);
    ErrorShape error = {.name = name, .code = code, .type = *theirs.type, .message_name = "message"};
    service.errors = {&error, 1};
    Response encoded = rpc_v2_cbor().encode_fault(&service, as_modelled.fault(name), "id");
    EXPECT_EQ(encoded.head.status, as_modelled.status());
    ASSERT_TRUE(read_cbor(body, encoded.body, &ours, missing));
    EXPECT_EQ(ours.type, theirs.type);
    EXPECT_EQ(ours.message, theirs.message);
    Dynamic members;
    ASSERT_TRUE(read_cbor(as_modelled.shape(), encoded.body, &members, missing));
    EXPECT_TRUE(same_values(testing::to_parameters(as_modelled.shape(), &members), as_modelled.expected()));
    std::string query_error = cbor_vector_text(given, {"response", "headers", "x-amzn-query-error"});
    if (!query_error.empty()) {
      EXPECT_EQ(encoded.head.headers.get("x-amzn-query-error"), query_error);
    }
  }

  const json::Value& given;
  ShapeSet shapes;
  Shape nothing = {.kind = Kind::structure, .name = "Nothing"};
  ServiceModel service;
  Operation operation;
  static constexpr Member members[] = {
      {.name = "__type", .shape = &shapes::string, .presence = &optional_of<std::string>, .offset = 0},
      {.name = "message", .shape = &shapes::string, .presence = &optional_of<std::string>, .offset = sizeof(std::optional<std::string>)}};
};

TEST(RpcV2CborVectors, AreReadAndWritten) {
  const char* folder = std::getenv("OUTCROP_CONFORMANCE");
  if (!folder) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  std::ifstream file(std::string(folder) + "/botocore_protocols/cases.jsonl");
  ASSERT_TRUE(file.good());
  size_t requests = 0, answers = 0, errors = 0;
  for (std::string line; std::getline(file, line);) {
    json::Value from = json::parse(line).value();
    if (from.find("protocol")->as_string() != "smithy-rpc-v2-cbor") continue;
    SCOPED_TRACE(from.find("id")->as_string());
    CborVector vector(from);
    if (from.find("direction")->as_string() == "input") {
      ++requests;
      vector.check_request();
    } else if (vector.given.find("errorCode")) {
      ++errors;
      vector.check_error(from);
    } else {
      ++answers;
      vector.check_answer();
    }
  }
  EXPECT_EQ(requests, 11u);
  EXPECT_EQ(answers, 19u);
  EXPECT_EQ(errors, 3u);
}

}  // namespace
}  // namespace outcrop::wire
