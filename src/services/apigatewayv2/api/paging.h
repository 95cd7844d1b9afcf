// Lists, page by page: MaxResults is a number written as text, NextToken where the page before ended.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "services/apigatewayv2/api/parts.h"

namespace outcrop::apigatewayv2 {

// Fault: BadRequestException 400 for a MaxResults that is no number from 1 on, and for a NextToken that is none. What exceeds the longest
// page asks for that one.
Result<PageOf> read_page(const std::optional<std::string>& max_results, const std::optional<std::string>& next_token);
// Of a page that ends with the part of that id.
std::string next_token_after(std::string_view id);

// Takes what belongs to the page out of a list that was asked for with one entry more; sets `next_token` where another page follows.
template <class Entry>
void end_page(std::vector<Entry>& entries, const PageOf& page, std::optional<std::string>& next_token) {
  if (entries.size() <= page.count) return;
  entries.resize(page.count);
  next_token = next_token_after(entries.back().id);
}

// The parts of one page, as `show` describes them.
template <class Shown, class Record, class Show>
Task<Result<std::vector<Shown>>> list_page(Parts<Record> parts, PageOf page, std::optional<std::string>& next_token, Show show) {
  std::vector<Part<Record>> entries = co_await parts.list({page.after, page.count + 1});
  end_page(entries, page, next_token);
  std::vector<Shown> shown;
  for (const Part<Record>& entry : entries) shown.push_back(show(entry));
  co_return shown;
}

}  // namespace outcrop::apigatewayv2
