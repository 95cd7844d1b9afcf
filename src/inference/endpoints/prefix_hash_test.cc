// Which requests begin alike.
#include "inference/endpoints/prefix_hash.h"

#include <gtest/gtest.h>

namespace outcrop::inference {
namespace {

Conversation conversation_of(std::string system, std::vector<std::string> turns) {
  Conversation conversation;
  conversation.system.push_back(TextBlock{std::move(system)});
  Role role = Role::user;
  for (std::string& turn : turns) {
    conversation.messages.push_back({role, {TextBlock{std::move(turn)}}});
    role = role == Role::user ? Role::assistant : Role::user;
  }
  return conversation;
}

TEST(PrefixHash, TheTurnsOfAConversationAreAlike) {
  EXPECT_EQ(prefix_hash(conversation_of("Be kind.", {"Hello"})),
            prefix_hash(conversation_of("Be kind.", {"Hello", "Hi!", "How are you?"})));
}

TEST(PrefixHash, OtherBeginningsAreNot) {
  const Conversation base = conversation_of("Be kind.", {"Hello"});
  Conversation tooled = base;
  tooled.tools.push_back(ToolSpecification{.name = "get_weather"});
  EXPECT_NE(prefix_hash(base), prefix_hash(conversation_of("Be brief.", {"Hello"})));
  EXPECT_NE(prefix_hash(base), prefix_hash(conversation_of("Be kind.", {"Good evening"})));
  EXPECT_NE(prefix_hash(base), prefix_hash(tooled));
  EXPECT_NE(prefix_hash(conversation_of("ab", {"c"})), prefix_hash(conversation_of("a", {"bc"})));
}

}  // namespace
}  // namespace outcrop::inference
