// Map<T>: string keys in the order they were inserted, which answers keep. Look-ups are linear while the map
// is small, and go through an index of positions above that, so that a hostile map costs no quadratic time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outcrop::wire {

// Positions by the hash of their key; empty while the map is small. Untemplated: the keys are read through
// `key_at`, which gives the key at a position of `entries`.
class KeyIndex {
 public:
  static constexpr size_t linear_max = 16;
  static constexpr size_t none = static_cast<size_t>(-1);
  using KeyAt = const std::string& (*)(const void* entries, size_t position);

  size_t find(const void* entries, size_t count, KeyAt key_at, std::string_view key) const;
  // After an entry was appended, which made them `count`.
  void appended(const void* entries, size_t count, KeyAt key_at);
  void clear() { slots_.clear(); }

 private:
  void rebuild(const void* entries, size_t count, KeyAt key_at);
  void place(std::string_view key, size_t position);

  std::vector<uint32_t> slots_;  // position + 1, 0 when free; a power of two long, at most half full
};

template <class T>
class Map {
 public:
  struct Entry {
    std::string key;
    T value;
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  Map() = default;
  Map(std::initializer_list<Entry> entries) {
    for (const Entry& entry : entries) (*this)[entry.key] = entry.value;
  }

  const T* find(std::string_view key) const {
    size_t position = index_.find(&entries_, entries_.size(), key_at, key);
    return position == KeyIndex::none ? nullptr : &entries_[position].value;
  }
  T* find(std::string_view key) { return const_cast<T*>(std::as_const(*this).find(key)); }
  bool contains(std::string_view key) const { return find(key) != nullptr; }

  // The value of `key`, made when it is new.
  T& operator[](std::string_view key) {
    T* there = find(key);
    return there ? *there : append(std::string(key));
  }
  T& operator[](const std::string& key) { return (*this)[std::string_view(key)]; }
  T& operator[](const char* key) { return (*this)[std::string_view(key)]; }
  T& operator[](std::string&& key) {
    T* there = find(key);
    return there ? *there : append(std::move(key));
  }
  // A fresh value under `key`; what was there is gone.
  T& renew(std::string_view key) {
    if (T* there = find(key)) {
      std::destroy_at(there);
      return *std::construct_at(there);
    }
    return (*this)[key];
  }
  bool erase(std::string_view key) {
    size_t position = index_.find(&entries_, entries_.size(), key_at, key);
    if (position == KeyIndex::none) return false;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
    index_.clear();
    index_.appended(&entries_, entries_.size(), key_at);
    return true;
  }
  void clear() {
    entries_.clear();
    index_.clear();
  }
  // Makes room for `count` entries in all.
  void reserve(size_t count) { entries_.reserve(count); }

  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  const Entry& at(size_t position) const { return entries_[position]; }
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  friend bool operator==(const Map& a, const Map& b) { return a.entries_ == b.entries_; }

 private:
  T& append(std::string&& key) {
    entries_.emplace_back(std::move(key));
    index_.appended(&entries_, entries_.size(), key_at);
    return entries_.back().value;
  }
  static const std::string& key_at(const void* entries, size_t position) {
    return (*static_cast<const std::vector<Entry>*>(entries))[position].key;
  }

  std::vector<Entry> entries_;
  KeyIndex index_;
};

}  // namespace outcrop::wire
