// A prompt that is one text with the chat template of its model already applied, taken apart into the turns it was made of.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/conversation.h"

namespace outcrop::inference {

struct TemplateToken {
  enum class Kind { system, user, assistant, end_of_turn, image, nothing };
  std::string_view text;
  Kind kind;
};

struct PromptTemplate {
  std::span<const TemplateToken> tokens;
  // Plain words are tokens at the beginning of a line alone, and only if the last of them calls for an answer.
  bool are_words = false;
};

// What stands before the first turn is the system's; what follows the last header of the assistant begins the answer; a
// prompt without tokens is one turn of the user. Images take the places of their tokens in order, and those without a token
// come before the last turn of the user. Space around a turn is not its content, save in what begins the answer.
void read_prompt(const PromptTemplate& prompt_template, std::string_view prompt, std::vector<ImageBlock> images, Conversation& out);

}  // namespace outcrop::inference
