// What the families share in making turns of a conversation, and a text of an answer.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "inference/collect.h"
#include "inference/dialects/field.h"

namespace outcrop::inference {

// Adds to the last turn when that is of the same role, for turns alternate; otherwise begins one.
void say(Conversation& conversation, Role role, ContentBlock block);

// The user's last turn. There is one first when there was none.
Message& last_of_user(Conversation& conversation);

// Keeps what the family has and the conversation has no word for; nothing when there is nothing.
void keep(Conversation& conversation, json::Object fields);

// "png", "jpeg", "gif" or "webp" by the first bytes; none for anything else.
std::optional<std::string_view> image_format(std::string_view bytes);

// The text of an answer, without its thoughts and tool uses; and its thoughts.
std::string answer_text(const CollectedAnswer& answer);
std::string answer_reasoning(const CollectedAnswer& answer);

// Of the prompt, whether from the cache or not.
inline int64_t prompt_tokens(const Usage& usage) { return usage.total() - usage.output; }

// {"<list>": [{"text": …, "stop_reason": …}]}: a completion, or a piece of one while there is no reason yet.
std::string write_completion(std::string_view list, std::string_view text, std::optional<StopReason> reason);

// The text that an event adds to the answer, or nothing.
std::string_view text_of(const AnswerEvent& event);
std::string_view reasoning_of(const AnswerEvent& event);

}  // namespace outcrop::inference
