// Box<T>: an optional value kept on the heap. Alternatives of unions and members that contain their own type
// are boxed, so that a union is as wide as its pointers and recursive shapes have a size.
#pragma once
#include <memory>
#include <utility>

namespace outcrop::wire {

// Copies deeply. The interface is that of std::optional.
template <class T>
class Box {
 public:
  Box() = default;
  Box(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Box(const Box& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Box(Box&&) noexcept = default;
  Box& operator=(const Box& other) {
    if (this != &other) value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  Box& operator=(Box&&) noexcept = default;

  T& emplace() {
    value_ = std::make_unique<T>();
    return *value_;
  }
  T& emplace(T value) {
    value_ = std::make_unique<T>(std::move(value));
    return *value_;
  }
  void reset() { value_.reset(); }

  bool has_value() const { return value_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

  friend bool operator==(const Box& a, const Box& b) { return a.has_value() == b.has_value() && (!a.has_value() || *a == *b); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace outcrop::wire
