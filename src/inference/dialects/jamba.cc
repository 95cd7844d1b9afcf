// AI21 Labs' Jamba (Bedrock user guide, "AI21 Labs Jamba models"; AI21's own reference for tools and documents).
#include <fmt/format.h>

#include "inference/dialects/chat_completion.h"
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::jamba {

namespace {

// Of the several answers that `n` may ask for there is one here.
constexpr MemberRule rules[] = {
    {.name = "messages", .required = true},
    {.name = "documents"},
    {.name = "frequency_penalty", .meaning = Meaning::kept_number},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .range = {0, 4096}},
    {.name = "n"},
    {.name = "presence_penalty", .meaning = Meaning::kept_number},
    {.name = "response_format"},
    {.name = "stop", .meaning = Meaning::stop_or_stops},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 2}},
    {.name = "tools"},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
};

DocumentBlock read_document(const Field& document) {
  document.object({"content"}, {"id", "metadata"});
  DocumentBlock block{.name = document["id"].string(), .source = DocumentBlock::Text{document["content"].string()}};
  for (const Field& entry : document["metadata"].elements()) {
    entry.object({"key", "value"});
    block.context += fmt::format("{}: {}\n", entry["key"].string(), entry["value"].string());
  }
  return block;
}

// Documents stand before what the user says last.
void read_documents(const Field& documents, Conversation& out) {
  std::vector<ContentBlock> read;
  for (const Field& document : documents.elements()) read.emplace_back(read_document(document));
  if (read.empty()) return;
  std::vector<ContentBlock>& content = last_of_user(out).content;
  content.insert(content.begin(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  body["n"].integer({1, 1});
  chat::read_messages(body["messages"], out);
  chat::read_tools(body["tools"], out);
  chat::read_response_format(body["response_format"], out, kept);
  read_documents(body["documents"], out);
  keep(out, std::move(kept));
}

std::string id_of(const AnswerFacts& facts) { return fmt::format("chatcmpl-{}", facts.answer_id); }

class JambaStream final : public chat::DeltaStream {
 public:
  explicit JambaStream(const AnswerFacts& facts) : DeltaStream(chat::DeltaStyle()), id_(id_of(facts)) {}

 private:
  void write_head(json::Writer& out) const override { out.name("id"), out.string(id_); }

  const std::string id_;
};

class Jamba final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::json_schema, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override { return above_maximum("/max_tokens", asked, allowed); }
  std::string write(CollectedAnswer answer, const AnswerFacts& facts) const override {
    std::string body;
    json::Writer out(body);
    out.begin_object();
    out.name("id"), out.string(id_of(facts));
    chat::write_choices(out, answer_text(answer), answer);
    out.end_object();
    return body;
  }
  std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const override { return std::make_unique<JambaStream>(facts); }
};

}  // namespace
}  // namespace outcrop::inference::jamba

namespace outcrop::inference {

const Dialect& jamba_dialect() {
  static const jamba::Jamba dialect;
  return dialect;
}

}  // namespace outcrop::inference
