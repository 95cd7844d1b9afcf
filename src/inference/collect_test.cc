#include "inference/collect.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "base/time.h"

namespace outcrop::inference {

namespace {

RealClock real_clock;

CollectedAnswer collected(std::vector<AnswerEvent> events) {
  Collector collector;
  for (AnswerEvent& event : events) collector.take(std::move(event));
  return collector.finish();
}

// An answer that was made before, and the fault it ends with, if any.
class MadeAnswer final : public Answer {
 public:
  explicit MadeAnswer(std::vector<AnswerEvent> events, std::optional<Fault> fault = {})
      : events_(std::move(events)), fault_(std::move(fault)) {}
  Task<Result<std::optional<AnswerEvent>>> next() override {
    if (at_ < events_.size()) co_return events_[at_++];
    if (fault_) co_return fail(*fault_);
    co_return std::nullopt;
  }

 private:
  std::vector<AnswerEvent> events_;
  std::optional<Fault> fault_;
  size_t at_ = 0;
};

}  // namespace

TEST(Collector, PiecesOfABlockAreJoined) {
  const CollectedAnswer answer = collected({BlockDelta{0, ReasoningDelta{.text = "H"}}, BlockDelta{0, ReasoningDelta{.text = "m"}},
                                            BlockDelta{0, ReasoningDelta{.signature = "s"}}, BlockStop{0}, BlockDelta{1, TextDelta{"Hel"}},
                                            BlockDelta{1, TextDelta{"lo"}}, BlockStop{1}, AnswerEnd{}, AnswerUsage{{3, 4}}});
  ASSERT_EQ(answer.content.size(), 2);
  EXPECT_EQ(std::get<ReasoningBlock>(answer.content[0]).text, "Hm");
  EXPECT_EQ(std::get<ReasoningBlock>(answer.content[0]).signature, "s");
  EXPECT_EQ(std::get<TextBlock>(answer.content[1]).text, "Hello");
  EXPECT_EQ(answer.usage.total(), 7);
}

TEST(Collector, AToolsInputIsReadWhenItIsWhole) {
  const CollectedAnswer answer =
      collected({BlockStart{0, {"t1", "f"}}, BlockDelta{0, ToolInputDelta{R"({"a":)"}}, BlockDelta{0, ToolInputDelta{"1}"}}, BlockStop{0},
                 BlockStart{1, {"t2", "g"}}, BlockStop{1}, AnswerEnd{.reason = StopReason::tool_use}});
  EXPECT_EQ(json::write(std::get<ToolUseBlock>(answer.content.at(0)).input), R"({"a":1})");
  EXPECT_EQ(json::write(std::get<ToolUseBlock>(answer.content.at(1)).input), "{}");
  EXPECT_EQ(answer.end.reason, StopReason::tool_use);
}

TEST(Collector, AnInputThatIsNoJsonIsItsTextAndTheReason) {
  const CollectedAnswer answer = collected(
      {BlockStart{0, {"t1", "f"}}, BlockDelta{0, ToolInputDelta{R"({"a":)"}}, BlockStop{0}, AnswerEnd{.reason = StopReason::tool_use}});
  EXPECT_EQ(std::get<ToolUseBlock>(answer.content.at(0)).input.as_string(), R"({"a":)");
  EXPECT_EQ(answer.end.reason, StopReason::malformed_tool_use);
}

TEST(Collector, TextThatCitesIsABlockOfItsOwnKind) {
  const CollectedAnswer answer = collected({BlockDelta{0, TextDelta{"Green"}}, BlockDelta{0, CitationDelta{{.title = "Facts"}}},
                                            BlockDelta{0, TextDelta{" grass"}}, BlockStop{0}, AnswerEnd{}});
  const auto& cited = std::get<CitationsBlock>(answer.content.at(0));
  EXPECT_EQ(cited.texts, (std::vector<std::string>{"Green grass"}));
  EXPECT_EQ(cited.citations.at(0).title, "Facts");
}

TEST(Collector, AnInputThatBelongsToNoToolIsForgotten) {
  const CollectedAnswer answer =
      collected({BlockDelta{0, ToolInputDelta{"lost"}}, BlockStop{0}, BlockStart{1, {"t", "f"}}, BlockStop{1}, AnswerEnd{}});
  EXPECT_EQ(json::write(std::get<ToolUseBlock>(answer.content.at(1)).input), "{}");
}

TEST(Collector, ABlockThatIsNotClosedEndsWithTheAnswer) {
  EXPECT_EQ(
      json::write(std::get<ToolUseBlock>(collected({BlockStart{0, {"t", "f"}}, BlockDelta{0, ToolInputDelta{"[1]"}}}).content.at(0)).input),
      "[1]");
}

TEST(Collect, ReadsAnAnswerToItsEnd) {
  SimpleExecutor executor(real_clock);
  MadeAnswer answer({BlockDelta{0, TextDelta{"Hello"}}, BlockStop{0}, AnswerEnd{.reason = StopReason::max_tokens}, AnswerUsage{{1, 2}}});
  Result<CollectedAnswer> collected = executor.run(collect(answer));
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->end.reason, StopReason::max_tokens);
  EXPECT_EQ(collected->usage.output, 2);
}

TEST(Collect, FailsAsTheAnswerDoes) {
  SimpleExecutor executor(real_clock);
  MadeAnswer answer({BlockDelta{0, TextDelta{"Hel"}}}, Fault{"ModelStreamErrorException", 424, "lost"});
  Result<CollectedAnswer> collected = executor.run(collect(answer));
  ASSERT_FALSE(collected);
  EXPECT_EQ(collected.error().message, "lost");
}

}  // namespace outcrop::inference
