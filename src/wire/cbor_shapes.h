// Structs as CBOR and back, by the tables and the model's names: the body of rpcv2Cbor.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/cbor_writer.h"
#include "wire/shape.h"

namespace outcrop::wire {

// Fills `structure`, a fresh struct of `shape`; no bytes count as {}. Members that are null or unknown are passed over.
// SerializationException 400: what is no CBOR, a value of a wrong type or beyond its kind's range, numbers of more than 64
// bits (no AWS shape has them), and documents, for which rpcv2Cbor has no form.
Result<void> read_cbor(const Shape& shape, std::string_view bytes, void* structure, Missing& missing);

// Absent members are left out. Documents are written as what they hold.
void write_cbor(const Shape& shape, const void* structure, std::string& out);
// Its entries, inside the map that is open.
void write_cbor_members(const Shape& shape, const void* structure, CborWriter& out);

}  // namespace outcrop::wire
