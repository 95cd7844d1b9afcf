// The limits of expressions, each with its source. "API" is the API Reference of the service that is named, "Ruler" the
// repository aws/event-ruler, the engine behind EventBridge's rules; the rest are our own.
#pragma once
#include <cstddef>

namespace outcrop::expr::limits {

// Event patterns. Characters are UTF-16 code units, as the services that take patterns count them.
inline constexpr size_t pattern_characters_max = 4096;  // API of EventBridge, PutRule: EventPattern; of Lambda, Filter: Pattern
inline constexpr size_t pattern_depth_max = 1000;       // what the JSON reader takes; Jackson, which AWS reads with, has the same
inline constexpr size_t quoted_characters_max = 500;    // Jackson's ErrorReportConfiguration: of a text that is quoted in an error
// Ways to satisfy a pattern, one object from each "$or". Ours: each is kept, and asked of each event.
inline constexpr size_t or_combinations_max = 1000;
// Beginnings of wildcards that one value could be in at once. Ruler, README: "limit each single-rule machine to
// complexity of 10"; AWS refuses what comes to 11 and takes what comes to 9.
inline constexpr size_t wildcard_complexity_max = 10;
// Sets of such beginnings that are looked at to find the largest; a wildcard with more counts as too complex.
inline constexpr size_t wildcard_sets_max = 4096;

// Steps spent on finding elements of an event's arrays that satisfy a pattern together. Ours: an event that costs more
// holds tens of thousands of elements in arrays that cross, and does not match.
inline constexpr size_t match_steps_max = 200'000;

// JSONPath. Ours, all of them: no path that a person wrote comes near.
inline constexpr size_t path_bytes_max = 16 * 1024;
inline constexpr size_t path_depth_max = 64;  // of parentheses, functions and paths within filters
// Values that one evaluation looks at, with those that lead nowhere. "$..*..*" of a small document is beyond it.
inline constexpr size_t path_steps_max = 1'000'000;

// Regular expressions of paths and templates. Steps are PCRE2's; an evaluation shares them out among its searches.
inline constexpr size_t expression_bytes_max = 4096;
inline constexpr size_t expression_steps_max = 4'000'000;
inline constexpr size_t expression_heap_kib_max = 1024;

// Selection expressions. API of API Gateway V2: __string without a bound; a route key has at most 128 characters. Ours.
inline constexpr size_t selection_bytes_max = 2048;

// JSON Schema. Ours: of schemas within each other, with the references that were followed, and of all that one validation looks at.
inline constexpr size_t schema_depth_max = 200;
inline constexpr size_t schema_steps_max = 1'000'000;

// Mapping templates. "Quotas" is "Amazon API Gateway quotas and important notes" in its Developer Guide.
inline constexpr size_t template_bytes_max = 300 * 1024;  // Quotas: mapping template size
inline constexpr size_t foreach_turns_max = 1000;         // Quotas: iterations of a #foreach loop
inline constexpr size_t macro_depth_max = 20;             // Velocity 1.7: velocimacro.max.depth; blocks of #define count with macros
inline constexpr size_t template_depth_max = 64;          // ours: of directives, brackets and strings within each other
inline constexpr size_t template_steps_max = 1'000'000;   // ours: what is rendered, evaluated or looked at
inline constexpr size_t template_memory_max = 64 << 20;   // ours: bytes of all texts, lists and maps that are made
inline constexpr size_t template_output_max = 10 << 20;   // Quotas: payload size, 10 MB
inline constexpr size_t value_depth_max = 100;            // ours: of lists and maps within each other that are written or compared

}  // namespace outcrop::expr::limits
