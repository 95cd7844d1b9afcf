// Lists of functions, versions and aliases, page by page. A marker is where the page before ended.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/lambda/function/functions.h"

namespace outcrop::lambda {

struct PageWanted {
  size_t entries = 0;
  std::string after;  // the last of the page before; empty: from the first
};

// `kind` tells the markers of one list from those of another. InvalidParameterValueException 400 for a marker that is none.
Result<PageWanted> read_page(std::string_view kind, const std::optional<std::string>& marker, std::optional<int32_t> max_items,
                             size_t entries_max);
std::string marker_of(std::string_view kind, std::string_view last);

template <class T>
struct Page {
  std::vector<T> entries;
  std::string last;  // where the next page begins, when there is one
  bool has_more = false;
};

struct ListedVersion {
  std::string function;
  StoredVersion stored;
};
struct ListedAlias {
  std::string alias;
  AliasRecord record;
};

// The functions of a place as they are now, by name.
Task<Result<Page<ListedVersion>>> list_latest(World& world, const Place& place, PageWanted wanted);
// All versions of all functions there, or of one.
Task<Result<Page<ListedVersion>>> list_versions(World& world, const Place& place, std::optional<std::string> name, PageWanted wanted);
// The aliases of a function, or those of them that name a version.
Task<Result<Page<ListedAlias>>> list_aliases_of(World& world, const FunctionName& name, std::optional<std::string> version,
                                                PageWanted wanted);

}  // namespace outcrop::lambda
