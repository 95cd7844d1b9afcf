// Bounds of authentication and policies, each with its source.
#pragma once
#include <chrono>
#include <cstddef>

namespace outcrop::auth {

// How far a signature's time may lie from ours. AWS names 5 minutes in its messages ("… - 5 min.") and, for S3, documents 15
// (S3 error responses, RequestTimeTooSkewed).
inline constexpr std::chrono::minutes clock_skew_max{5};
inline constexpr std::chrono::minutes clock_skew_s3_max{15};

// Names in SignedHeaders. Ours: far above the two dozen headers any client signs, and it bounds the search through the head.
inline constexpr size_t signed_headers_max = 128;
// Bytes of an Authorization header that are parsed. Ours: a legitimate one is below 1 KiB plus its signed header names.
inline constexpr size_t authorization_bytes_max = 8192;
// Characters of an access key id (IAM API reference, AccessKey: 16 to 128); any shorter one is accepted in open mode.
inline constexpr size_t access_key_id_characters_max = 128;
// Characters of a region or service name in a scope. Ours: the longest of AWS's are 25 and 32.
inline constexpr size_t scope_name_characters_max = 64;
// Signing keys kept. Ours: 1,000 access keys signing for 4 services each; about 1 MiB.
inline constexpr size_t signing_keys_max = 4096;

// Policy documents. The largest AWS allows anywhere is 30,720 bytes for an EventBridge bus or SNS topic, 20 KiB for S3 and Lambda
// and 1 MiB for none; a service applies its own, lower limit first.
inline constexpr size_t policy_bytes_max = 64 * 1024;
// Statements, and strings in one list of a statement. Ours: what 64 KiB can hold does not exceed them.
inline constexpr size_t policy_statements_max = 4096;
inline constexpr size_t policy_values_max = 16384;
// Nesting of the document's JSON: Condition → operator → key → values is four deep.
inline constexpr size_t policy_depth_max = 8;

}  // namespace outcrop::auth
