// The suite of RFC 9535 (jsonpath-compliance-test-suite); skipped where the folder is absent.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "expr/json_path.h"

namespace outcrop::expr {
namespace {

bool is_one_of(const json::Value& known, const json::Array& result) {
  if (const json::Value* single = known.find("result")) return single->as_array() == result;
  const json::Array& allowed = known.find("results")->as_array();
  return std::ranges::any_of(allowed, [&](const json::Value& one) { return one.as_array() == result; });
}

TEST(JsonPathConformance, PathsFindWhatRfc9535Says) {
  const char* root = std::getenv("OUTCROP_CONFORMANCE");
  if (root == nullptr) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: JSONPath is not checked against the suite of RFC 9535";
  std::ifstream file(std::string(root) + "/jsonpath_rfc9535_cts/cases.jsonl");
  size_t compared = 0;
  for (std::string line; std::getline(file, line); ++compared) {
    auto known = json::parse(line);
    ASSERT_TRUE(known) << line;
    SCOPED_TRACE(line.substr(0, 500));
    auto path = JsonPath::parse(known->find("selector")->as_string());
    if (known->find("invalid_selector")) {
      EXPECT_FALSE(path);
      continue;
    }
    if (!path) {
      ADD_FAILURE() << path.error();
      continue;
    }
    size_t steps_left = 100'000;
    auto nodes = path->select(*known->find("document"), steps_left);
    ASSERT_TRUE(nodes) << nodes.error();
    json::Array result;
    for (const json::Value* node : *nodes) result.push_back(*node);
    EXPECT_TRUE(is_one_of(*known, result)) << json::write(json::Value(result));
  }
  EXPECT_EQ(compared, 459u);
}

}  // namespace
}  // namespace outcrop::expr
