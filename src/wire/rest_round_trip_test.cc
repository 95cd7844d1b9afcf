// Whatever the tables can describe survives restJson1 and restXml: answers read as if they were requests, and inputs
// as a client would put them into labels and queries.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/encoding.h"
#include "wire/http_binding.h"
#include "wire/scalar_text.h"
#include "wire/testing/dynamic.h"

namespace outcrop::wire::testing {
namespace {

uint64_t rest_seed() {
  const char* given = std::getenv("OUTCROP_SEED");
  uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "OUTCROP_SEED=" << seed << " repeats this run\n";
  return seed;
}

json::Value model_in(const std::string& path) {
  std::ifstream file(path);
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {})).value();
}

// Calls check(shape, value) with random values of every structure of a model.
template <class Check>
void for_random_structures(const std::string& path, Check check) {
  json::Value model = model_in(path);
  ShapeSet shapes = ShapeSet::from_model(*model.find("shapes"));
  SeededRandom random(rest_seed());
  for (const std::string& name : shapes.structures()) {
    SCOPED_TRACE(name);
    for (int i = 0; i < 50 && !::testing::Test::HasFailure(); ++i) check(shapes.at(name), random_structure(shapes.at(name), random));
  }
}

std::string as_header(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

Map<Slot> as_headers(const Map<Slot>& map) {
  Map<Slot> headers;
  for (const auto& entry : map) headers[ascii_lower(as_header(entry.key))].value = as_header(std::get<std::string>(entry.value.value));
  return headers;
}

// What cannot be told apart on the wire, or has no place in an answer, becomes what it is read as.
void make_sendable(const Shape& shape, Dynamic& value) {
  for (size_t i = 0; i < shape.members.size(); ++i) {
    const Member& member = shape.members[i];
    auto& held = value.members[i].value;
    if (member.location == Location::header && member.is(Member::json_value)) held = std::string(R"({"a":[1,"b"]})");
    if (auto* text = std::get_if<std::string>(&held)) {
      if (member.location == Location::header) *text = as_header(*text);
      if (member.location == Location::payload && text->empty()) held = std::monostate();
    } else if (auto* list = std::get_if<std::vector<Slot>>(&held); list && member.location == Location::header) {
      for (Slot& slot : *list)
        if (auto* element = std::get_if<std::string>(&slot.value)) *element = as_header(*element);
    } else if (auto* map = std::get_if<Map<Slot>>(&held); map && member.location == Location::headers) {
      if (map->empty())
        held = std::monostate();
      else
        held = as_headers(*map);
    }
    bool of_requests = member.location == Location::path || member.location == Location::query;
    if (of_requests || member.location == Location::status_code) held = std::monostate();
  }
}

// Flattened lists and maps cannot be there and empty.
json::Value without_empty(const json::Value& value) {
  if (value.is_array()) {
    json::Array out;
    for (const json::Value& element : value.as_array()) out.push_back(without_empty(element));
    return out;
  }
  if (!value.is_object()) return value;
  json::Object out;
  for (const json::Member& member : value.as_object()) {
    json::Value held = without_empty(member.value);
    bool is_empty = (held.is_array() && held.as_array().empty()) || (held.is_object() && held.as_object().empty());
    if (!is_empty) out.set(member.name(), std::move(held));
  }
  return out;
}

// Whether it has a content type of its own; others get the protocol's.
bool says_its_type(const Shape& shape, const Dynamic& value) {
  return std::ranges::any_of(shape.members, [&](const Member& member) {
    return ascii_equal_ignoring_case(member.wire_name, "content-type") && member.get(&value);
  });
}

void expect_answer_to_survive(const Protocol& protocol, const Shape& shape, Dynamic value) {
  make_sendable(shape, value);
  Operation operation = {.input = &shape, .output = &shape};
  ServiceModel service = {.name = "any", .xml_namespace = "http://any.example/"};
  Response response = protocol.encode(service, operation, &value, "id");
  net::RequestHead head = {.headers = response.head.headers};
  head.headers.erase("x-amzn-requestid");
  if (!says_its_type(shape, value)) head.headers.erase("content-type");
  Dynamic back;
  Missing missing;
  Result<void> read = protocol.decode(service, operation, {.head = head, .body = response.body}, &back, missing);
  ASSERT_TRUE(read) << read.error().message << " in " << response.body;
  json::Value given = without_empty(to_parameters(shape, &value)), got = without_empty(to_parameters(shape, &back));
  EXPECT_TRUE(given == got) << json::write(given) << "\n" << json::write(got) << "\n" << response.body;
}

class RestRoundTrip : public ::testing::TestWithParam<std::string> {};
class RestXmlRoundTrip : public RestRoundTrip {};  // of models without documents, which XML cannot carry

TEST_P(RestRoundTrip, AnswersSurviveRestJson) {
  for_random_structures(GetParam(),
                        [](const Shape& shape, const Dynamic& value) { expect_answer_to_survive(rest_json_1(), shape, value); });
}

TEST_P(RestXmlRoundTrip, AnswersSurviveRestXml) {
  for_random_structures(GetParam(), [](const Shape& shape, const Dynamic& value) { expect_answer_to_survive(rest_xml(), shape, value); });
}

bool is_bound_to_url(const Member& member) {
  return member.location == Location::path || (member.location == Location::query && member.shape->kind != Kind::map);
}

TEST_P(RestRoundTrip, InputsSurviveLabelsAndQueries) {
  for_random_structures(GetParam(), [](const Shape& shape, const Dynamic& value) {
    net::RequestHead head;
    std::deque<std::string> texts;
    std::vector<Label> labels;
    json::Object expected;
    json::Value given = to_parameters(shape, &value);
    auto add_parameter = [&](const Member& member, const Shape& of, const void* scalar) {
      std::string text = percent_encode(scalar_text(of, scalar, TimestampFormat::date_time));
      head.query += (head.query.empty() ? "" : "&") + percent_encode(member.wire_name) + "=" + text;
    };
    for (const Member& member : shape.members) {
      const void* held = is_bound_to_url(member) ? member.get(&value) : nullptr;
      if (!held) continue;
      expected.set(member.name, *given.find(member.name));
      if (member.location == Location::path) {
        texts.push_back(percent_encode(scalar_text(*member.shape, held, TimestampFormat::date_time)));
        labels.push_back({member.wire_name, texts.back()});
      } else if (member.shape->kind == Kind::list) {
        size_t size = member.shape->list->size(held);
        for (size_t i = 0; i < size; ++i) add_parameter(member, *member.shape->element, member.shape->list->at(held, i));
        if (size == 0) expected.erase(member.name);
      } else {
        add_parameter(member, *member.shape, held);
      }
    }
    Dynamic back;
    auto read = read_bindings(shape, {.head = head, .body = "", .labels = labels}, &back);
    ASSERT_TRUE(read) << read.error() << " in " << head.query;
    json::Value got = to_parameters(shape, &back);
    for (const Member& member : shape.members)
      if (!is_bound_to_url(member)) got.as_object().erase(member.name);
    EXPECT_TRUE(got == json::Value(expected)) << head.query << "\n" << json::write(got);
  });
}

std::string model_name(const ::testing::TestParamInfo<std::string>& info) { return std::filesystem::path(info.param).stem().string(); }

INSTANTIATE_TEST_SUITE_P(Models, RestRoundTrip,
                         ::testing::Values("src/wire/testing/shelf.json", "src/wire/testing/depot.json", "models/sqs.json",
                                           "models/sts.json"),
                         model_name);
INSTANTIATE_TEST_SUITE_P(Models, RestXmlRoundTrip, ::testing::Values("src/wire/testing/depot.json", "models/sqs.json", "models/sts.json"),
                         model_name);

}  // namespace
}  // namespace outcrop::wire::testing
