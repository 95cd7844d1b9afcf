#include "services/lambda/function/listing.h"

#include "base/encoding.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/function/wording.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

// Entries of a range, one after the other, read from the store by pages.
class Entries {
 public:
  Entries(World& world, store::Range range) : world_(world), range_(std::move(range)) {}

  // None at the end.
  Task<Result<std::optional<store::Entry>>> next() {
    if (at_ == page_.size()) {
      page_ = co_await world_.store.scan(range_, {.entries_max = limits::scan_page});
      at_ = 0;
      if (page_.empty()) co_return std::nullopt;
      range_.begin = store::key_after(page_.back().key);
    }
    co_return std::move(page_[at_++]);
  }

 private:
  World& world_;
  store::Range range_;
  std::vector<store::Entry> page_;
  size_t at_ = 0;
};

// What lies behind `after` in a range whose keys begin with `prefix`.
store::Range behind(store::Range range, std::string_view prefix, std::string_view after) {
  if (!after.empty()) range.begin = store::key_after(std::string(prefix) + std::string(after));
  return range;
}

}  // namespace

Result<PageWanted> read_page(std::string_view kind, const std::optional<std::string>& marker, std::optional<int32_t> max_items,
                             size_t entries_max) {
  PageWanted wanted{.entries = entries_max, .after = {}};
  if (max_items) wanted.entries = std::min(wanted.entries, static_cast<size_t>(*max_items));
  if (!marker) return wanted;
  const std::string position = unbase64url(*marker).value_or("");
  const std::string expected = std::string(kind) + "/";
  if (!position.starts_with(expected) || position.size() == expected.size())
    return fail(invalid_parameter_value_exception("Invalid value for Marker."));
  wanted.after = position.substr(expected.size());
  return wanted;
}

std::string marker_of(std::string_view kind, std::string_view last) { return base64url(std::string(kind) + "/" + std::string(last)); }

Task<Result<Page<ListedVersion>>> list_latest(World& world, const Place& place, PageWanted wanted) {
  const FunctionKeys keys(place);
  Page<ListedVersion> page;
  Entries functions(world, behind(keys.functions(), keys.functions().begin, wanted.after));
  while (std::optional<store::Entry> function = co_await functions.next()) {
    if (page.entries.size() == wanted.entries) {
      page.has_more = true;
      break;
    }
    const std::string name(FunctionKeys::last_part(function->key));
    const std::optional<std::string> bytes = co_await world.store.get(keys.version(name, latest));
    if (!bytes) continue;  // deleted since
    page.entries.push_back({name, {std::string(latest), co_await wire::decode_record<VersionRecord>(*bytes)}});
    page.last = name;
  }
  co_return page;
}

Task<Result<Page<ListedVersion>>> list_versions(World& world, const Place& place, std::optional<std::string> name, PageWanted wanted) {
  const FunctionKeys keys(place);
  const store::Range all = name ? keys.versions(*name) : keys.all_versions();
  const size_t prefix_bytes = keys.all_versions().begin.size();
  Page<ListedVersion> page;
  Entries versions(world, behind(all, all.begin, wanted.after));
  while (std::optional<store::Entry> version = co_await versions.next()) {
    if (page.entries.size() == wanted.entries) {
      page.has_more = true;
      break;
    }
    const std::string_view rest = std::string_view(version->key).substr(prefix_bytes);
    page.entries.push_back({std::string(rest.substr(0, rest.find('/'))),
                            {FunctionKeys::version_in(version->key), co_await wire::decode_record<VersionRecord>(version->value)}});
    page.last = version->key.substr(all.begin.size());
  }
  co_return page;
}

Task<Result<Page<ListedAlias>>> list_aliases_of(World& world, const FunctionName& name, std::optional<std::string> version,
                                                PageWanted wanted) {
  const store::Range all = FunctionKeys(name.place).of_function('a', name.name);
  Page<ListedAlias> page;
  Entries aliases(world, behind(all, all.begin, wanted.after));
  while (std::optional<store::Entry> alias = co_await aliases.next()) {
    AliasRecord record = co_await wire::decode_record<AliasRecord>(alias->value);
    if (version && record.version != *version && !(record.weights && record.weights->contains(*version))) continue;
    if (page.entries.size() == wanted.entries) {
      page.has_more = true;
      break;
    }
    page.entries.push_back({std::string(FunctionKeys::last_part(alias->key)), std::move(record)});
    page.last = page.entries.back().alias;
  }
  co_return page;
}

}  // namespace outcrop::lambda
