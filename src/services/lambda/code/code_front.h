// CodeFront: where GetFunction's Code.Location leads: the package of a version, for whoever was given the URL, for ten minutes.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"
#include "gen/records/lambda.h"
#include "net/http.h"
#include "store/blob_store.h"

namespace outcrop::lambda {

class CodeFront final : public net::Handler {
 public:
  static constexpr std::string_view path_prefix = "/_aws/lambda-code/";

  // URLs are of this server as it runs now: the next one knows none of them.
  explicit CodeFront(World& world);

  // None for a version without a package.
  std::optional<std::string> location(const Call& call, const CodeRecord& code) const;

  Task<void> serve(net::Exchange& exchange) override;

 private:
  Task<Result<std::unique_ptr<store::BlobReader>>> open(const net::RequestHead& head);
  Task<Result<void>> send(net::Exchange& exchange, store::BlobReader& package);
  std::string signature(std::string_view blob, std::string_view expires) const;
  Result<std::string_view> blob_of(const net::RequestHead& head) const;

  World& world_;
  std::string secret_;
};

}  // namespace outcrop::lambda
