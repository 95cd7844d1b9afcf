// ParsedExpressions: what expressions say, kept by their text: applications send the same few again and again.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/expression/syntax.h"

namespace outcrop::dynamodb {

// Thread-safe. Faults as the parser's.
class ParsedExpressions {
 public:
  template <class Syntax>
  using Ref = std::shared_ptr<const Syntax>;

  Result<Ref<ConditionExpression>> condition(std::string_view text) { return conditions_.get(text); }
  Result<Ref<UpdateExpression>> update(std::string_view text) { return updates_.get(text); }
  Result<Ref<ProjectionExpression>> projection(std::string_view text) { return projections_.get(text); }

 private:
  template <class Syntax>
  class OfKind {
   public:
    Result<Ref<Syntax>> get(std::string_view text);

   private:
    std::mutex mutex_;
    std::map<std::string, Ref<Syntax>, std::less<>> parsed_;
  };

  OfKind<ConditionExpression> conditions_;
  OfKind<UpdateExpression> updates_;
  OfKind<ProjectionExpression> projections_;
};

}  // namespace outcrop::dynamodb
