// Records on disk, by the same tables as the wire. Compact, and evolvable without version numbers: every member
// carries its frozen id, members that a release does not know survive its rewriting the record.
//
// Format 1: the byte 0x01, then the members of the structure in any order, absent ones left out.
//   member     varint(id << 2 | type), then by type
//              0 varint   boolean, byte … long and timestamp (ms since the epoch), zigzag
//              1 8 bytes  float and double, IEEE 754 double, little-endian
//              2 varint(length), bytes of that length: everything else
//   string, blob  as they are; document: JSON text; structure: its members
//   list       varint(count), then the elements: varint, 8 bytes, or varint(length) and bytes; sparse: a byte
//              1 or 0 before each, and nothing after 0
//   map        as a list of varint(length), key, value
// Varints are base 128, low groups first.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/shape.h"

namespace outcrop::wire {

void append_record(const Shape& shape, const void* record, std::string& out);
// `record` is a fresh struct of `shape`. InternalFailure 500 when the bytes are no such record.
Result<void> read_record(const Shape& shape, std::string_view bytes, void* record);

template <class T>
std::string encode_record(const T& record) {
  std::string out;
  append_record(T::shape, &record, out);
  return out;
}

template <class T>
Result<T> decode_record(std::string_view bytes) {
  T record;
  Result<void> read = read_record(T::shape, bytes, &record);
  if (!read) return fail(std::move(read.error()));
  return record;
}

}  // namespace outcrop::wire
