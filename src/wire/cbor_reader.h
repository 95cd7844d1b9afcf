// A pull reader of CBOR (RFC 8949), the part of it that Smithy's rpcv2Cbor uses: integers of 64 bits, half, single and
// double floats, byte and text strings, arrays and maps, definite or not. Nothing is built that was not asked for, and no
// length is believed before the bytes are there.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::wire {

enum class CborToken : uint8_t {
  error,
  end,   // of the whole text: one item and nothing behind it
  null,  // also `undefined`
  boolean,
  unsigned_,  // 0 … 2^64 - 1
  negative,   // -1 - unsigned_value()
  real,
  bytes,
  text,  // valid UTF-8
  begin_array,
  end_array,
  begin_map,  // keys and values follow in turn
  end_map,
  tag,  // unsigned_value() is its number; the item it is on follows
};

class CborReader {
 public:
  explicit CborReader(std::string_view bytes) : rest_(bytes) {}

  CborToken next();
  CborToken token() const { return token_; }

  // Of the token read last.
  bool boolean_value() const { return number_ != 0; }
  uint64_t unsigned_value() const { return number_; }
  double real_value() const { return real_; }
  std::string_view string_value() const { return string_; }  // valid until the next next()

  // Passes over the value whose first token was read last; false on an error.
  bool skip();

 private:
  struct Open {
    uint64_t left;  // items to come; indefinite: as many as come
    bool is_map;
    bool key_comes = true;  // of a map: the next item is a key
  };
  static constexpr uint64_t indefinite = UINT64_MAX;

  CborToken error() { return token_ = CborToken::error; }
  CborToken close();
  CborToken item();
  bool argument(uint8_t info, uint64_t& value);
  CborToken string(bool is_text, uint8_t info);
  CborToken collection(bool is_map, uint8_t info);
  CborToken simple(uint8_t info);
  bool take(uint64_t count, std::string_view& bytes);
  bool chunks(uint8_t major, bool is_text);

  std::string_view rest_;
  std::vector<Open> open_;
  CborToken token_ = CborToken::null;
  uint64_t number_ = 0;
  double real_ = 0;
  std::string_view string_;
  std::string joined_;  // an indefinite string
  bool begun_ = false;
};

}  // namespace outcrop::wire
