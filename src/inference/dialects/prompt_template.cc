#include "inference/dialects/prompt_template.h"

#include "inference/dialects/turns.h"

namespace outcrop::inference {

namespace {

using TokenKind = TemplateToken::Kind;

constexpr std::string_view space = " \t\r\n";

std::string_view trimmed_front(std::string_view text) {
  const size_t start = text.find_first_not_of(space);
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

std::string_view trimmed(std::string_view text) {
  text = trimmed_front(text);
  return text.substr(0, text.find_last_not_of(space) + 1);
}

struct Found {
  size_t at = std::string_view::npos;
  const TemplateToken* token = nullptr;
};

// The first token at or after `from`.
Found find_token(const PromptTemplate& prompt_template, std::string_view prompt, size_t from) {
  std::string firsts;
  for (const TemplateToken& token : prompt_template.tokens) firsts += token.text.front();
  for (size_t at = prompt.find_first_of(firsts, from); at != std::string_view::npos; at = prompt.find_first_of(firsts, at + 1)) {
    if (prompt_template.are_words && at > 0 && prompt[at - 1] != '\n') continue;
    for (const TemplateToken& token : prompt_template.tokens) {
      if (prompt.substr(at).starts_with(token.text)) return {at, &token};
    }
  }
  return {};
}

bool begins_turn(TokenKind kind) { return kind == TokenKind::system || kind == TokenKind::user || kind == TokenKind::assistant; }

// Whether words stand for turns: the last of them is the assistant's.
bool calls_for_answer(const PromptTemplate& prompt_template, std::string_view prompt) {
  TokenKind last = TokenKind::nothing;
  for (Found found = find_token(prompt_template, prompt, 0); found.token; found = find_token(prompt_template, prompt, found.at + 1)) {
    last = found.token->kind;
  }
  return last == TokenKind::assistant;
}

class Turns {
 public:
  Turns(std::vector<ImageBlock> images, Conversation& out) : images_(std::move(images)), out_(out) {}

  void add(std::string_view text, bool ends_prompt) {
    text = ends_prompt && turn_ == TokenKind::assistant ? trimmed_front(text) : trimmed(text);
    if (text.empty()) return;
    if (turn_ == TokenKind::system) {
      out_.system.push_back(TextBlock{std::string(text)});
    } else {
      say(out_, turn_ == TokenKind::assistant ? Role::assistant : Role::user, TextBlock{std::string(text)});
    }
  }

  void take(TokenKind kind) {
    if (begins_turn(kind)) turn_ = kind;
    if (kind == TokenKind::end_of_turn) turn_ = TokenKind::user;
    if (kind != TokenKind::image || next_image_ == images_.size()) return;
    say(out_, Role::user, std::move(images_[next_image_++]));
  }

  // Images that no token has a place for.
  void place_the_rest() {
    if (next_image_ == images_.size()) return;
    std::vector<ContentBlock>& content = last_of_user(out_).content;
    content.insert(content.begin(), std::make_move_iterator(images_.begin() + ptrdiff_t(next_image_)),
                   std::make_move_iterator(images_.end()));
  }

  void begin_with(TokenKind turn) { turn_ = turn; }

 private:
  std::vector<ImageBlock> images_;
  size_t next_image_ = 0;
  Conversation& out_;
  TokenKind turn_ = TokenKind::user;
};

// What stands before the first turn: the system's where there are turns, otherwise all there is.
TokenKind first_turn(const PromptTemplate& prompt_template, std::string_view prompt) {
  Found found = find_token(prompt_template, prompt, 0);
  while (found.token && !begins_turn(found.token->kind)) found = find_token(prompt_template, prompt, found.at + 1);
  return found.token ? TokenKind::system : TokenKind::user;
}

// The prompt as it is, of which the user says all.
void say_all(std::string_view prompt, Conversation& out) {
  out.system.clear();
  say(out, Role::user, TextBlock{std::string(prompt)});
}

}  // namespace

void read_prompt(const PromptTemplate& prompt_template, std::string_view prompt, std::vector<ImageBlock> images, Conversation& out) {
  Turns turns(std::move(images), out);
  if (prompt_template.are_words && !calls_for_answer(prompt_template, prompt)) {
    say_all(prompt, out);
    return turns.place_the_rest();
  }
  turns.begin_with(first_turn(prompt_template, prompt));
  size_t from = 0;
  for (Found found = find_token(prompt_template, prompt, from); found.token; found = find_token(prompt_template, prompt, from)) {
    turns.add(prompt.substr(from, found.at - from), false);
    turns.take(found.token->kind);
    from = found.at + found.token->text.size();
  }
  turns.add(prompt.substr(from), true);
  if (out.messages.empty()) say_all(prompt, out);
  turns.place_the_rest();
}

}  // namespace outcrop::inference
