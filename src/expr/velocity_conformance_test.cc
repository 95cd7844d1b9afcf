// Templates of Apache Velocity's own tests; skipped where the folder is absent.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "expr/velocity.h"

namespace outcrop::expr {
namespace {

// As the suite compares: without what is blank at both ends.
std::string_view without_ends(std::string_view text) {
  const size_t from = text.find_first_not_of(" \t\r\n");
  return from == text.npos ? std::string_view() : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

TEST(VelocityConformance, TemplatesRenderAsVelocityRendersThem) {
  const char* root = std::getenv("OUTCROP_CONFORMANCE");
  if (root == nullptr) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: templates are not checked against Velocity's own tests";
  std::ifstream file(std::string(root) + "/velocity_core/cases.jsonl");
  size_t compared = 0;
  for (std::string line; std::getline(file, line); ++compared) {
    auto known = json::parse(line);
    ASSERT_TRUE(known) << line;
    SCOPED_TRACE(known->find("id")->as_string());
    auto parsed = VelocityTemplate::parse(known->find("template")->as_string());
    if (!parsed) {
      ADD_FAILURE() << parsed.error().message();
      continue;
    }
    auto result = parsed->render({});
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(without_ends(result->text), without_ends(known->find("expected")->as_string()));
  }
  EXPECT_EQ(compared, 7u);
}

}  // namespace
}  // namespace outcrop::expr
