// Deferred: something to do on a loop once what is being done has ended, and before the loop sleeps. It is embedded in whoever does it, and
// costs neither an allocation nor a lock. On the loop's thread only.
#pragma once
#include <utility>

namespace outcrop::net {

class Deferred {
 public:
  using Run = void (*)(void* owner);
  // Destroying it, `run` may do so too, cancels it.
  Deferred(Run run, void* owner) : run_(run), owner_(owner) {}
  Deferred(const Deferred&) = delete;
  ~Deferred() { cancel(); }

  bool is_waiting() const { return queue_ != nullptr; }
  void cancel() {
    if (queue_) queue_->remove(*this);
  }

  // In the order in which they were added.
  class Queue {
   public:
    Queue() = default;
    Queue(const Queue&) = delete;
    ~Queue() {
      while (first_) remove(*first_);
    }
    bool is_empty() const { return !first_; }

    // Once, however often it is added.
    void add(Deferred& deferred) {
      if (deferred.queue_) return;
      deferred.queue_ = this;
      deferred.previous_ = last_;
      (last_ ? last_->next_ : first_) = &deferred;
      last_ = &deferred;
    }

    // Runs those that wait now; what they add waits for the next time.
    void run() {
      Queue now;
      now.first_ = std::exchange(first_, nullptr);
      now.last_ = std::exchange(last_, nullptr);
      for (Deferred* each = now.first_; each; each = each->next_) each->queue_ = &now;
      while (Deferred* next = now.first_) {
        now.remove(*next);
        next->run_(next->owner_);
      }
    }

   private:
    friend Deferred;
    void remove(Deferred& deferred) {
      (deferred.previous_ ? deferred.previous_->next_ : first_) = deferred.next_;
      (deferred.next_ ? deferred.next_->previous_ : last_) = deferred.previous_;
      deferred.previous_ = deferred.next_ = nullptr;
      deferred.queue_ = nullptr;
    }

    Deferred* first_ = nullptr;
    Deferred* last_ = nullptr;
  };

 private:
  const Run run_;
  void* const owner_;
  Queue* queue_ = nullptr;
  Deferred* previous_ = nullptr;
  Deferred* next_ = nullptr;
};

}  // namespace outcrop::net
