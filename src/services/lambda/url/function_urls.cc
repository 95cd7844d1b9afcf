#include "services/lambda/url/function_urls.h"

#include <algorithm>

#include "gen/lambda/errors.h"
#include "services/lambda/url/limits.h"
#include "wire/record.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view host_mark = ".lambda-url.";

Fault no_such_url() { return resource_not_found_exception("The resource you requested does not exist."); }
Fault no_such_owner() { return resource_not_found_exception("Function does not exist"); }

Fault has_url(const FunctionName& name) {
  return resource_conflict_exception(
      fmt::format("Failed to create function url config for [functionArn = {}]. Error message:  FunctionUrlConfig exists for this Lambda "
                  "function",
                  name.qualified_arn()));
}

// What a URL's id leads to.
std::string owner_of(const FunctionName& name) {
  return fmt::format("{}/{}/{}/{}", name.place.account, name.place.region, name.name, name.qualifier_or_latest());
}

FunctionName named_by(Place place, std::string_view name, std::string_view qualifier) {
  FunctionName named{std::move(place), std::string(name), {}};
  if (qualifier != latest) named.qualifier = std::string(qualifier);
  return named;
}

std::optional<FunctionName> function_of(std::string_view owner) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= owner.size();) {
    const size_t end = std::min(owner.find('/', begin), owner.size());
    parts.push_back(owner.substr(begin, end - begin));
    begin = end + 1;
  }
  if (parts.size() != 4) return std::nullopt;
  return named_by({std::string(parts[0]), std::string(parts[1])}, parts[2], parts[3]);
}

std::string url_key(const FunctionName& name) { return FunctionKeys(name.place).url(name.name, name.qualifier_or_latest()); }

// 32 of a-z0-9, as AWS's are.
std::string new_url_id(Random& random) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string id(limits::url_id_length, ' ');
  for (char& c : id) c = letters[random.below(letters.size())];
  return id;
}

bool is_url_id(std::string_view text) {
  return text.size() == limits::url_id_length &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

Task<Result<UrlRecord>> read_url(store::Transaction& transaction, const FunctionName& name) {
  const std::optional<std::string> stored = co_await transaction.get(url_key(name));
  if (!stored) co_return fail(no_such_url());
  co_return wire::decode_record<UrlRecord>(*stored);
}

Task<Result<void>> check_owner(store::Transaction& transaction, const FunctionName& name) {
  const FunctionKeys keys(name.place);
  if (!co_await transaction.get(name.qualifier ? keys.alias(name.name, *name.qualifier) : keys.function(name.name)))
    co_return fail(no_such_owner());
  co_return {};
}

}  // namespace

std::string FunctionUrl::domain_name() const { return fmt::format("{}.lambda-url.{}.on.aws", record.id, function.place.region); }

std::optional<UrlAddress> UrlAddress::of(std::string_view host, std::string_view path) {
  const size_t mark = host.find('.');
  if (mark != std::string_view::npos && host.substr(mark).starts_with(host_mark) && is_url_id(host.substr(0, mark)))
    return UrlAddress{std::string(host.substr(0, mark)), std::string(path), true};
  if (!path.starts_with(path_prefix)) return std::nullopt;
  path.remove_prefix(path_prefix.size());
  const size_t end = std::min(path.find('/'), path.size());
  return UrlAddress{std::string(path.substr(0, end)), end == path.size() ? "/" : std::string(path.substr(end)), false};
}

Task<Result<FunctionUrl>> FunctionUrls::create(const FunctionName& name, UrlRecord record) {
  record.id = new_url_id(world_.random);
  record.created_at = record.modified_at = world_.clock.wall();
  co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    co_await check_owner(transaction, name);
    const std::string key = url_key(name);
    if (co_await transaction.get(key)) co_return fail(has_url(name));
    transaction.put(key, wire::encode_record(record));
    transaction.put(FunctionKeys::url_id(record.id), owner_of(name));
    co_return {};
  });
  co_return FunctionUrl{name, std::move(record)};
}

Task<Result<FunctionUrl>> FunctionUrls::get(const FunctionName& name) {
  const std::optional<std::string> stored = co_await world_.store.get(url_key(name));
  if (!stored) co_return fail(no_such_url());
  co_return FunctionUrl{name, co_await wire::decode_record<UrlRecord>(*stored)};
}

Task<Result<FunctionUrl>> FunctionUrls::update(const FunctionName& name, const ChangeUrl& change) {
  UrlRecord changed = co_await world_.store.run([&](store::Transaction& transaction) -> Task<Result<UrlRecord>> {
    UrlRecord record = co_await read_url(transaction, name);
    change(record);
    record.modified_at = world_.clock.wall();
    transaction.put(url_key(name), wire::encode_record(record));
    co_return record;
  });
  co_return FunctionUrl{name, std::move(changed)};
}

Task<Result<void>> FunctionUrls::erase(const FunctionName& name) {
  co_return co_await keep(world_.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    const UrlRecord record = co_await read_url(transaction, name);
    transaction.erase(url_key(name));
    transaction.erase(FunctionKeys::url_id(record.id));
    co_return {};
  }));
}

Task<Result<std::vector<FunctionUrl>>> FunctionUrls::list(const FunctionName& name, std::string_view after, size_t most) {
  const FunctionKeys keys(name.place);
  if (!co_await world_.store.get(keys.function(name.name))) co_return fail(no_such_owner());
  store::Range range = keys.of_function('u', name.name);
  if (!after.empty()) range.begin = std::max(range.begin, store::key_after(keys.url(name.name, after)));
  std::vector<FunctionUrl> urls;
  for (const store::Entry& entry : co_await world_.store.scan(range, {.entries_max = most})) {
    urls.push_back(
        {named_by(name.place, name.name, FunctionKeys::last_part(entry.key)), co_await wire::decode_record<UrlRecord>(entry.value)});
  }
  co_return urls;
}

Task<Result<std::optional<FunctionUrl>>> FunctionUrls::find(std::string_view id) {
  if (!is_url_id(id)) co_return std::nullopt;
  const std::optional<std::string> owner = co_await world_.store.get(FunctionKeys::url_id(id));
  const std::optional<FunctionName> name = owner ? function_of(*owner) : std::nullopt;
  if (!name) co_return std::nullopt;
  const std::optional<std::string> stored = co_await world_.store.get(url_key(*name));
  if (!stored) co_return std::nullopt;
  UrlRecord record = co_await wire::decode_record<UrlRecord>(*stored);
  if (record.id != id) co_return std::nullopt;
  co_return FunctionUrl{*name, std::move(record)};
}

Task<Result<void>> FunctionUrls::erase_ids(store::Transaction& transaction, const FunctionName& name) {
  const FunctionKeys keys(name.place);
  const store::Range urls = name.qualifier
                                ? store::Range{keys.url(name.name, *name.qualifier), store::key_after(keys.url(name.name, *name.qualifier))}
                                : keys.of_function('u', name.name);
  for (store::Range left = urls; !left.empty();) {
    const std::vector<store::Entry> entries = co_await transaction.scan(left);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      const UrlRecord record = co_await wire::decode_record<UrlRecord>(entry.value);
      transaction.erase(FunctionKeys::url_id(record.id));
    }
    left.begin = store::key_after(entries.back().key);
  }
  co_return {};
}

Task<Result<void>> FunctionUrls::forget(const std::optional<std::string>& account) {
  store::WriteBatch batch;
  for (store::Range left = store::Range::prefix(FunctionKeys::url_id("")); !left.empty();) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(left);
    if (entries.empty()) break;
    for (const store::Entry& entry : entries) {
      if (!account || entry.value.starts_with(*account + "/")) batch.erase(entry.key);
    }
    left.begin = store::key_after(entries.back().key);
  }
  co_return co_await keep(world_.store.write(std::move(batch)));
}

}  // namespace outcrop::lambda
