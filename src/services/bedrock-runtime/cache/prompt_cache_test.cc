// Prompt caching as Bedrock documents it: what is written, what is read, how long it is kept, and whose it is.
#include "services/bedrock-runtime/cache/prompt_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "services/bedrock-runtime/cache/check_cache_points.h"

namespace outcrop::bedrock_runtime {
namespace {

using inference::Conversation;
using inference::Role;
using inference::TextBlock;

constexpr auto five_minute_point = inference::CachePointBlock::TimeToLive::five_minutes,
               one_hour_point = inference::CachePointBlock::TimeToLive::one_hour;

// Texts of about that many tokens.
std::string words(int tokens, std::string_view word = "word") {
  std::string text;
  for (int i = 0; i < tokens; ++i) text.append(word).append(" ");
  return text;
}

Conversation saying(std::vector<inference::ContentBlock> content) {
  Conversation conversation;
  conversation.messages.push_back({Role::user, std::move(content)});
  return conversation;
}

class PromptCacheTest : public ::testing::Test {
 protected:
  CacheUse use(const Conversation& conversation) { return use(cache, call, *haiku, conversation); }
  static CacheUse use(PromptCache& cache, const Call& call, const inference::CatalogModel& model, const Conversation& conversation) {
    return cache.use(call, model, prefixes_of(conversation, cache_owner(call, model)));
  }

  TestWorld world;
  inference::Catalog catalog;
  const inference::CatalogModel* haiku = catalog.find_model("anthropic.claude-3-5-haiku-20241022-v1:0");  // 2,048 tokens at least
  const inference::CatalogModel* nova = catalog.find_model("amazon.nova-lite-v1:0");                      // 1,000, at most 20,000
  const inference::CatalogModel* sonnet = catalog.find_model("anthropic.claude-sonnet-4-5-20250929-v1:0");
  PromptCache cache;
  Call call{.world = world.world, .identity = {.account = "111122223333"}, .region = "us-east-1"};
};

TEST_F(PromptCacheTest, TheFirstRequestWritesAndTheNextReadsTheSame) {
  const Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock(), TextBlock{"What is it about?"}});
  const CacheUse first = use(conversation), second = use(conversation);
  EXPECT_GE(first.written, 3000);
  EXPECT_EQ(first.read, 0);
  EXPECT_EQ(second.read, first.written);
  EXPECT_EQ(second.written, 0);
}

TEST_F(PromptCacheTest, WhatFollowsTheCachePointMayDiffer) {
  const std::string text = words(3000);
  use(saying({TextBlock{text}, inference::CachePointBlock(), TextBlock{"What is it about?"}}));
  EXPECT_GT(use(saying({TextBlock{text}, inference::CachePointBlock(), TextBlock{"Who wrote it?"}})).read, 0);
  EXPECT_EQ(use(saying({TextBlock{text + "!"}, inference::CachePointBlock(), TextBlock{"Who wrote it?"}})).read, 0);
}

TEST_F(PromptCacheTest, WithoutACachePointNothingIsCached) {
  const CacheUse used = use(saying({TextBlock{words(3000)}}));
  EXPECT_EQ(used.read + used.written, 0);
}

TEST_F(PromptCacheTest, ABeginningShorterThanTheModelsMinimumIsNotCached) {
  const Conversation conversation = saying({TextBlock{words(1500)}, inference::CachePointBlock(), TextBlock{"Why?"}});
  EXPECT_EQ(use(conversation).written, 0);
  EXPECT_EQ(use(conversation).read, 0);
  EXPECT_GT(use(cache, call, *nova, conversation).written, 0);
}

TEST_F(PromptCacheTest, IsKeptFiveMinutesFromTheLastTimeItWasRead) {
  const Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock()});
  use(conversation);
  world.advance(Milliseconds(4 * 60'000));
  EXPECT_GT(use(conversation).read, 0);
  world.advance(Milliseconds(4 * 60'000));
  EXPECT_GT(use(conversation).read, 0);
  world.advance(Milliseconds(5 * 60'000));
  EXPECT_EQ(use(conversation).read, 0);
}

TEST_F(PromptCacheTest, AnHourIsKeptAnHourAndCountedApart) {
  const Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock{one_hour_point}, TextBlock{words(1000)},
                                            inference::CachePointBlock{five_minute_point}});
  const CacheUse first = use(cache, call, *sonnet, conversation);
  EXPECT_GE(first.written_for_an_hour, 3000);
  EXPECT_GE(first.written, first.written_for_an_hour + 1000);
  world.advance(Milliseconds(30 * 60'000));
  const CacheUse later = use(cache, call, *sonnet, conversation);
  EXPECT_EQ(later.read, first.written_for_an_hour);
  EXPECT_EQ(later.written, first.written - first.written_for_an_hour);
}

TEST_F(PromptCacheTest, APointThatMovesOnReadsWhatWasKeptAndWritesTheRest) {
  Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock()});
  const CacheUse first = use(conversation);
  conversation.messages[0].content.pop_back();
  conversation.messages.push_back({Role::assistant, {TextBlock{words(100)}}});
  conversation.messages.push_back({Role::user, {TextBlock{words(200)}, inference::CachePointBlock()}});
  const CacheUse second = use(conversation);
  EXPECT_EQ(second.read, first.written);
  EXPECT_GE(second.written, 300);
  EXPECT_EQ(use(conversation).read, first.written + second.written);
}

TEST_F(PromptCacheTest, ClaudeLooksBackTwentyBlocksAndNovaNone) {
  for (const auto& [blocks, model, is_read] : {std::tuple(20, sonnet, true), std::tuple(21, sonnet, false), std::tuple(1, nova, false)}) {
    PromptCache fresh;
    Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock()});
    use(fresh, call, *model, conversation);
    conversation.messages[0].content.pop_back();
    for (int i = 0; i < blocks; ++i) conversation.messages[0].content.emplace_back(TextBlock{"more"});
    conversation.messages[0].content.emplace_back(inference::CachePointBlock());
    EXPECT_EQ(use(fresh, call, *model, conversation).read > 0, is_read) << blocks << " " << model->id;
  }
}

TEST_F(PromptCacheTest, NovaCachesUpToItsMaximum) {
  EXPECT_EQ(use(cache, call, *nova, saying({TextBlock{words(30'000)}, inference::CachePointBlock()})).written, 20'000);
}

TEST_F(PromptCacheTest, ToolsComeBeforeTheSystemPromptAndThatBeforeMessages) {
  Conversation conversation = saying({TextBlock{"Hello"}});
  conversation.system = {TextBlock{words(3000)}, inference::CachePointBlock()};
  conversation.tools = {inference::ToolSpecification{.name = "a", .description = "b", .input_schema = json::Value::object()}};
  use(conversation);
  conversation.messages[0].content = {TextBlock{"Something else"}};
  EXPECT_GT(use(conversation).read, 0);
  std::get<inference::ToolSpecification>(conversation.tools[0]).description = "c";
  EXPECT_EQ(use(conversation).read, 0);
}

TEST_F(PromptCacheTest, IsOfOneAccountInOneRegionForOneModel) {
  const Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock()});
  use(conversation);
  Call other = call.child("bedrock-runtime", "Converse");
  other.identity.account = "444455556666";
  EXPECT_EQ(use(cache, other, *haiku, conversation).read, 0);
  Call elsewhere = call.child("bedrock-runtime", "Converse");
  elsewhere.region = "eu-west-1";
  EXPECT_EQ(use(cache, elsewhere, *haiku, conversation).read, 0);
  EXPECT_EQ(use(cache, call, *sonnet, conversation).read, 0);
  EXPECT_GT(use(conversation).read, 0);
}

TEST_F(PromptCacheTest, IsForgottenWithItsAccount) {
  const Conversation conversation = saying({TextBlock{words(3000)}, inference::CachePointBlock()});
  use(conversation);
  cache.forget("444455556666");
  EXPECT_GT(use(conversation).read, 0);
  cache.forget("111122223333");
  EXPECT_EQ(use(conversation).read, 0);
}

TEST_F(PromptCacheTest, HoldsSoManyBeginningsAndLetsTheLeastRecentlyUsedGo) {
  PromptCache two(2);
  auto about = [](std::string_view word) { return saying({TextBlock{words(3000, word)}, inference::CachePointBlock()}); };
  use(two, call, *haiku, about("one"));
  use(two, call, *haiku, about("two"));
  EXPECT_GT(use(two, call, *haiku, about("one")).read, 0);
  use(two, call, *haiku, about("three"));
  EXPECT_EQ(use(two, call, *haiku, about("two")).read, 0);
}

TEST(CacheUse, IsInWhatAProviderCountedUnlessThatCountsItsCache) {
  const CacheUse used{.read = 30, .written = 50, .written_for_an_hour = 20};
  const inference::Usage usage = used.in({.input = 100, .output = 7});
  EXPECT_EQ(usage.input, 20);
  EXPECT_EQ(usage.cache_read, 30);
  EXPECT_EQ(usage.cache_write, 50);
  EXPECT_EQ(usage.cache_write_one_hour, 20);
  EXPECT_EQ(usage.total(), 107);
  EXPECT_EQ(used.in({.input = 100, .counts_cache = true}).cache_read, 0);
  EXPECT_EQ(used.in({.input = 90, .cache_read = 10}).input, 90);
  EXPECT_EQ(used.in({.input = 60}).input, 0);
}

class CachePointRules : public PromptCacheTest {
 protected:
  // What is wrong, or nothing.
  static std::string problem(const inference::CatalogModel& model, const Conversation& conversation) {
    const Result<void> checked = check_cache_points(model, conversation);
    return checked ? "" : checked.error().code + ": " + checked.error().message;
  }
  static std::vector<inference::ContentBlock> points(std::vector<inference::CachePointBlock::TimeToLive> times) {
    std::vector<inference::ContentBlock> content;
    for (auto time : times) {
      content.emplace_back(TextBlock{"text"});
      content.emplace_back(inference::CachePointBlock{time});
    }
    return content;
  }
};

TEST_F(CachePointRules, UpToFourAreTaken) {
  EXPECT_EQ(problem(*sonnet, saying(points({one_hour_point, one_hour_point, five_minute_point, five_minute_point}))), "");
  EXPECT_EQ(problem(*sonnet, saying(points(std::vector(5, five_minute_point)))),
            "ValidationException: A maximum of 4 blocks with cache_control may be provided. Found 5.");
}

TEST_F(CachePointRules, AModelWithoutPromptCachingTakesNone) {
  const auto* llama = catalog.find_model("meta.llama3-1-8b-instruct-v1:0");
  ASSERT_NE(llama, nullptr);
  EXPECT_EQ(problem(*llama, saying({TextBlock{"text"}})), "");
  EXPECT_EQ(
      problem(*llama, saying({TextBlock{"text"}, inference::CachePointBlock()})),
      "AccessDeniedException: You invoked an unsupported model or your request did not allow prompt caching. See the documentation for "
      "more information.");
}

TEST_F(CachePointRules, NovaTakesNoneAmongTools) {
  Conversation conversation = saying({TextBlock{"text"}});
  conversation.tools = {inference::ToolSpecification{.name = "a"}, inference::CachePointBlock()};
  EXPECT_EQ(problem(*nova, conversation),
            "ValidationException: Malformed input request: #/tools/0: extraneous key [cachePoint] is not permitted, please reformat your "
            "input and try again.");
  EXPECT_EQ(problem(*sonnet, conversation), "");
}

TEST_F(CachePointRules, AnHourIsForModelsThatKeepOne) {
  EXPECT_THAT(problem(*nova, saying(points({one_hour_point}))), testing::HasSubstr("takes no ttl of 1h"));
}

TEST_F(CachePointRules, AnHourDoesNotFollowFiveMinutes) {
  Conversation conversation = saying(points({one_hour_point}));
  conversation.system = {TextBlock{"text"}, inference::CachePointBlock()};
  EXPECT_EQ(problem(*sonnet, conversation),
            "ValidationException: messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' "
            "cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.");
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
