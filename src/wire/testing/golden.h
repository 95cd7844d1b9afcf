// Golden bytes: what records looked like when a release wrote them. A test keeps one file a version and reads
// them all; what it writes today equals the newest.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/encoding.h"

namespace outcrop::wire::testing {

// The bytes of a file of hexadecimal text, path from the root of the project; white space does not count.
inline std::string golden_bytes(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path << " cannot be read; tests run in the root of the project";
  std::string text, word;
  while (file >> word) text += word;
  std::optional<std::string> bytes = unhex(text);
  EXPECT_TRUE(bytes) << path << " is not hexadecimal";
  return bytes.value_or("");
}

}  // namespace outcrop::wire::testing
