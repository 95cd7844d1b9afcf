// Bounds of authentication and policies, each with its source.
#pragma once
#include <chrono>
#include <cstddef>

namespace outcrop::auth {

// How far a signature's time may lie from ours. AWS names 5 minutes in its messages ("… - 5 min.") and, for S3, documents 15
// (S3 error responses, RequestTimeTooSkewed).
inline constexpr std::chrono::minutes clock_skew_max{5};
inline constexpr std::chrono::minutes clock_skew_s3_max{15};

// How long a presigned query may be good for: 7 days (S3 API reference, "Authenticating Requests: Using Query Parameters").
inline constexpr std::chrono::seconds presigned_expiry_max{604'800};

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

// Chunks of a signed or unsigned aws-chunked body but the last have at least 8 KiB (S3 error responses, InvalidChunkSizeError).
inline constexpr size_t chunk_bytes_min = 8192;
// Bytes of a line that announces a chunk: 16 hexadecimal digits and a signature of 64 have 98. Ours.
inline constexpr size_t chunk_line_bytes_max = 256;
// Bytes of a trailer's line, and how many trailers may be declared. Ours: a base64 SHA-256 has 44, and there is one checksum.
inline constexpr size_t trailer_line_bytes_max = 1024;
inline constexpr size_t trailers_max = 16;

// Bytes of a JSON Web Token: WebIdentityToken has 20,000 characters at most (STS API reference).
inline constexpr size_t jwt_bytes_max = 20'000;

// Bytes of a session token that are opened. Ours: the largest session that STS issues, 50 tags of 384 characters of three bytes each
// beside its policies, stays below; most are a few hundred.
inline constexpr size_t session_token_bytes_max = 128 * 1024;
// Sessions kept open in memory, so that a token is opened once. Ours: some MiB at the most that sessions usually carry.
inline constexpr size_t opened_sessions_max = 4096;

// Policy documents. The largest AWS allows anywhere is 30,720 bytes for an EventBridge bus or SNS topic, 20 KiB for S3 and Lambda
// and 1 MiB for none; a service applies its own, lower limit first.
inline constexpr size_t policy_bytes_max = 64 * 1024;
// Statements, and strings in one list of a statement. Ours: what 64 KiB can hold does not exceed them.
inline constexpr size_t policy_statements_max = 4096;
inline constexpr size_t policy_values_max = 16384;
// Nesting of the document's JSON: Condition → operator → key → values is four deep.
inline constexpr size_t policy_depth_max = 8;

}  // namespace outcrop::auth
