// Bounds of what is read from the wire, checked before memory is spent.
#pragma once
#include <cstddef>

namespace outcrop::wire {

// Parameters of a form body. AWS publishes no number; its largest requests (a PutMetricData of 1,000 datums with 30 dimensions each)
// stay below.
inline constexpr size_t form_fields_max = 100'000;
// Levels of dots in a parameter's name; bounds recursion over shapes that contain themselves. Our own.
inline constexpr size_t query_depth_max = 64;

// Levels of elements in an XML body. Our own: S3's deepest configuration has 8.
inline constexpr size_t xml_depth_max = 64;
// Elements and attributes in an XML body. A CompleteMultipartUpload of 10,000 parts with every checksum has about 70,000.
inline constexpr size_t xml_nodes_max = 200'000;

}  // namespace outcrop::wire
