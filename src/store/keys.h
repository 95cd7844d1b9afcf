// Keys: tuples encoded so that the bytes sort as the tuples do. All services build their keys with it.
//   text, bytes  00 becomes 00 FF, then the terminator 00 01; a prefix sorts before what it begins
//   u8 … u64     big-endian; i64 with its sign bit flipped
//   raw          as it is: prefixes and values of fixed size
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::store {

class KeyWriter {
 public:
  KeyWriter() = default;
  explicit KeyWriter(std::string_view prefix) : key_(prefix) {}

  KeyWriter& text(std::string_view value);
  KeyWriter& u8(uint8_t value);
  KeyWriter& u32(uint32_t value);
  KeyWriter& u64(uint64_t value);
  KeyWriter& i64(int64_t value);
  KeyWriter& raw(std::string_view bytes);

  const std::string& str() const& { return key_; }
  std::string str() && { return std::move(key_); }

 private:
  std::string key_;
};

// Takes a key apart, in the order it was written. None once it does not fit, and from then on.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key) : rest_(key) {}

  std::optional<std::string> text();
  std::optional<uint8_t> u8();
  std::optional<uint32_t> u32();
  std::optional<uint64_t> u64();
  std::optional<int64_t> i64();
  std::optional<std::string_view> raw(size_t size);
  // Whether the key begins with `prefix`, which is then behind us.
  bool skip(std::string_view prefix);

  std::string_view rest() const { return rest_; }
  bool at_end() const { return !failed_ && rest_.empty(); }

 private:
  template <class T>
  std::optional<T> integer();
  std::nullopt_t refuse();

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace outcrop::store
