// PayloadFormat: how a protocol writes a structure outside of an HTTP request or answer: in the payload of an event
// stream's message.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/shape.h"

namespace outcrop::wire {

struct PayloadFormat {
  std::string_view content_type;
  // RPC protocols carry the members beside a stream in its first message, REST protocols in the HTTP head.
  bool has_initial_message;
  void (*write)(const Shape& shape, const void* structure, std::string& out);
  // `structure` is fresh. SerializationException 400.
  Result<void> (*read)(const Shape& shape, std::string_view payload, void* structure, Missing& missing);
};

// Of awsJson, restJson, restXml and rpcv2Cbor.
extern const PayloadFormat aws_json_payload, rest_json_payload, xml_payload, cbor_payload;

}  // namespace outcrop::wire
