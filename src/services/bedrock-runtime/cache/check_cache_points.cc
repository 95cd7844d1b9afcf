#include "services/bedrock-runtime/cache/check_cache_points.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

namespace {

// A cache point, and what it stands behind as errors name that: "messages.0.content.2".
struct FoundPoint {
  std::string_view field;
  std::string path;
  bool one_hour;
};

class PointFinder {
 public:
  std::vector<FoundPoint> found;

  void look(std::string_view field, std::string_view path, const auto& pieces) {
    size_t before = 0;  // pieces that are no cache points
    for (const auto& piece : pieces) {
      auto* point = std::get_if<inference::CachePointBlock>(&piece);
      if (point) {
        found.push_back({field, fmt::format("{}.{}", path, before == 0 ? 0 : before - 1), is_one_hour(*point)});
      } else {
        ++before;
      }
    }
  }

 private:
  static bool is_one_hour(const inference::CachePointBlock& point) {
    return point.time_to_live == inference::CachePointBlock::TimeToLive::one_hour;
  }
};

// In the order in which a prompt is made of them.
std::vector<FoundPoint> points_in(const inference::Conversation& conversation) {
  PointFinder finder;
  finder.look("tools", "tools", conversation.tools);
  finder.look("system", "system", conversation.system);
  for (size_t i = 0; i < conversation.messages.size(); ++i) {
    finder.look("messages", fmt::format("messages.{}.content", i), conversation.messages[i].content);
  }
  return std::move(finder.found);
}

bool takes_any(const inference::CatalogModel& model) {
  return model.caching && std::ranges::any_of(std::initializer_list<std::string_view>{"tools", "system", "messages"},
                                              [&](std::string_view field) { return model.caching->takes(field); });
}

std::unexpected<Fault> malformed(std::string message) { return fail(validation_exception(std::move(message))); }

Result<void> check_place(const inference::CatalogModel& model, const FoundPoint& point) {
  if (!model.caching->takes(point.field)) {
    std::string pointer = point.path;
    std::ranges::replace(pointer, '.', '/');
    return malformed(fmt::format(
        "Malformed input request: #/{}: extraneous key [cachePoint] is not permitted, please reformat your input and try again.", pointer));
  }
  if (point.one_hour && !model.caching->one_hour) {
    return malformed(fmt::format("{}: {} keeps a cached prompt for 5m, and takes no ttl of 1h.", point.path, model.id));
  }
  return {};
}

}  // namespace

Result<void> check_cache_points(const inference::CatalogModel& model, const inference::Conversation& conversation) {
  const std::vector<FoundPoint> points = points_in(conversation);
  if (points.empty()) return {};
  if (!takes_any(model)) {
    return fail(access_denied_exception(
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."));
  }
  bool after_five_minutes = false;
  for (const FoundPoint& point : points) {
    if (auto checked = check_place(model, point); !checked) return checked;
    if (point.one_hour && after_five_minutes) {
      return malformed(
          fmt::format("{}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that "
                      "blocks are processed in the following order: `tools`, `system`, `messages`.",
                      point.path));
    }
    after_five_minutes |= !point.one_hour;
  }
  if (points.size() > size_t(model.caching->points_max)) {
    return malformed(
        fmt::format("A maximum of {} blocks with cache_control may be provided. Found {}.", model.caching->points_max, points.size()));
  }
  return {};
}

}  // namespace outcrop::bedrock_runtime
