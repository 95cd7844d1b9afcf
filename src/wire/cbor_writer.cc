// Heads and numbers of CBOR.
#include "wire/cbor_writer.h"

#include <bit>

namespace outcrop::wire {

void CborWriter::big_endian(uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(value >> shift));
}

void CborWriter::head(uint8_t major, uint64_t argument) {
  const int width = argument < 24 ? 0 : argument <= UINT8_MAX ? 1 : argument <= UINT16_MAX ? 2 : argument <= UINT32_MAX ? 4 : 8;
  const uint8_t info =
      width == 0 ? static_cast<uint8_t>(argument) : static_cast<uint8_t>(24 + std::countr_zero(static_cast<unsigned>(width)));
  out_.push_back(static_cast<char>(major << 5 | info));
  big_endian(argument, width);
}

void CborWriter::integer(int64_t value) {
  if (value < 0)
    head(1, static_cast<uint64_t>(-1 - value));
  else
    head(0, static_cast<uint64_t>(value));
}

void CborWriter::single_real(float value) {
  out_.push_back(static_cast<char>(0xfa));
  big_endian(std::bit_cast<uint32_t>(value), 4);
}

void CborWriter::double_real(double value) {
  out_.push_back(static_cast<char>(0xfb));
  big_endian(std::bit_cast<uint64_t>(value), 8);
}

void CborWriter::bytes(std::string_view bytes) {
  head(2, bytes.size());
  out_.append(bytes);
}

void CborWriter::text(std::string_view text) {
  head(3, text.size());
  out_.append(text);
}

}  // namespace outcrop::wire
