#include "gen/dynamodb/scan.h"

#include <fmt/format.h>

#include <array>

#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/query/key_paths.h"
#include "services/dynamodb/query/read_request.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

namespace {

Fault scan_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

Result<void> check_scan_parameters(const ScanInput& input) {
  const std::array<Given, 2> expressions = {
      {{"ProjectionExpression", input.projection_expression.has_value()}, {"FilterExpression", input.filter_expression.has_value()}}};
  const std::array<Given, 3> legacy = {{{"AttributesToGet", input.attributes_to_get.has_value()},
                                        {"ScanFilter", input.scan_filter.has_value()},
                                        {"ConditionalOperator", input.conditional_operator.has_value()}}};
  return check_parameters(expressions, legacy, input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
}

Result<void> use_legacy_parameters(RequestExpressions& expressions, ScanInput& input) {
  if (input.attributes_to_get) {
    if (auto used = expressions.use_attributes(std::move(*input.attributes_to_get)); !used) return used;
  }
  return input.scan_filter ? expressions.use_filter(std::move(*input.scan_filter), input.conditional_operator) : Result<void>();
}

Result<RequestExpressions> scan_expressions(Dynamodb& dynamodb, ScanInput& input) {
  return RequestExpressions::read(dynamodb.parsed(), {.filter = std::move(input.filter_expression),
                                                      .projection = std::move(input.projection_expression),
                                                      .names = std::move(input.expression_attribute_names),
                                                      .values = std::move(input.expression_attribute_values)});
}

Result<void> check_segments(const std::optional<int32_t>& segment, const std::optional<int32_t>& total) {
  if (segment && !total)
    return fail(
        scan_refused("The TotalSegments parameter is required but was not present in the request when Segment parameter is present"));
  if (!segment && total)
    return fail(
        scan_refused("The Segment parameter is required but was not present in the request when parameter TotalSegments is present"));
  if (!segment || *segment < *total) return {};
  return fail(
      scan_refused(fmt::format("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {} is not less "
                               "than TotalSegments: {}",
                               *segment, *total)));
}

// Legacy parameters are looked at before the start key and the segments, expressions behind them.
struct ScanAsked {
  RequestExpressions expressions;
  ReadParameters parameters;
};

Result<ScanAsked> scan_asked(Dynamodb& dynamodb, ScanInput& input) {
  ScanAsked asked;
  if (auto checked = check_scan_parameters(input); !checked) return fail(std::move(checked.error()));
  const bool is_legacy = input.scan_filter || input.attributes_to_get;
  if (auto used = use_legacy_parameters(asked.expressions, input); !used) return fail(std::move(used.error()));
  Result<ReadParameters> parameters = read_parameters(input);
  if (!parameters) return fail(std::move(parameters.error()));
  asked.parameters = std::move(*parameters);
  if (auto checked = check_segments(input.segment, input.total_segments); !checked) return fail(std::move(checked.error()));
  if (is_legacy) return asked;
  Result<RequestExpressions> expressions = scan_expressions(dynamodb, input);
  if (!expressions) return fail(std::move(expressions.error()));
  asked.expressions = std::move(*expressions);
  return asked;
}

// The keys of all items or entries whose partition's hash lies in the segment.
store::Range segment_range(const Table& table, const Index* index, uint64_t segment, uint64_t total) {
  const std::string prefix = items_prefix(table.prefix(), index ? index->number : 0);
  store::Range range = store::Range::prefix(prefix);
  auto begin_of = [total](uint64_t part) { return uint64_t((static_cast<unsigned __int128>(part) << 64) / total); };
  if (segment > 0) range.begin = store::KeyWriter(prefix).u64(begin_of(segment)).str();
  if (segment + 1 < total) range.end = store::KeyWriter(prefix).u64(begin_of(segment + 1)).str();
  return range;
}

}  // namespace

// Gives all items of a table or an index, or of one segment of it, in no order that means anything.
Task<Result<ScanOutput>> scan(Dynamodb& dynamodb, Call& call, ScanInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  ScanAsked asked = co_await scan_asked(dynamodb, input);
  const TableRef table = co_await dynamodb.tables().get(place_of(call), table_name);
  const Index* index = co_await index_of(*table, asked.parameters);
  PageRequest request = co_await page_request(table, index, std::move(asked.parameters), asked.expressions);
  const uint64_t segment = uint64_t(input.segment.value_or(0)), total = uint64_t(input.total_segments.value_or(1));
  request.range = segment_range(*table, index, segment, total);
  co_await check_scan_start(request, segment, total);
  co_await check_key_paths(*table, request.projection);
  co_await check_key_paths(*table, request.filter);
  const bool counts_only = request.counts_only;
  co_await dynamodb.capacity().admit_read(*table, request.index);
  Page page = co_await read_page(call.world, std::move(request));
  dynamodb.capacity().consumed(*table, page.consumed);
  co_return answer_of<ScanOutput>(*table, std::move(page), counts_only, input.return_consumed_capacity);
}

}  // namespace outcrop::dynamodb
