// FunctionUrls: the URLs of functions and of their aliases, in the store. Shared regime: store transactions alone.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/world.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"
#include "store/store.h"

namespace outcrop::lambda {

// A URL and what it leads to: a function without a qualifier, or an alias.
struct FunctionUrl {
  FunctionName function;
  UrlRecord record;

  // Of AWS's name for it: "ID.lambda-url.us-east-1.on.aws".
  std::string domain_name() const;
};

// How requests reach a URL here: by Host "ID.lambda-url.REGION.…", or by a path, since such names do not resolve everywhere.
struct UrlAddress {
  static constexpr std::string_view path_prefix = "/_aws/lambda-url/";

  std::string id;
  std::string path;  // as it was sent, without what names the URL: "/" at least
  bool by_host = false;

  // None when a request is for no function URL.
  static std::optional<UrlAddress> of(std::string_view host, std::string_view path);
};

// Thread-safe.
class FunctionUrls {
 public:
  explicit FunctionUrls(World& world) : world_(world) {}

  // `record` needs no id and no times. Faults: ResourceNotFoundException 404 for a function or an alias that is not there,
  // ResourceConflictException 409 when it has a URL.
  Task<Result<FunctionUrl>> create(const FunctionName& name, UrlRecord record);
  // Fault: ResourceNotFoundException 404.
  Task<Result<FunctionUrl>> get(const FunctionName& name);
  using ChangeUrl = std::function<void(UrlRecord&)>;
  Task<Result<FunctionUrl>> update(const FunctionName& name, const ChangeUrl& change);
  Task<Result<void>> erase(const FunctionName& name);
  // Of a function and all its aliases, from behind the qualifier `after` on, at most `most`. Fault: ResourceNotFoundException 404.
  Task<Result<std::vector<FunctionUrl>>> list(const FunctionName& name, std::string_view after, size_t most);

  // Whose URL that is; none when it is nobody's.
  Task<Result<std::optional<FunctionUrl>>> find(std::string_view id);

  // For who erases a function, or what a qualifier names, in that transaction: the URLs' ids, which lie apart.
  Task<Result<void>> erase_ids(store::Transaction& transaction, const FunctionName& name);
  // A reset: the ids of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  World& world_;
};

}  // namespace outcrop::lambda
