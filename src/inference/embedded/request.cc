#include "inference/embedded/request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>

#include "inference/embedded/limits.h"
#include "inference/embedded/sentences.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"

namespace outcrop::embedded {

namespace {

using Words = std::span<const std::string_view>;

// Beginnings of words, in lower case.
constexpr auto commands = std::to_array<std::string_view>(
    {"summari",   "translat", "write",    "extract", "list",     "find",      "give",  "tell",   "explain",  "describe",
     "define",    "compose",  "draft",    "rewrite", "generate", "create",    "name",  "show",   "identify", "compute",
     "calculate", "answer",   "condense", "shorten", "tl;dr",    "paraphras", "get",   "return", "what",     "who",
     "when",      "where",    "why",      "how",     "which",    "please",    "using", "based"});
constexpr auto compositions = std::to_array<std::string_view>({"translat", "compos", "draft", "rewrite", "paraphras", "rephras", "comput",
                                                               "calculat", "imagin", "invent", "brainstorm", "solve", "debug", "refactor"});
constexpr auto things_written =
    std::to_array<std::string_view>({"poem", "story", "essay", "email", "letter", "code", "function", "program", "script", "song", "joke",
                                     "article", "blog", "haiku", "limerick", "speech", "tweet", "query", "recipe"});
constexpr auto making = std::to_array<std::string_view>({"write", "create", "generate", "make", "tell", "give", "produce"});
constexpr auto greetings = std::to_array<std::string_view>(
    {"hello", "hi",  "hey",  "greetings", "morning", "afternoon", "evening", "good", "thanks", "thank", "bye", "goodbye",
     "there", "you", "very", "much",      "so",      "again",     "ok",      "okay", "test",   "ping",  "help"});
constexpr auto introductions = std::to_array<std::string_view>({"who are you", "what are you", "what can you do", "what do you do",
                                                                "how are you", "are you an ai", "are you a human", "what is your name",
                                                                "which model are you", "what model are you", "introduce yourself"});

struct Extractable {
  std::string_view opening;
  EntityKind kind;
};
constexpr auto extractable = std::to_array<Extractable>({{"email", EntityKind::email},
                                                         {"e-mail", EntityKind::email},
                                                         {"url", EntityKind::url},
                                                         {"link", EntityKind::url},
                                                         {"date", EntityKind::date},
                                                         {"amount", EntityKind::amount},
                                                         {"price", EntityKind::amount},
                                                         {"number", EntityKind::number},
                                                         {"name", EntityKind::name},
                                                         {"people", EntityKind::name},
                                                         {"person", EntityKind::name},
                                                         {"entit", EntityKind::name},
                                                         {"path", EntityKind::path},
                                                         {"quotation", EntityKind::quotation}});

constexpr size_t material_words_min = 4;
constexpr size_t words_after_colon_min = 8;
constexpr size_t edge_sentences = 3;  // a request stands at the beginning or the end of a message

std::string spaced(std::string_view text) {
  std::string all = " ";
  for (const Word& word : words(text.substr(0, question_bytes_max))) all.append(fold_case(word.in(text))) += ' ';
  return all;
}

bool holds(std::string_view spaced_words, std::string_view opening) {
  return spaced_words.find(" " + std::string(opening)) != std::string_view::npos;
}
// Among the first words, where a command stands.
bool opens_with(std::string_view spaced_words, std::string_view opening) {
  constexpr size_t opening_words = 5;  // "could you please briefly write"
  size_t end = 0;
  for (size_t word = 0; word < opening_words && end != std::string_view::npos; ++word) end = spaced_words.find(' ', end + 1);
  return holds(spaced_words.substr(0, end), opening);
}
bool is_question_word(std::string_view spaced_words) {
  return std::ranges::any_of(
      std::to_array<std::string_view>({" what ", " who ", " when ", " where ", " why ", " how ", " which ", " is ", " are ", " must ",
                                       " may ", " should ", " does ", " do ", " did ", " was ", " were "}),
      [&](std::string_view word) { return spaced_words.starts_with(word); });
}
bool opens_with_any(std::string_view spaced_words, Words openings) {
  return !is_question_word(spaced_words) &&
         std::ranges::any_of(openings, [&](std::string_view opening) { return opens_with(spaced_words, opening); });
}
bool holds_any(std::string_view spaced_words, Words openings) {
  return std::ranges::any_of(openings, [&](std::string_view opening) { return holds(spaced_words, opening); });
}

bool is_request(std::string_view sentence) {
  if (sentence.ends_with('?') || sentence.ends_with("？")) return true;
  std::string folded = fold_case(sentence.substr(0, 64));
  for (std::string_view politeness : {"please ", "can you ", "could you ", "question: ", "q: "})
    if (folded.starts_with(politeness)) return true;
  return std::ranges::any_of(commands, [&](std::string_view command) { return folded.starts_with(command); });
}

struct Span {
  size_t begin, end;
};

// "Summarise this text: The first …": the request ends at the colon.
Span before_colon(std::string_view message, Span request) {
  std::string_view text = message.substr(request.begin, request.end - request.begin);
  size_t colon = text.find(": ");
  if (colon == std::string_view::npos || text.ends_with('?')) return request;
  bool material_follows = words(text.substr(colon)).size() >= words_after_colon_min;
  return material_follows && words(text.substr(0, colon)).size() > 1 ? Span{request.begin, request.begin + colon + 1} : request;
}

// The sentence that says what to do. A question at the end counts before one at the beginning.
Span request_span(std::string_view message) {
  std::vector<Sentence> sentences = outline(message).sentences;
  if (sentences.empty()) return {0, 0};
  size_t edge = std::min(sentences.size(), edge_sentences);
  auto span = [&](size_t i) { return before_colon(message, {sentences[i].begin, sentences[i].end}); };
  for (size_t i = 1; i <= edge; ++i)
    if (is_request(sentences[sentences.size() - i].in(message))) return span(sentences.size() - i);
  for (size_t i = 0; i < edge; ++i)
    if (is_request(sentences[i].in(message))) return span(i);
  return sentences.size() <= 2 ? Span{sentences.front().begin, sentences.back().end} : span(0);
}

bool is_small_talk(std::string_view spaced_words) {
  if (spaced_words.size() < 2 || holds_any(spaced_words, introductions)) return true;
  std::vector<Word> all = words(spaced_words);
  return std::ranges::all_of(all, [&](const Word& word) { return std::ranges::find(greetings, word.in(spaced_words)) != greetings.end(); });
}

Task task_of(std::string_view spaced_words) {
  if (is_small_talk(spaced_words)) return Task::small_talk;
  if (holds_any(spaced_words, std::to_array<std::string_view>({"summar", "tl dr ", "tldr ", "main points ", "key points ", "gist ",
                                                               "condense", "shorten", "in brief "})))
    return Task::summarise;
  if (holds_any(spaced_words, std::to_array<std::string_view>({"key phrase", "keyphrase", "keyword", "key word", "key term"})))
    return Task::key_phrases;
  if (opens_with_any(spaced_words, compositions)) return Task::compose;
  if (opens_with_any(spaced_words, making) && holds_any(spaced_words, things_written)) return Task::compose;
  return Task::question;
}

// "extract all dates", "list the email addresses"
std::vector<EntityKind> wanted_entities(std::string_view spaced_words) {
  bool asked = holds(spaced_words, "extract") || spaced_words.starts_with(" list ") || holds(spaced_words, "find all ") ||
               holds(spaced_words, "list all ");
  std::vector<EntityKind> wanted;
  if (!asked) return wanted;
  for (const Extractable& each : extractable)
    if (holds(spaced_words, each.opening) && std::ranges::find(wanted, each.kind) == wanted.end()) wanted.push_back(each.kind);
  return wanted;
}

Unit unit_of(std::string_view word) {
  if (word.starts_with("sentence")) return Unit::sentences;
  if (word.starts_with("bullet") || word.starts_with("point")) return Unit::bullets;
  if (word.starts_with("word")) return Unit::words;
  return word.starts_with("key") || word.starts_with("phrase") ? Unit::phrases : Unit::none;
}

// "in 3 sentences", "two short bullet points", "at most 50 words"
void read_amount(std::string_view instruction, Request& request) {
  std::vector<Word> all = words(instruction);
  for (size_t i = 0; i < all.size(); ++i) {
    std::string number = plain_number(all[i].in(instruction));
    size_t count = 0;
    auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), count);
    bool whole = !number.empty() && problem == std::errc() && end == number.data() + number.size();
    for (size_t after = i + 1; after <= i + 2 && after < all.size(); ++after) {
      Unit unit = unit_of(fold_case(all[after].in(instruction)));
      if (!whole || unit == Unit::none) continue;
      request.unit = unit;
      request.count = count;
      return;
    }
    if (Unit unit = unit_of(fold_case(all[i].in(instruction))); unit == Unit::bullets) request.unit = unit;
  }
}

void add_material(Request& request, std::string_view text) {
  text = trimmed(text);
  if (words(text.substr(0, question_bytes_max)).size() >= material_words_min) request.material.push_back(text);
}

}  // namespace

Request read_request(std::string_view message) {
  Request request;
  Span span = request_span(message);
  request.instruction = message.substr(span.begin, span.end - span.begin);
  add_material(request, message.substr(0, span.begin));
  add_material(request, message.substr(span.end));
  std::string spaced_words = spaced(request.instruction);
  request.task = task_of(spaced_words);
  if (request.task == Task::small_talk && !request.material.empty()) request.task = Task::question;
  if (request.task == Task::question) request.wanted = wanted_entities(spaced_words);
  if (!request.wanted.empty()) request.task = Task::extract;
  read_amount(request.instruction, request);
  return request;
}

}  // namespace outcrop::embedded
