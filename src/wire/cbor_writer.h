// Appends CBOR (RFC 8949) to a string, in the shortest form of each number.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace outcrop::wire {

class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}

  void null() { out_.push_back(static_cast<char>(0xf6)); }
  void boolean(bool value) { out_.push_back(static_cast<char>(value ? 0xf5 : 0xf4)); }
  void integer(int64_t value);
  void single_real(float value);
  void double_real(double value);
  void bytes(std::string_view bytes);
  void text(std::string_view text);  // UTF-8
  void tag(uint64_t number) { head(6, number); }

  void begin_array(uint64_t elements) { head(4, elements); }
  void begin_map(uint64_t entries) { head(5, entries); }
  // A map of as many entries as come before end_open().
  void begin_open_map() { out_.push_back(static_cast<char>(0xbf)); }
  void end_open() { out_.push_back(static_cast<char>(0xff)); }

 private:
  void head(uint8_t major, uint64_t argument);
  void big_endian(uint64_t value, int bytes);

  std::string& out_;
};

}  // namespace outcrop::wire
