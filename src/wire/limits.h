// The limits of wire, each with its reason.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::wire::limits {

// Structures inside structures, in requests: DynamoDB's documented depth of a document is 32 levels, two structures
// each; twice that for what surrounds them.
inline constexpr int request_depth_max = 128;
// Arrays and maps inside each other in CBOR: what members that nobody knows may hold beyond the structures above.
inline constexpr size_t cbor_depth_max = 2 * request_depth_max;
// Parameters of a form. AWS publishes no number; its largest request, a PutMetricData of 1,000 datums with 30
// dimensions each, has about 65,000.
inline constexpr size_t form_fields_max = 100'000;
// Elements inside elements in XML bodies. Our own: S3's deepest configuration has 8.
inline constexpr size_t xml_depth_max = 64;
// Elements and attributes of an XML body. A CompleteMultipartUpload of 10,000 parts with every checksum has about 90,000.
inline constexpr size_t xml_nodes_max = 200'000;
// Structures inside structures, in records. Ours are flat.
inline constexpr int record_depth_max = 64;
// Violations found before the validator stops: what AWS lists is bounded too, and nobody reads more.
inline constexpr size_t violations_max = 50;
// Steps of PCRE2 for one match: milliseconds at worst. Its own default of 10,000,000 is half a second.
inline constexpr uint32_t pattern_steps_max = 200'000;
// Memory of PCRE2 for backtracking in one match, KiB.
inline constexpr uint32_t pattern_heap_kib_max = 1024;

// Of a message of an event stream (AWS's SDKs: botocore's eventstream.py, aws-c-event-stream): headers, payloads they
// read, and what older ones read, beyond which nothing is sent.
inline constexpr size_t event_headers_bytes_max = 128 << 10;
inline constexpr size_t event_payload_bytes_max = 24 << 20;
inline constexpr size_t event_payload_bytes_max_sent = 16 << 20;
// Headers of a message. Ours: AWS's have a handful; 128 KiB of the shortest would be 40,000.
inline constexpr size_t event_headers_max = 1000;

}  // namespace outcrop::wire::limits
