#include "services/sqs/queue/entry.h"

#include "base/check.h"

namespace outcrop::sqs {

void ReadyList::push_back(Entry& entry) {
  check(!entry.list, "an entry is in one list at a time");
  entry.list = this;
  entry.before = last_;
  entry.after = nullptr;
  (last_ ? last_->after : first_) = &entry;
  last_ = &entry;
  ++size_;
}

void ReadyList::remove(Entry& entry) {
  check(entry.list == this, "an entry was removed from a list it is not in");
  (entry.before ? entry.before->after : first_) = entry.after;
  (entry.after ? entry.after->before : last_) = entry.before;
  entry.list = nullptr;
  entry.before = entry.after = nullptr;
  --size_;
}

}  // namespace outcrop::sqs
