// MappedFunction: the function of a mapping, invoked as everything invokes functions.
#pragma once
#include "services/lambda/function/functions.h"
#include "services/lambda/invoke/invoker.h"
#include "services/lambda/poller/queue_source.h"

namespace outcrop::lambda {

class MappedFunction final : public EventFunction {
 public:
  // All must outlive it.
  MappedFunction(World& world, Functions& functions, Invoker& invoker, FunctionName name)
      : world_(world), functions_(functions), invoker_(invoker), name_(std::move(name)) {}

  Task<Result<Settings>> settings() override;
  Task<Result<Answer>> invoke(std::string event) override;

 private:
  World& world_;
  Functions& functions_;
  Invoker& invoker_;
  const FunctionName name_;
};

}  // namespace outcrop::lambda
