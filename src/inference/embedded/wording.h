// What the embedded model says in its own words.
#pragma once
#include <string>
#include <string_view>

namespace outcrop::embedded::wording {

inline constexpr std::string_view introduction =
    "I am Outcrop's embedded model: a small program without a language model behind it. From text that I am given I quote the sentences "
    "that "
    "answer a question, summarise, name key phrases, and extract dates, amounts, names and addresses; I fill JSON schemas and call tools "
    "with "
    "what a message states. Give me a text and ask about it.";
inline constexpr std::string_view no_text =
    "I was given no text to answer from. I am Outcrop's embedded model: I quote, summarise and extract from text in the conversation, and "
    "know "
    "nothing else.";
inline constexpr std::string_view cannot_compose =
    "I cannot do that: I am Outcrop's embedded model, which quotes, summarises and extracts from text that it is given, and neither "
    "writes, "
    "translates nor computes. A configured model provider can.";
inline constexpr std::string_view nothing_to_extract = "I found nothing of that kind in the given text.";
inline constexpr std::string_view nothing_to_summarise = "I was given no text to summarise.";

// "… The best sentence covers 21% of the question by weight; I quote from 40% on."
std::string nothing_found(double coverage);

}  // namespace outcrop::embedded::wording
