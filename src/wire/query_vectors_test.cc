// The published vectors of the query protocol, read from the folder that OUTCROP_CONFORMANCE names.
#include <gtest/gtest.h>

#include <fstream>

#include "wire/date_text.h"
#include "wire/protocol.h"
#include "wire/testing/dynamic.h"
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

TEST(QueryVectors, RequestsAreReadAsTheirParameters) {
  if (!std::getenv("OUTCROP_CONFORMANCE")) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  size_t compared = 0;
  for (const json::Value& vector : query_vectors("input")) {
    std::string_view body = text_at(vector, {"case", "serialized", "body"});
    std::string_view name = text_at(vector, {"case", "given", "input", "shape"});
    if (body.empty() || name.empty()) continue;  // no input, or a vector about headers only
    SCOPED_TRACE(text_at(vector, {"id"}));
    ShapeSet shapes = ShapeSet::from_botocore(*vector.find("shapes"));
    Operation operation{.name = text_at(vector, {"case", "given", "name"}), .input = &shapes.at(name)};
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
    ++compared;
  }
  EXPECT_GE(compared, 15u);
}

TEST(QueryVectors, AnswersAreWrittenAsTheVectorsShowThem) {
  if (!std::getenv("OUTCROP_CONFORMANCE")) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: the SDKs' protocol vectors are not checked";
  size_t compared = 0;
  for (const json::Value& vector : query_vectors("output")) {
    const json::Value* result = look_up(vector, {"case", "result"});
    std::string_view name = text_at(vector, {"case", "given", "output", "shape"});
    std::string_view answer = text_at(vector, {"case", "response", "body"});
    if (!result || !result->is_object() || name.empty() || answer.empty()) continue;
    SCOPED_TRACE(text_at(vector, {"id"}));
    ShapeSet shapes = ShapeSet::from_botocore(*vector.find("shapes"));
    std::string wrapper = std::string(text_at(vector, {"case", "given", "name"})) + "Result";
    Operation operation{.name = text_at(vector, {"case", "given", "name"}), .result_wrapper = wrapper, .output = &shapes.at(name)};
    ServiceModel service{.xml_namespace = "https://example.com/"};
    Dynamic output = testing::from_parameters(*operation.output, *result);
    std::string body = aws_query().encode(service, operation, &output, "id").body;
    json::Value ours = seen(body);
    ours.as_object().erase("ResponseMetadata");
    EXPECT_TRUE(ours == seen(answer)) << body << "\n" << answer;
    ++compared;
  }
  EXPECT_GE(compared, 15u);
}

}  // namespace
}  // namespace outcrop::wire
