// Recording and replay: what finds a recording, in which order, at which pace, and what is said where there is none.
#include "inference/replay/replay_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>

#include "core/testing/test_world.h"
#include "inference/collect.h"
#include "inference/endpoints/server_fault.h"

namespace outcrop::inference {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct SpokenAnswer final : Answer {
  std::deque<Result<AnswerEvent>> events;
  Task<Result<std::optional<AnswerEvent>>> next() override {
    if (events.empty()) co_return std::nullopt;
    Result<AnswerEvent> event = std::move(events.front());
    events.pop_front();
    if (!event) co_return fail(std::move(event.error()));
    co_return std::move(*event);
  }
};

// Says its number of the answer, and what was asked.
class Speaker final : public Provider {
 public:
  explicit Speaker(int& asked) : asked_(asked) {}

  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override {
    ++asked_;
    const std::string said = std::get<TextBlock>(request.conversation.messages.back().content.at(0)).text;
    if (said == "refuse")
      co_return fail({"ModelErrorException", 424, "no", FaultDetails(std::make_unique<ServerFault>(ServerFault::Next::blame, 502))});
    auto answer = std::make_unique<SpokenAnswer>();
    answer->tier = ServiceTier::priority;
    answer->events.push_back(BlockDelta{0, TextDelta{fmt::format("{}. ", asked_)}});
    if (said == "break") {
      answer->events.push_back(fail("ModelStreamErrorException", 424, "broke off"));
      co_return answer;
    }
    answer->events.push_back(BlockDelta{0, TextDelta{said}});
    answer->events.push_back(BlockStop{0});
    answer->events.push_back(AnswerEnd{.reason = StopReason::stop_sequence, .stop_sequence = "END", .additional_fields = {}});
    answer->events.push_back(AnswerUsage{{.input = 3, .output = 5}});
    co_return answer;
  }
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override {
    ++asked_;
    co_return Embeddings{.vectors = std::vector<std::vector<float>>(request.texts.size(), {0.1f, -2.5e-8f}), .input_tokens = 4};
  }
  Task<Result<int64_t>> count_tokens(const ModelRequest&) override {
    ++asked_;
    co_return 17;
  }

 private:
  int& asked_;
};

ModelRequest request_of(std::string text, bool streamed = true) {
  ModelRequest request{.model_id = "amazon.nova-lite-v1:0", .conversation = {}, .streamed = streamed};
  request.conversation.messages.push_back({Role::user, {TextBlock{std::move(text)}}});
  return request;
}

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() {
    std::string pattern = ::testing::TempDir() + "cassettes-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ReplayTest() override { std::filesystem::remove_all(directory_); }

  // As a server that starts with these settings.
  std::unique_ptr<ReplayProvider> provider(ReplayMode mode, Match match = Match::exact, ReplayTiming timing = ReplayTiming::compressed) {
    auto opened = CassetteDirectory::open(directory_, mode == ReplayMode::replay);
    EXPECT_TRUE(opened) << opened.error().message;
    cassettes_ = std::move(*opened);
    auto speaker = mode == ReplayMode::replay ? nullptr : std::make_unique<Speaker>(asked_);
    return std::make_unique<ReplayProvider>(ReplayOptions{cassettes_, mode, match, timing}, std::move(speaker), world_.world);
  }
  Result<CollectedAnswer> ask(Provider& provider, ModelRequest request) { return world_.run(collected(provider, std::move(request))); }
  std::string said(Provider& provider, std::string text) {
    auto answer = ask(provider, request_of(std::move(text)));
    return answer ? std::get<TextBlock>(answer->content.at(0)).text : answer.error().code + ": " + answer.error().message;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) names.push_back(entry.path().filename());
    return names;
  }

  TestWorld world_;
  std::string directory_;
  int asked_ = 0;
  std::shared_ptr<CassetteDirectory> cassettes_;

 private:
  static Task<Result<CollectedAnswer>> collected(Provider& provider, ModelRequest request) {
    auto answer = co_await provider.answer(std::move(request));
    CollectedAnswer all = co_await collect(*answer);
    EXPECT_EQ(answer->tier, ServiceTier::priority);
    co_return all;
  }
};

TEST_F(ReplayTest, WhatWasRecordedIsPlayedWithoutItsProvider) {
  EXPECT_EQ(said(*provider(ReplayMode::record), "hello"), "1. hello");
  auto player = provider(ReplayMode::replay);
  for (bool streamed : {true, false}) {
    auto answer = ask(*player, request_of("hello", streamed));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(std::get<TextBlock>(answer->content.at(0)).text, "1. hello");
    EXPECT_EQ(answer->end.stop_sequence, "END");
    EXPECT_EQ(answer->usage.input, 3);
    EXPECT_EQ(answer->usage.output, 5);
  }
  EXPECT_EQ(asked_, 1);
}

TEST_F(ReplayTest, EqualRequestsArePlayedInTheirOrderAndThenTheLastAgain) {
  auto recorder = provider(ReplayMode::record);
  said(*recorder, "hello");
  said(*recorder, "other");
  said(*recorder, "hello");
  auto player = provider(ReplayMode::replay);
  EXPECT_EQ(said(*player, "hello"), "1. hello");
  EXPECT_EQ(said(*player, "hello"), "3. hello");
  EXPECT_EQ(said(*player, "hello"), "3. hello");
  EXPECT_EQ(said(*player, "other"), "2. other");
  cassettes_->rewind();
  EXPECT_EQ(said(*player, "hello"), "1. hello");
}

TEST_F(ReplayTest, RecordingAnewReplacesWhatWasRecordedOfTheSameRequest) {
  auto first = provider(ReplayMode::record);
  said(*first, "hello");
  said(*first, "hello");
  said(*first, "other");
  EXPECT_EQ(said(*provider(ReplayMode::record), "hello"), "4. hello");
  EXPECT_EQ(files().size(), 2u);
  auto player = provider(ReplayMode::replay);
  EXPECT_EQ(said(*player, "hello"), "4. hello");
  EXPECT_EQ(said(*player, "other"), "3. other");
}

TEST_F(ReplayTest, OnlyWhatIsMissingIsRecordedWhereThatIsWanted) {
  said(*provider(ReplayMode::record), "hello");
  auto both = provider(ReplayMode::record_missing);
  EXPECT_EQ(said(*both, "hello"), "1. hello");
  EXPECT_EQ(said(*both, "other"), "2. other");
  EXPECT_EQ(said(*both, "other"), "2. other");
  EXPECT_EQ(asked_, 2);
}

TEST_F(ReplayTest, AMissNamesItsKeyAndWhatComesNearest) {
  said(*provider(ReplayMode::record), "How much do copies cost?");
  const std::string miss = said(*provider(ReplayMode::replay), "How much do scans cost?");
  EXPECT_THAT(
      miss, AllOf(HasSubstr("ValidationException: No cassette answers this request (key "), HasSubstr(files().at(0)),
                  HasSubstr("'How much do copies cost?' instead of 'How much do scans cost?'"), HasSubstr("messages[0].content[0].text")));
  EXPECT_EQ(asked_, 1);
}

TEST_F(ReplayTest, FaultsArePlayedAsTheyWere) {
  auto recorder = provider(ReplayMode::record);
  said(*recorder, "refuse");
  said(*recorder, "break");
  auto player = provider(ReplayMode::replay);
  auto refused = ask(*player, request_of("refuse"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ModelErrorException");
  EXPECT_EQ(server_fault_in(refused.error())->status, 502);
  EXPECT_EQ(said(*player, "break"), "ModelStreamErrorException: broke off");
  EXPECT_EQ(asked_, 2);
}

TEST_F(ReplayTest, EmbeddingsAndCountsAreRecordedToo) {
  const EmbeddingRequest texts{.model_id = "amazon.titan-embed-text-v2:0", .texts = {"a", "b"}};
  for (ReplayMode mode : {ReplayMode::record, ReplayMode::replay}) {
    auto replay = provider(mode);
    auto embeddings = world_.run(replay->embed(texts));
    ASSERT_TRUE(embeddings) << embeddings.error().message;
    EXPECT_EQ(embeddings->vectors, (std::vector<std::vector<float>>(2, {0.1f, -2.5e-8f})));
    EXPECT_EQ(embeddings->input_tokens, 4);
    EXPECT_EQ(world_.run(replay->count_tokens(request_of("hello"))), 17);
  }
  EXPECT_EQ(asked_, 2);
}

TEST_F(ReplayTest, WhatDiffersFromRunToRunIsNoDifferenceWhereThatIsWanted) {
  said(*provider(ReplayMode::record), "Session 0f8fad5b-d9cb-469f-a165-70867728950e\n at 2026-11-26T16:00:00.123Z:   hello ");
  const std::string later = "Session 7c9e6679-7425-40de-944b-e07fc1f90ae7 at 2027-01-01 08:15:00+01:00: hello";
  EXPECT_THAT(said(*provider(ReplayMode::replay, Match::normalised), later), HasSubstr("1. Session 0f8f"));
  EXPECT_THAT(said(*provider(ReplayMode::replay, Match::exact), later), HasSubstr("No cassette"));
  EXPECT_THAT(said(*provider(ReplayMode::replay, Match::normalised), later + "!"), HasSubstr("No cassette"));
}

TEST_F(ReplayTest, TheOriginalPaceIsKept) {
  said(*provider(ReplayMode::record), "hello");
  // By hand: the last event comes 40 ms after the request.
  const std::string file = directory_ + "/" + files().at(0);
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const size_t last = text.rfind("{\"atMs\":");
  text.replace(last, text.find(',', last) - last, "{\"atMs\":40");
  std::ofstream(file) << text;
  auto player = provider(ReplayMode::replay, Match::exact, ReplayTiming::original);
  const SteadyTime began = world_.clock.steady();
  EXPECT_EQ(said(*player, "hello"), "1. hello");
  EXPECT_GE(world_.clock.steady() - began, Milliseconds(40));
}

TEST_F(ReplayTest, AFileThatIsNoCassetteIsSaidAtTheStart) {
  std::ofstream(directory_ + "/broken.json") << "{\"cassette\": 2}";
  auto opened = CassetteDirectory::open(directory_, true);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("broken.json is no cassette: cassette is to be a number from 1 to 1"));
  EXPECT_FALSE(CassetteDirectory::open(directory_ + "/nowhere", true));
}

}  // namespace
}  // namespace outcrop::inference
