// Whatever the tables can describe survives JSON and records: random values over every structure of the models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "wire/json_codec.h"
#include "wire/record.h"
#include "wire/testing/dynamic.h"

namespace outcrop::wire::testing {
namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

uint64_t round_trip_seed() {
  const char* given = std::getenv("OUTCROP_SEED");
  uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "OUTCROP_SEED=" << seed << " repeats this run\n";
  return seed;
}

class RoundTrip : public ::testing::TestWithParam<std::string> {
 protected:
  // Calls check(shape, value) with random values of every structure of the model.
  template <class Check>
  void for_random_values(Check check) {
    auto model = json::parse(file_text(GetParam()));
    ASSERT_TRUE(model) << GetParam();
    ShapeSet shapes = ShapeSet::from_model(*model->find("shapes"));
    SeededRandom random(round_trip_seed());
    for (const std::string& name : shapes.structures()) {
      for (int i = 0; i < 20; ++i) {
        const Shape& shape = shapes.at(name);
        check(shape, random_structure(shape, random));
        if (HasFailure()) {
          ADD_FAILURE() << "structure " << name;
          return;
        }
      }
    }
  }
};

TEST_P(RoundTrip, ThroughJson) {
  for_random_values([](const Shape& shape, const Dynamic& value) {
    for (JsonNames names : {JsonNames::model, JsonNames::wire}) {
      std::string text;
      json::Writer writer(text);
      write_json(shape, &value, names, writer);
      Dynamic back;
      Missing missing;
      Result<void> read = read_json(shape, text, names, &back, missing);
      ASSERT_TRUE(read) << read.error().message << " in " << text;
      EXPECT_EQ(back, value) << text;
      EXPECT_THAT(missing.paths, ::testing::IsEmpty());
    }
  });
}

TEST_P(RoundTrip, ThroughRecords) {
  for_random_values([](const Shape& shape, const Dynamic& value) {
    std::string bytes;
    append_record(shape, &value, bytes);
    Dynamic back;
    Result<void> read = read_record(shape, bytes, &back);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(back, value);
  });
}

TEST_P(RoundTrip, DamagedRecordsAreRefusedOrReadButNeverMore) {
  SeededRandom random(round_trip_seed());
  for_random_values([&](const Shape& shape, const Dynamic& value) {
    std::string bytes;
    append_record(shape, &value, bytes);
    for (int i = 0; i < 5; ++i) {
      std::string damaged = bytes.substr(0, random.below(bytes.size() + 1));
      if (!damaged.empty()) damaged[random.below(damaged.size())] = static_cast<char>(random.next());
      Dynamic back;
      Result<void> read = read_record(shape, damaged, &back);
      if (!read) EXPECT_EQ(read.error().status, 500);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Models, RoundTrip, ::testing::Values("src/wire/testing/sample.json", "models/sqs.json", "models/sts.json"),
                         [](const auto& info) { return std::filesystem::path(info.param).stem().string(); });

}  // namespace
}  // namespace outcrop::wire::testing
