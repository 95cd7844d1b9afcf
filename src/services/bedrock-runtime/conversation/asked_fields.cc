#include "services/bedrock-runtime/conversation/asked_fields.h"

#include <utility>

#include "inference/collect.h"
#include "inference/response_fields.h"

namespace outcrop::bedrock_runtime {

namespace {

using inference::AnswerEnd;
using inference::AnswerEvent;
using inference::AnswerUsage;

class AnswerWithFields final : public inference::Answer {
 public:
  AnswerWithFields(std::unique_ptr<inference::Answer> answer, AskedFields asked, const CacheUse& cache)
      : Answer(*answer), answer_(std::move(answer)), asked_(std::move(asked)), cache_(cache), fields_(asked_.paths) {
    if (asked_.dialect && asked_.streamed) stream_ = asked_.dialect->stream(facts());
  }

  Task<Result<std::optional<AnswerEvent>>> next() override {
    if (after_end_) co_return std::exchange(after_end_, std::nullopt);
    std::optional<AnswerEvent> event = co_await answer_->next();
    if (auto* end = event ? std::get_if<AnswerEnd>(&*event) : nullptr) {
      after_end_ = co_await answer_->next();
      if (auto* usage = after_end_ ? std::get_if<AnswerUsage>(&*after_end_) : nullptr) find_fields(*end, usage->usage);
    } else if (event) {
      remember(*event);
    }
    Answer::operator=(*answer_);
    co_return event;
  }
  Task<void> close() override { return answer_->close(); }

 private:
  inference::AnswerFacts facts() const {
    return {.model_id = asked_.model_id, .answer_id = asked_.answer_id, .input_tokens = asked_.input_tokens, .created_s = asked_.created_s};
  }

  void remember(const AnswerEvent& event) {
    if (!asked_.dialect) return;
    std::vector<std::string> unwanted;
    if (stream_) stream_->take(event, unwanted);
    collector_.take(event);
  }

  void find_fields(AnswerEnd& end, const inference::Usage& counted) {
    fields_.begin_with(std::move(end.additional_fields));
    const AnswerUsage usage{cache_.in(counted)};
    if (stream_) {
      std::vector<std::string> last;
      stream_->take(end, last);
      stream_->take(usage, last);
      for (const std::string& chunk : last) fields_.add_missing(chunk);
    }
    if (asked_.dialect) {
      collector_.take(end);
      collector_.take(usage);
      fields_.add_missing(asked_.dialect->write(collector_.finish(), facts()));
    }
    end.additional_fields = fields_.finish();
  }

  std::unique_ptr<inference::Answer> answer_;
  const AskedFields asked_;
  const CacheUse cache_;
  inference::ResponseFields fields_;
  inference::Collector collector_;
  std::unique_ptr<inference::DialectStream> stream_;
  std::optional<AnswerEvent> after_end_;
};

}  // namespace

std::unique_ptr<inference::Answer> with_asked_fields(std::unique_ptr<inference::Answer> answer, AskedFields asked, const CacheUse& cache) {
  if (asked.paths.empty()) return answer;
  return std::make_unique<AnswerWithFields>(std::move(answer), std::move(asked), cache);
}

}  // namespace outcrop::bedrock_runtime
