#include "net/held_answers.h"

namespace outcrop::net {

void HeldAnswers::Answer::hold(size_t bytes) {
  if (bytes == 0) return;
  bytes_ = left_ = bytes;
  looked_at_ = held_.loop_.now();
  held_.append(*this);
  held_.bytes_ += bytes;
  if (held_.bytes_ > held_.bytes_max_) held_.pressed_.set(held_.first_->looked_at_ + held_.patience_);
}

void HeldAnswers::Answer::release() {
  if (bytes_ == 0) return;
  held_.remove(*this);
  held_.bytes_ -= std::exchange(bytes_, 0);
}

void HeldAnswers::append(Answer& answer) {
  answer.before_ = std::exchange(last_, &answer);
  answer.behind_ = nullptr;
  (answer.before_ ? answer.before_->behind_ : first_) = &answer;
}

void HeldAnswers::remove(Answer& answer) {
  (answer.before_ ? answer.before_->behind_ : first_) = answer.behind_;
  (answer.behind_ ? answer.behind_->before_ : last_) = answer.before_;
}

bool HeldAnswers::looks_still(Answer& answer) const {
  answer.looked_at_ = loop_.now();
  const size_t before = std::exchange(answer.left_, answer.bytes_left());
  return answer.left_ == before;
}

void HeldAnswers::relieve() {
  while (bytes_ > bytes_max_) {
    Answer& stillest = *first_;
    if (stillest.looked_at_ + patience_ > loop_.now()) return pressed_.set(stillest.looked_at_ + patience_);
    remove(stillest);
    append(stillest);
    if (looks_still(stillest)) stillest.give_up();
  }
}

}  // namespace outcrop::net
