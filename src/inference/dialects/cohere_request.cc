// A request to Command R: the history, the documents, the message, and what tools gave.
#include <fmt/format.h>

#include "inference/dialects/cohere.h"
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::cohere {

namespace {

constexpr MemberRule rules[] = {
    {.name = "message", .required = true},
    {.name = "chat_history"},
    {.name = "documents"},
    {.name = "frequency_penalty", .meaning = Meaning::kept_number, .range = {0, 1}},
    {.name = "k", .meaning = Meaning::kept_number, .range = {0, 500}},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .range = {.min = 1}},
    {.name = "p", .meaning = Meaning::top_p, .range = {0.01, 0.99}},
    {.name = "preamble"},
    {.name = "presence_penalty", .meaning = Meaning::kept_number, .range = {0, 1}},
    {.name = "prompt_truncation", .meaning = Meaning::kept_text},
    {.name = "raw_prompting", .meaning = Meaning::kept_boolean},
    {.name = "return_prompt", .meaning = Meaning::kept_boolean},
    {.name = "search_queries_only", .meaning = Meaning::kept_boolean},
    {.name = "seed", .meaning = Meaning::kept_integer},
    {.name = "stop_sequences", .meaning = Meaning::stops, .range = {0, 5}},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 1}},
    {.name = "tool_results"},
    {.name = "tools"},
};

void read_history(const Field& history, Conversation& out) {
  for (const Field& turn : history.elements()) {
    if (!turn.object({"role", "message"})) continue;
    const auto role = turn["role"].one_of({"USER", "CHATBOT"});
    const auto text = turn["message"].text();
    if (text) say(out, role == "CHATBOT" ? Role::assistant : Role::user, TextBlock{std::string(*text)});
  }
}

// A document is any text members; "title", "snippet" or "text" are the usual ones. Its id is how citations name it.
SearchResultBlock read_document(const Field& document, size_t index) {
  SearchResultBlock block{.source = fmt::format("doc_{}", index), .title = "", .texts = {}, .citations = true};
  if (!document.open_object()) return block;
  for (const json::Member& member : document.value().as_object()) {
    const std::string text = document[member.name()].string();
    if (member.name() == "id") {
      block.source = text;
    } else if (member.name() == "title") {
      block.title = text;
    } else if (member.name() == "snippet" || member.name() == "text") {
      block.texts.push_back(text);
    } else {
      block.texts.push_back(fmt::format("{}: {}", member.name(), text));
    }
  }
  return block;
}

// The calls are the assistant's turn and their outputs the next: the message they belong to is the one before.
void read_tool_results(const Field& results, Conversation& out) {
  std::vector<ToolResultBlock> read;
  for (const Field& element : results.elements()) {
    if (!element.object({"call", "outputs"})) continue;
    const Field call = element["call"];
    if (!call.object({"name", "parameters"}, {"generation_id"})) continue;
    call["parameters"].open_object();
    ToolResultBlock& result = read.emplace_back(fmt::format("call_{}", read.size()));
    say(out, Role::assistant, ToolUseBlock{result.id, call["name"].string(), call["parameters"].value()});
    for (const Field& output : element["outputs"].elements()) {
      if (output.open_object()) result.content.emplace_back(output.value());
    }
  }
  for (ToolResultBlock& result : read) say(out, Role::user, std::move(result));
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  if (auto preamble = body["preamble"].text(); preamble && !preamble->empty()) out.system.push_back(TextBlock{std::string(*preamble)});
  read_history(body["chat_history"], out);
  const std::vector<Field> documents = body["documents"].elements();
  for (size_t i = 0; i < documents.size(); ++i) say(out, Role::user, read_document(documents[i], i));
  const Field results = body["tool_results"];
  if (auto message = body["message"].text(); message && !(message->empty() && results))
    say(out, Role::user, TextBlock{std::string(*message)});
  read_tool_results(results, out);
  read_tools(body["tools"], out);
  keep(out, std::move(kept));
}

class CommandR final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override { return above_maximum("/max_tokens", asked, allowed); }
  std::string write(CollectedAnswer answer, const AnswerFacts& facts) const override { return write_answer(answer, facts); }
  std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const override { return stream_answer(facts); }
};

}  // namespace
}  // namespace outcrop::inference::cohere

namespace outcrop::inference {

const Dialect& cohere_command_r_dialect() {
  static const cohere::CommandR dialect;
  return dialect;
}

}  // namespace outcrop::inference
