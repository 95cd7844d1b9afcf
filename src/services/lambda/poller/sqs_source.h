// SqsSource: a queue of this server's SQS, asked in-process as the function's role.
#pragma once
#include <string>

#include "core/directory.h"
#include "services/lambda/function/keys.h"
#include "services/lambda/mapping/event_source.h"
#include "services/lambda/poller/queue_source.h"

namespace outcrop::lambda {

class SqsSource final : public QueueSource {
 public:
  // For a function of `owner`'s. World and directory must outlive it.
  SqsSource(World& world, Directory& directory, const Place& owner, std::string function, QueueArn queue);

  void act_as(std::string_view role) override;
  Task<Result<std::vector<sqs::Message>>> receive(int32_t count, Seconds wait, std::stop_token stop) override;
  Task<Result<Seconds>> visibility_timeout() override;
  Task<void> remove(std::vector<std::string> receipt_handles) override;

 private:
  Call make_call(std::stop_token stop = {}) const;
  Task<void> remove_some(std::vector<std::string> receipt_handles);
  Task<Result<std::vector<std::string>>> try_remove(const std::vector<std::string>& receipt_handles);

  World& world_;
  Directory& directory_;
  const std::string owner_, function_;
  const QueueArn queue_;
  const std::string url_;
  std::string identity_arn_;
};

}  // namespace outcrop::lambda
