// What the last message of a conversation wants: which of the things that the embedded model can do, which part of the message
// says so, and which part is text brought along ("Summarise this in two sentences: …").
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "inference/embedded/entities.h"

namespace outcrop::embedded {

enum class Task : uint8_t {
  question,  // answered with sentences of the given text
  summarise,
  key_phrases,
  extract,  // dates, addresses, names, …
  compose,  // writing, translating, computing: what this model cannot do
  small_talk,
};

enum class Unit : uint8_t { none, sentences, bullets, words, phrases };

struct Request {
  Task task = Task::question;
  std::string_view instruction;            // part of the message
  std::vector<std::string_view> material;  // parts of the message
  Unit unit = Unit::none;                  // "in three bullet points"
  size_t count = 0;                        // 0 when the message names none
  std::vector<EntityKind> wanted;          // of extract
};

Request read_request(std::string_view message);

}  // namespace outcrop::embedded
