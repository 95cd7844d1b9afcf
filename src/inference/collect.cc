#include "inference/collect.h"

namespace outcrop::inference {

void Collector::take(AnswerEvent event) {
  if (auto* start = std::get_if<BlockStart>(&event)) {
    end_block();
    open_ = start->index;
    tool_input_.clear();
    answer_.content.push_back(ToolUseBlock{std::move(start->tool_use.id), std::move(start->tool_use.name), {}});
  } else if (auto* delta = std::get_if<BlockDelta>(&event)) {
    if (delta->index != open_) begin(*delta);
    append(std::move(*delta));
  } else if (std::holds_alternative<BlockStop>(event)) {
    end_block();
  } else if (auto* end = std::get_if<AnswerEnd>(&event)) {
    const bool malformed = answer_.end.reason == StopReason::malformed_tool_use;
    answer_.end = std::move(*end);
    if (malformed) answer_.end.reason = StopReason::malformed_tool_use;
  } else {
    answer_.usage = std::get<AnswerUsage>(event).usage;
  }
}

// Text, thoughts and citations begin without a word.
void Collector::begin(const BlockDelta& delta) {
  end_block();
  open_ = delta.index;
  if (std::holds_alternative<ReasoningDelta>(delta.delta)) {
    answer_.content.push_back(ReasoningBlock());
  } else {
    answer_.content.push_back(TextBlock());
  }
}

void Collector::append(BlockDelta delta) {
  ContentBlock& block = answer_.content.back();
  if (auto* text = std::get_if<TextDelta>(&delta.delta)) {
    if (auto* cited = std::get_if<CitationsBlock>(&block)) {
      cited->texts.back() += text->text;
    } else if (auto* plain = std::get_if<TextBlock>(&block)) {
      plain->text += text->text;
    }
  } else if (auto* input = std::get_if<ToolInputDelta>(&delta.delta)) {
    tool_input_ += input->json;
  } else if (auto* thought = std::get_if<ReasoningDelta>(&delta.delta)) {
    auto* reasoning = std::get_if<ReasoningBlock>(&block);
    if (!reasoning) return;
    reasoning->text += thought->text;
    reasoning->signature += thought->signature;
    reasoning->redacted += thought->redacted;
  } else if (auto* citation = std::get_if<CitationDelta>(&delta.delta)) {
    // Text that is cited is a block of its own kind, with its citations.
    if (auto* plain = std::get_if<TextBlock>(&block)) block = CitationsBlock{{std::move(plain->text)}, {}};
    if (auto* cited = std::get_if<CitationsBlock>(&block)) cited->citations.push_back(std::move(citation->citation));
  }
}

void Collector::end_block() {
  if (open_ < 0) return;
  open_ = -1;
  auto* use = std::get_if<ToolUseBlock>(&answer_.content.back());
  if (!use) return;
  const std::string text = std::exchange(tool_input_, {});
  auto input = json::parse(text.empty() ? "{}" : text);
  if (!input) answer_.end.reason = StopReason::malformed_tool_use;
  use->input = input ? std::move(*input) : json::Value(text);
}

CollectedAnswer Collector::finish() {
  end_block();
  return std::move(answer_);
}

Task<Result<CollectedAnswer>> collect(Answer& answer) {
  Collector collector;
  while (std::optional<AnswerEvent> event = co_await answer.next()) collector.take(std::move(*event));
  co_return collector.finish();
}

}  // namespace outcrop::inference
