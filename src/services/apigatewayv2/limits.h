// The limits of WebSocket APIs' configuration, each with its source. "Quotas" is "Quotas for configuring and running a WebSocket API in
// API Gateway" in the API Gateway Developer Guide.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::apigatewayv2::limits {

// Quotas; of an account in a Region.
inline constexpr size_t apis_max = 600;
inline constexpr size_t domain_names_max = 120;

// Quotas; of an API.
inline constexpr size_t routes_max = 300;
inline constexpr size_t integrations_max = 300;
inline constexpr size_t stages_max = 10;
inline constexpr size_t authorizers_max = 10;

// "Amazon API Gateway important notes" and Quotas of REST APIs, which these share: of an API.
inline constexpr size_t models_max = 600;
// Ours: responses of a route, or of an integration; one for every HTTP status is plenty.
inline constexpr size_t responses_max = 100;
// Ours: of an API. AWS names no such quota; every deployment is a copy of all parts.
inline constexpr size_t deployments_max = 1'000;
// Ours: of a domain name, as Quotas has it for "API mappings per domain".
inline constexpr size_t mappings_max = 200;

// Ours: keys and records of the parts that a deployment freezes, which one transaction of the store must hold (store/limits.h).
inline constexpr size_t deployment_bytes_max = 6 << 20;

// Ours: of one part; templates of 32 KiB are many in it, and it fits under one key of the store.
inline constexpr size_t record_bytes_max = 512 << 10;

inline constexpr int32_t timeout_ms_min = 50, timeout_ms_max = 29'000;  // API reference, CreateIntegration: of WebSocket APIs

inline constexpr size_t tags_max = 50;            // "Tagging your API Gateway resources"
inline constexpr size_t tag_key_bytes_max = 128;  // likewise
inline constexpr size_t tag_value_bytes_max = 256;

inline constexpr size_t mapping_key_max = 300;            // "Map API stages to a custom domain name for WebSocket APIs"
inline constexpr size_t model_name_max = 128;             // API reference, CreateModel
inline constexpr size_t model_schema_bytes_max = 32'768;  // likewise
inline constexpr size_t stage_name_max = 128;             // API reference, CreateStage

// Ours: of a model's sample template, whose schema may refer to itself; behind either everything is null. The second is Quotas' "Maximum
// mapping template size".
inline constexpr int model_template_depth_max = 16;
inline constexpr size_t model_template_bytes_max = 300 << 10;

// Of a page. Ours: the API reference names none.
inline constexpr size_t page_default = 100;
inline constexpr size_t page_max = 500;

// Ids as AWS's are: "bu24s9i8t0", "fxqec8c", "r72mcp".
inline constexpr size_t api_id_length = 10;
inline constexpr size_t part_id_length = 7;        // of routes and integrations
inline constexpr size_t deployment_id_length = 6;  // of all others

// What the data plane remembers of stages that it served. Ours: with what they share a few MiB.
inline constexpr size_t served_stages_max = 4'096;

// Of a request: 300 parameters of 512 characters and templates of 32 KiB, with room for what is to be refused. Ours.
inline constexpr size_t request_bytes_max = 2 << 20;

}  // namespace outcrop::apigatewayv2::limits
