// The published vectors of the query protocol, read from the folder that OUTCROP_CONFORMANCE names.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "wire/date_text.h"
#include "wire/protocol.h"
#include "wire/testing/vector_error.h"
#include "wire/xml_reader.h"

namespace outcrop::wire {
namespace {

using testing::Dynamic;
using testing::ShapeSet;

std::vector<json::Value> query_vectors(std::string_view direction) {
  std::vector<json::Value> vectors;
  std::string folder = std::getenv("OUTCROP_CONFORMANCE");
  std::ifstream file(folder + "/botocore_protocols/cases.jsonl");
  for (std::string line; std::getline(file, line);) {
    json::Value vector = json::parse(line).value();
    if (vector.find("protocol")->as_string() == "query" && vector.find("direction")->as_string() == direction)
      vectors.push_back(std::move(vector));
  }
  EXPECT_FALSE(vectors.empty()) << "no vectors in " << folder;
  return vectors;
}

// A member of a member, or null.
const json::Value* look_up(const json::Value& value, std::initializer_list<std::string_view> names) {
  const json::Value* at = &value;
  for (std::string_view name : names)
    if (at) at = at->find(name);
  return at;
}

std::string_view text_at(const json::Value& value, std::initializer_list<std::string_view> names) {
  const json::Value* at = look_up(value, names);
  return at && at->is_string() ? at->as_string() : "";
}

// What a client sees of an element, as JSON: without namespaces and blank text, timestamps as instants, map entries by key.
json::Value seen(const XmlElement& element) {
  if (!element.first_child()) {
    auto at = parse_date_time(element.text());
    return at ? json::Value(ms_since_epoch(*at)) : json::Value(element.text());
  }
  json::Object object;
  for (auto child = element.first_child(); child; child = child->next()) {
    std::string name(child->name());
    auto key = child->find("key") ? child->find("key") : child->find("K");
    if (name == "entry" && key) name += " " + std::string(key->text());
    json::Value& all = object[name];
    if (all.is_null()) all = json::Value::array();
    all.as_array().push_back(seen(*child));
  }
  return object;
}

json::Value seen(std::string_view xml) {
  auto document = XmlDocument::parse(xml);
  EXPECT_TRUE(document) << document.error().message() << " in " << xml;
  return document ? seen(document->root()) : json::Value();
}

using Counts = std::map<std::string_view, int>;
constexpr Shape nothing = {.kind = Kind::structure};

const Shape& side(const json::Value& vector, std::string_view which, const ShapeSet& shapes) {
  std::string_view name = text_at(vector, {"case", "given", which, "shape"});
  return name.empty() ? nothing : shapes.at(name);
}

void check_request(const json::Value& vector, std::string_view body) {
  ShapeSet shapes = ShapeSet::from_botocore(*vector.find("shapes"));
  Operation operation{.name = text_at(vector, {"case", "given", "name"}), .input = &side(vector, "input", shapes)};
  ServiceModel service;
  net::RequestHead head{.method = "POST", .path = "/"};
  Dynamic input;
  Missing missing;
  Result<void> done = aws_query().decode(service, operation, {.head = head, .body = body}, &input, missing);
  ASSERT_TRUE(done) << done.error().message;
  json::Value expected = *look_up(vector, {"case", "params"});
  if (!body.contains("MapArg")) expected.as_object().erase("MapArg");  // a form cannot tell an empty map from none
  json::Value read = testing::to_parameters(*operation.input, &input);
  EXPECT_TRUE(read == expected) << json::write(read) << "\n" << json::write(expected);
}

void check_answer(const json::Value& vector, std::string_view expected) {
  ShapeSet shapes = ShapeSet::from_botocore(*vector.find("shapes"));
  std::string wrapper = std::string(text_at(vector, {"case", "given", "name"})) + "Result";
  Operation operation{
      .name = text_at(vector, {"case", "given", "name"}), .result_wrapper = wrapper, .output = &side(vector, "output", shapes)};
  ServiceModel service{.xml_namespace = "https://example.com/"};
  Dynamic output = testing::from_parameters(*operation.output, *look_up(vector, {"case", "result"}));
  std::string body = aws_query().encode(service, operation, &output, "id").body;
  json::Value ours = seen(body);
  ours.as_object().erase("ResponseMetadata");
  // Where there is nothing to say the vectors have no body at all.
  json::Value theirs = expected.empty() ? json::Value(json::Object{{wrapper, json::Array{json::Value("")}}}) : seen(expected);
  EXPECT_TRUE(ours == theirs) << body << "\n" << expected;
}

void check_error(const json::Value& vector, std::string_view expected) {
  ShapeSet shapes = ShapeSet::from_botocore(*vector.find("shapes"));
  testing::VectorError error(vector, shapes);
  Response encoded = aws_query().encode_fault(nullptr, error.fault(std::string(text_at(vector, {"case", "errorCode"}))), "foo-id");
  EXPECT_EQ(encoded.head.status, error.status());
  json::Value ours = seen(encoded.body);
  json::Object& said = ours.find("Error")->as_array().at(0).as_object();
  said.erase("Detail");  // AWS's answers have an empty one
  if (!expected.contains("<Message>")) said.erase("Message");
  EXPECT_TRUE(ours == seen(expected)) << encoded.body << "\n" << expected;
}

class QueryVectors : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("OUTCROP_CONFORMANCE")) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  }
  Counts counts;
};

TEST_F(QueryVectors, RequestsAreReadAsTheirParameters) {
  for (const json::Value& vector : query_vectors("input")) {
    SCOPED_TRACE(text_at(vector, {"id"}));
    std::string_view body = text_at(vector, {"case", "serialized", "body"});
    ++counts[body.empty() ? "compressed, without their body" : "read"];
    if (!body.empty()) check_request(vector, body);
  }
  EXPECT_EQ(counts, (Counts{{"compressed, without their body", 1}, {"read", 20}}));
}

TEST_F(QueryVectors, AnswersAreWrittenAsTheVectorsShowThem) {
  for (const json::Value& vector : query_vectors("output")) {
    SCOPED_TRACE(text_at(vector, {"id"}));
    std::string_view expected = text_at(vector, {"case", "response", "body"});
    const bool is_error = look_up(vector, {"case", "errorCode"}) != nullptr;
    ++counts[is_error ? "errors" : "answers"];
    is_error ? check_error(vector, expected) : check_answer(vector, expected);
  }
  EXPECT_EQ(counts, (Counts{{"answers", 23}, {"errors", 2}}));
}

}  // namespace
}  // namespace outcrop::wire
