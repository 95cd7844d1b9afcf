#include "services/dynamodb/query/read_request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view read_invalid = "One or more parameter values were invalid: ";

Fault read_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// The attributes a projection names that the index does not hold.
std::vector<std::string_view> not_projected(const Table& table, const Index& index, const BoundProjection& projection) {
  std::vector<std::string_view> missing;
  for (const Path& path : projection) {
    const std::string_view name = path[0].name;
    const bool is_held = index.projection == ProjectionType::all || table.keys.has(name) || index.keys.has(name) ||
                         (index.projection == ProjectionType::include &&
                          std::ranges::find(index.non_key_attributes, name) != index.non_key_attributes.end());
    if (!is_held) missing.push_back(name);
  }
  return missing;
}

// Whether the items themselves have to be read; global indexes have only what they hold.
Result<bool> reads_whole_items(const Table& table, const Index& index, std::string_view select, const RequestExpressions& expressions) {
  if (index.projection == ProjectionType::all) return false;
  if (select == "ALL_ATTRIBUTES" && index.is_global)
    return fail(
        read_refused(fmt::format("{}Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type "
                                 "is not ALL",
                                 read_invalid, index.name)));
  if (select == "ALL_ATTRIBUTES") return true;
  if (!expressions.projection) return false;
  const std::vector<std::string_view> missing = not_projected(table, index, *expressions.projection);
  if (missing.empty()) return false;
  if (index.is_global)
    return fail(
        read_refused(fmt::format("{}Global secondary index {} does not project [{}]", read_invalid, index.name, fmt::join(missing, ", "))));
  return true;
}

Result<void> check_select(const ReadParameters& parameters, const RequestExpressions& expressions) {
  const std::string_view select = parameters.select ? std::string_view(*parameters.select) : std::string_view();
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !parameters.index_name)
    return fail(read_refused(fmt::format("{}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName", read_invalid)));
  if (select == "SPECIFIC_ATTRIBUTES" && !expressions.projection)
    return fail(read_refused("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"));
  if (expressions.projection && !select.empty() && select != "SPECIFIC_ATTRIBUTES")
    return fail(read_refused(
        fmt::format("Cannot specify the ProjectionExpression when choosing to get {}", select == "COUNT" ? "only the Count" : select)));
  return {};
}

}  // namespace

Result<const Index*> index_of(const Table& table, const ReadParameters& parameters) {
  if (!parameters.index_name) return nullptr;
  const Index* index = table.find(*parameters.index_name);
  if (!index) return fail(read_refused("The table does not have the specified index: " + *parameters.index_name));
  if (index->is_backfilling) return fail(read_refused("Cannot read from backfilling global secondary index: " + index->name));
  if (index->is_global && parameters.is_consistent)
    return fail(read_refused("Consistent reads are not supported on global secondary indexes"));
  return index;
}

Result<PageRequest> page_request(TableRef table, const Index* index, ReadParameters parameters, const RequestExpressions& expressions) {
  if (auto checked = check_select(parameters, expressions); !checked) return fail(std::move(checked.error()));
  const std::string select = parameters.select.value_or("");
  PageRequest request{.table = table, .index = index, .range = {}};
  if (index) {
    Result<bool> whole = reads_whole_items(*table, *index, select, expressions);
    if (!whole) return fail(std::move(whole.error()));
    request.reads_whole_items = *whole;
  }
  request.start_key = std::move(parameters.start_key);
  if (parameters.limit) request.limit = size_t(*parameters.limit);
  request.filter = expressions.filter ? &*expressions.filter : nullptr;
  request.projection = expressions.projection ? &*expressions.projection : nullptr;
  request.counts_only = select == "COUNT";
  request.consistency = parameters.is_consistent ? Consistency::strong : Consistency::eventual;
  return request;
}

}  // namespace outcrop::dynamodb
