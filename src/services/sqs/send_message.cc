#include "gen/sqs/send_message.h"

#include "services/sqs/message/message_input.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Puts one message on a queue; it becomes visible after its delay.
Task<Result<SendMessageOutput>> send_message(Sqs& sqs, Call& call, SendMessageInput input) {
  const QueueName name = co_await queue_name_of(call, input.queue_url);
  auto prepared = co_await prepare_message(call, name.is_fifo(), MessageInput::of(input));
  const Sent sent = co_await sqs.with_queue(call, name, [&](Queue& queue) -> Task<Result<Sent>> {
    co_await check_against(queue.settings(), prepared);
    co_await check_size(queue.settings(), prepared, "are invalid");
    Sent accepted = queue.send(std::move(prepared.message), prepared.delay);
    co_await queue.shard().committed();
    co_return accepted;
  });
  SendMessageOutput output;
  output.message_id = sent.message_id;
  output.md5_of_message_body = std::move(prepared.body_md5);
  output.md5_of_message_attributes = std::move(prepared.attributes_md5);
  output.md5_of_message_system_attributes = std::move(prepared.system_attributes_md5);
  if (name.is_fifo()) output.sequence_number = sequence_number(sent.sequence);
  co_return output;
}

}  // namespace outcrop::sqs
