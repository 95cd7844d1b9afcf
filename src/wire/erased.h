// Erased: a struct of a type that only its table knows.
#pragma once
#include <memory>
#include <utility>

namespace outcrop::wire {

// The struct, and what keeps it alive.
class Erased {
 public:
  Erased() = default;
  Erased(void* value, void* owner, void (*destroy)(void* owner)) : value_(value), owner_(owner, destroy) {}
  // A part of what `whole` keeps alive.
  Erased(void* part, Erased whole) : value_(part), owner_(std::move(whole.owner_)) {}
  void* get() const { return value_; }
  explicit operator bool() const { return value_ != nullptr; }

 private:
  void* value_ = nullptr;
  std::unique_ptr<void, void (*)(void*)> owner_{nullptr, [](void*) {}};
};

template <class T>
Erased erase(T value) {
  T* held = new T(std::move(value));
  return Erased(held, held, [](void* owner) { delete static_cast<T*>(owner); });
}
template <class T>
Erased make_erased() {
  T* held = new T();
  return Erased(held, held, [](void* owner) { delete static_cast<T*>(owner); });
}

}  // namespace outcrop::wire
