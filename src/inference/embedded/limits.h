// Bounds of the embedded model. They hold before memory is spent on a text.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::embedded {

// Bytes of text that one request may bring in all. Ours: five documents of 4.5 MB, the most that Converse takes (Bedrock User
// Guide, "Carry out a conversation"), would be more than any model's window; 8 MiB are about two million tokens.
inline constexpr size_t text_bytes_max = 8 * 1024 * 1024;
// Texts in one request. Ours: Converse's turns and documents stay below.
inline constexpr size_t sources_max = 4096;
// A sentence longer than this is cut at a word's end. Ours: fifty lines are no sentence, and quoting one helps nobody.
inline constexpr size_t sentence_bytes_max = 4096;
// Bytes of one word that are looked at; what follows starts another word. Ours.
inline constexpr size_t word_bytes_max = 128;
// Bytes of a question that are read: what follows them is material. Ours.
inline constexpr size_t question_bytes_max = 4096;
// Distinct terms of a question that count, the first ones. Ours: bounds what ranking costs.
inline constexpr size_t question_terms_max = 64;
// Sentences that are looked at closely after the first ranking. Ours: measured, more change no answer.
inline constexpr size_t candidates_max = 64;
// Items of a list that are quoted with the sentence that introduces it. Ours.
inline constexpr size_t quoted_items_max = 16;
// Bytes of such a list that are quoted, the first item at least. Ours: an answer, not a chapter.
inline constexpr size_t quoted_list_bytes_max = 1000;

// Dimensions of an embedding. Amazon Titan Text Embeddings V2 has 256, 512 and 1,024, G1 1,536; OpenAI's largest 3,072.
inline constexpr size_t embedding_dimensions_max = 4096;

// Nesting of a schema, references followed included. Ours: tools have three levels, seldom five.
inline constexpr size_t schema_depth_max = 12;
// Properties filled in all, those of elements of arrays included. Ours: bounds the work; tools have dozens.
inline constexpr size_t filled_properties_max = 512;
// Elements of an array that is filled. Ours.
inline constexpr size_t filled_elements_max = 256;
// Places of a property's name in the text that are looked at. Ours.
inline constexpr size_t name_places_max = 64;
// Tools that are considered, the first ones. Converse's own bound is lower for every model. Ours.
inline constexpr size_t tools_max = 512;
// Facts (dates, amounts, names, …) of each kind that are kept. Ours.
inline constexpr size_t facts_per_kind_max = 4096;
// Key phrases and summary sentences that can be asked for. Ours.
inline constexpr size_t phrases_max = 100;
inline constexpr size_t summary_sentences_max = 100;

}  // namespace outcrop::embedded
